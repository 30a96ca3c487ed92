//! Open files handed from one process to another, with a few bytes.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, UCred,
    recvmsg, sendmsg,
};

/// A message, and who has sent it as the kernel tells, on a socket that asks for that (`SO_PASSCRED`).
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) bytes: Vec<u8>,
    pub(crate) descriptors: Vec<OwnedFd>,
    pub(crate) sender: Option<UCred>,
}

/// The most descriptors that are handed over at once.
const MOST: usize = 8;

/// Sends bytes and descriptors as one message.
pub(crate) fn send(socket: impl AsFd, bytes: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    sendmsg(socket, &[IoSlice::new(bytes)], &mut ancillary, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Waits for a message of exactly so many descriptors that fills `bytes`; an error when none will come.
pub(crate) fn receive<const N: usize>(socket: &OwnedFd, bytes: &mut [u8]) -> io::Result<[OwnedFd; N]> {
    let (size, received) = receive_into(socket, bytes)?;
    if size != bytes.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    received.descriptors.try_into().map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Waits for a message of up to so many bytes, with any descriptors; an error when none will come.
pub(crate) fn receive_any(socket: &OwnedFd, most: usize) -> io::Result<Received> {
    let mut bytes = vec![0; most];
    let (size, received) = receive_into(socket, &mut bytes)?;
    bytes.truncate(size);
    if bytes.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(Received { bytes, ..received }) }
}

fn receive_into(socket: &OwnedFd, bytes: &mut [u8]) -> io::Result<(usize, Received)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST), ScmCredentials(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let message = recvmsg(socket, &mut [IoSliceMut::new(bytes)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    let mut received = Received::default();
    for part in ancillary.drain() {
        match part {
            RecvAncillaryMessage::ScmRights(descriptors) => received.descriptors.extend(descriptors),
            RecvAncillaryMessage::ScmCredentials(sender) => received.sender = Some(sender),
            _ => {}
        }
    }
    Ok((message.bytes, received))
}
