//! What a parked process is told to become: the request and the program text in a file in memory, and its streams.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use llm_sandbox_protocol::{Message, RunRequest};
use rustix::fs::{MemfdFlags, memfd_create};

use crate::descriptors;

/// An order that arrived.
pub(super) struct Order {
    pub(super) request: RunRequest,
    pub(super) text: Vec<u8>,
    /// Standard input, output and error.
    pub(super) streams: [OwnedFd; 3],
}

pub(super) fn send(
    socket: &OwnedFd,
    request: &RunRequest,
    text: &[u8],
    streams: [BorrowedFd<'_>; 3],
) -> io::Result<()> {
    let mut encoded = Vec::new();
    request.encode(&mut encoded);
    let mut file = std::fs::File::from(memfd_create("order", MemfdFlags::CLOEXEC)?);
    file.write_all(&encoded)?;
    file.write_all(text)?;
    let size = (encoded.len() as u64).to_ne_bytes();
    descriptors::send(socket, &size, &[file.as_fd(), streams[0], streams[1], streams[2]])
}

/// Waits for the order; an error when none will come.
pub(super) fn receive(socket: &OwnedFd) -> io::Result<Order> {
    let mut size = [0; 8];
    let [file, stdin, stdout, stderr] = descriptors::receive(socket, &mut size)?;
    let mut bytes = Vec::new();
    let mut file = std::fs::File::from(file);
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    let size = usize::try_from(u64::from_ne_bytes(size)).unwrap_or(usize::MAX);
    let (request, text) = bytes.split_at_checked(size).ok_or(io::ErrorKind::InvalidData)?;
    let request = RunRequest::decode(request).map_err(io::Error::other)?;
    Ok(Order { request, text: text.to_vec(), streams: [stdin, stdout, stderr] })
}
