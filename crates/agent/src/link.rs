use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use llm_sandbox_protocol::{Channel, DATA_PREFIX, Event, Frame, FrameBuffer, HEADER, Kind, Message, data_header};
use rustix::io::Errno;

/// Bytes waiting to be sent above which no more output is taken from programs.
const HIGH_WATER: usize = 1 << 20;

/// How much is asked of a descriptor at once.
pub(crate) const CHUNK: usize = 256 << 10;

/// Our end of the byte pipe to the host.
#[derive(Debug)]
pub(crate) struct Link {
    pipe: OwnedFd,
    incoming: FrameBuffer,
    outgoing: Vec<u8>,
    sent: usize,
}

impl Link {
    pub(crate) fn new(pipe: OwnedFd) -> io::Result<Self> {
        rustix::io::ioctl_fionbio(&pipe, true)?;
        Ok(Self { pipe, incoming: FrameBuffer::new(), outgoing: Vec::new(), sent: 0 })
    }

    pub(crate) fn descriptor(&self) -> BorrowedFd<'_> {
        self.pipe.as_fd()
    }

    /// Reads what is there; `false` at the end of the stream.
    pub(crate) fn receive(&mut self) -> io::Result<bool> {
        let space = self.incoming.space(CHUNK);
        match rustix::io::read(&self.pipe, space) {
            Ok(0) => Ok(false),
            Ok(size) => {
                self.incoming.filled(size);
                Ok(true)
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// The next whole frame that was received.
    pub(crate) fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        let frame = self.incoming.next_frame().map_err(io::Error::other)?;
        Ok(frame.map(|Frame { stream, kind, channel, payload }| Frame {
            stream,
            kind,
            channel,
            payload: payload.to_vec(),
        }))
    }

    pub(crate) fn send<P: AsRef<[u8]>>(&mut self, frame: &Frame<P>) {
        frame.encode(&mut self.outgoing);
    }

    pub(crate) fn event(&mut self, stream: u32, event: &Event) {
        self.message(stream, Kind::Event, event);
    }

    pub(crate) fn message<M: Message>(&mut self, stream: u32, kind: Kind, message: &M) {
        self.send(&Frame::message(stream, kind, message));
    }

    /// Moves at most `most` bytes from a descriptor into a data frame, without a copy on the way.
    pub(crate) fn forward(
        &mut self,
        from: BorrowedFd<'_>,
        (stream, channel): (u32, Channel),
        (number, time): (u64, u64),
        most: usize,
    ) -> Result<usize, Errno> {
        let start = self.outgoing.len();
        let body = start + HEADER + DATA_PREFIX;
        self.outgoing.resize(body + most.min(CHUNK), 0);
        let result = rustix::io::read(from, &mut self.outgoing[body..]);
        let size = result.unwrap_or(0);
        self.outgoing.truncate(if size == 0 { start } else { body + size });
        if size > 0 {
            self.outgoing[start..body].copy_from_slice(&data_header(stream, channel, number, time, size));
        }
        result
    }

    /// Whether the host takes more slowly than programs give.
    pub(crate) fn is_congested(&self) -> bool {
        self.outgoing.len() - self.sent > HIGH_WATER
    }

    /// Sends what it can; whether something is left.
    pub(crate) fn flush(&mut self) -> io::Result<bool> {
        while self.sent < self.outgoing.len() {
            match rustix::io::write(&self.pipe, &self.outgoing[self.sent..]) {
                Ok(size) => self.sent += size,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
        self.outgoing.clear();
        self.outgoing.shrink_to(4 * CHUNK);
        self.sent = 0;
        Ok(false)
    }
}
