//! What the supervisor tells the jail's first process, once it knows: which sandbox this is to be.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, OwnedFd};

use llm_sandbox_protocol::{JailSpec, Message};
use rustix::fs::{MemfdFlags, memfd_create};

use crate::descriptors;
use crate::enclosure::Enclosure;

/// The spec and its mounts, cut out.
pub(super) struct Assignment {
    pub(super) spec: JailSpec,
    pub(super) trees: Vec<OwnedFd>,
    /// The jail stood ready before the host asked for it.
    pub(super) was_awaited: bool,
}

pub(super) fn send(lifeline: &OwnedFd, spec: &JailSpec, trees: &[OwnedFd], was_awaited: bool) -> io::Result<()> {
    let mut encoded = Vec::new();
    spec.encode(&mut encoded);
    let mut file = File::from(memfd_create("spec", MemfdFlags::CLOEXEC)?);
    file.write_all(&encoded)?;
    descriptors::send(lifeline, &[was_awaited.into()], &[file.as_fd()])?;
    trees.iter().try_for_each(|tree| descriptors::send(lifeline, b"m", &[tree.as_fd()]))
}

/// Waits for it; an error when none will come. Without namespaces no mount is cut out.
pub(super) fn receive(lifeline: &OwnedFd, enclosure: Enclosure) -> io::Result<Assignment> {
    let mut was_awaited = [0];
    let [file] = descriptors::receive(lifeline, &mut was_awaited)?;
    let mut file = File::from(file);
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let spec = JailSpec::decode(&bytes).map_err(io::Error::other)?;
    let mounts = if enclosure == Enclosure::Namespaces { spec.mounts.as_slice() } else { &[] };
    let trees = mounts.iter().map(|_| descriptors::receive(lifeline, &mut [0]).map(|[tree]| tree));
    let trees = trees.collect::<io::Result<_>>()?;
    Ok(Assignment { spec, trees, was_awaited: was_awaited != [0] })
}
