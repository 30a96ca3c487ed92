use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;

use llm_sandbox_protocol::{Frame, FrameBuffer, JailReport, JailSpec, Kind};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use tokio::io::{AsyncWriteExt, Interest};
use tokio::net::UnixStream;

/// The stream to a supervisor: one spec goes out, reports come in.
#[derive(Debug)]
pub(crate) struct Control {
    stream: UnixStream,
    incoming: FrameBuffer,
    /// Stands for the supervisor's process; comes with its last report.
    process: Option<OwnedFd>,
}

impl Control {
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self { stream, incoming: FrameBuffer::new(), process: None }
    }

    pub(crate) async fn send(&mut self, spec: &JailSpec) -> io::Result<()> {
        let mut bytes = Vec::new();
        Frame::message(0, Kind::Open, spec).encode(&mut bytes);
        self.stream.write_all(&bytes).await
    }

    /// Asks the supervisor to destroy the sandbox.
    pub(crate) async fn hang_up(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// The next report; `None` when the supervisor has no more to say.
    pub(crate) async fn report(&mut self) -> io::Result<Option<JailReport>> {
        loop {
            if let Some(frame) = self.incoming.next_frame().map_err(io::Error::other)? {
                return frame.decode().map(Some).map_err(io::Error::other);
            }
            let wanted = self.incoming.wanted();
            let space = &mut self.incoming.space(wanted)[..wanted];
            match self.stream.async_io(Interest::READABLE, || receive(&self.stream, space, &mut self.process)).await {
                Ok(0) => return Ok(None),
                Ok(size) => self.incoming.filled(size),
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }

    /// After the last report: what the end of the supervisor's process can be awaited by. One that was killed says
    /// nothing, and has ended.
    pub(crate) fn take_process(&mut self) -> Option<OwnedFd> {
        self.process.take()
    }
}

fn receive(stream: &UnixStream, space: &mut [u8], process: &mut Option<OwnedFd>) -> io::Result<usize> {
    let mut ancillary = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut ancillary);
    let received = recvmsg(stream, &mut [IoSliceMut::new(space)], &mut ancillary, RecvFlags::CMSG_CLOEXEC)?;
    for message in ancillary.drain() {
        if let RecvAncillaryMessage::ScmRights(descriptors) = message {
            *process = descriptors.last().or(process.take());
        }
    }
    Ok(received.bytes)
}
