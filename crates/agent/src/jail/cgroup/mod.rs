//! Control groups: what all runs of a sandbox may use together, and what one run used.
//!
//! The supervisor makes a [`SandboxGroup`] below the group it is in itself, so that an outer limit still holds, sets the
//! limits and gives the directory to the agent's user. The agent makes a [`RunGroup`] in it for each run that is alive
//! and keeps it for the next one; it can divide what it was given, never raise it.

mod hierarchy;
mod memory;
mod run;
mod sandbox;

pub(crate) use hierarchy::Hierarchies;
pub(crate) use memory::MemoryWatch;
pub(crate) use run::RunGroup;
pub(crate) use sandbox::{GroupLimits, SandboxGroup};

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{Mode, OFlags, openat};

/// Opens a file of a group.
fn open(directory: impl AsFd, name: &str, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(openat(directory, name, flags | OFlags::CLOEXEC | OFlags::NOFOLLOW, Mode::empty())?)
}

/// Writes one value to a file of a group.
fn write(directory: impl AsFd, name: &str, value: &str) -> io::Result<()> {
    let file = open(directory, name, OFlags::WRONLY)?;
    rustix::io::write(file, value.as_bytes())?;
    Ok(())
}

/// Bounds what TCP sockets hold, which version 1 counts apart from all other memory and only where there is a limit.
fn limit_tcp(memory: impl AsFd, bytes: u64) -> io::Result<()> {
    match write(memory, "memory.kmem.tcp.limit_in_bytes", &bytes.to_string()) {
        // A kernel without this counter has no other way.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Reads an open file of a group from its start. `None` where it is larger than any we know.
fn read_text(file: impl AsFd) -> Option<String> {
    let mut text = [0; 4096];
    let size = rustix::io::pread(file, &mut text, 0).ok()?;
    std::str::from_utf8(&text[..size]).ok().map(str::to_owned)
}

/// Reads an open file of a group that holds one number.
fn read_number(file: impl AsFd) -> Option<u64> {
    read_text(file)?.trim().parse().ok()
}

/// The number behind `name` in a file of `name number` lines.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}
