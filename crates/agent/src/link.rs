use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use llm_sandbox_protocol::{Channel, Event, Frame, FrameBuffer, Kind, Message, data_header};
use rustix::io::Errno;

use crate::poll::{Poll, Source};

/// Bytes waiting to be sent above which no more output is taken from programs.
const HIGH_WATER: usize = 1 << 20;

/// Bytes waiting above which the host asks for more than it ever reads.
const QUEUE_MOST: usize = 32 << 20;

/// How much is asked of a descriptor at once.
pub(crate) const CHUNK: usize = 256 << 10;

/// How much is read from the host at once unless a larger frame is under way: most frames are small.
const READ_AHEAD: usize = 16 << 10;

/// The byte pipe to the host: one descriptor for both directions, or two.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) from_host: OwnedFd,
    pub(crate) to_host: Option<OwnedFd>,
}

impl From<OwnedFd> for Pipe {
    fn from(socket: OwnedFd) -> Self {
        Self { from_host: socket, to_host: None }
    }
}

/// Our end of the byte pipe to the host.
#[derive(Debug)]
pub(crate) struct Link {
    from_host: OwnedFd,
    /// Another descriptor than the first where the pipe is two.
    to_host: Option<OwnedFd>,
    incoming: FrameBuffer,
    outgoing: Vec<u8>,
    sent: usize,
    /// What was read last from a program; its pages are only taken when used.
    scratch: Vec<u8>,
}

impl Link {
    pub(crate) fn new(Pipe { from_host, to_host }: Pipe, poll: &Poll) -> io::Result<Self> {
        for end in [Some(&from_host), to_host.as_ref()].into_iter().flatten() {
            rustix::io::ioctl_fionbio(end, true)?;
        }
        poll.readable(&from_host, 0, Source::Link)?;
        let (incoming, outgoing, scratch) = (FrameBuffer::new(), Vec::new(), Vec::new());
        Ok(Self { from_host, to_host, incoming, outgoing, sent: 0, scratch })
    }

    fn to_host(&self) -> BorrowedFd<'_> {
        self.to_host.as_ref().unwrap_or(&self.from_host).as_fd()
    }

    /// Watches for room in the pipe to the host, or no more.
    pub(crate) fn watch_for_room(&self, poll: &Poll, is_blocked: bool) -> io::Result<()> {
        match (&self.to_host, is_blocked) {
            (None, is_blocked) => poll.change(&self.from_host, 0, Source::Link, is_blocked),
            (Some(to_host), true) => poll.writable(to_host, 0, Source::Link),
            (Some(to_host), false) => {
                poll.forget(to_host);
                Ok(())
            }
        }
    }

    /// Reads what is there; `false` at the end of the stream.
    pub(crate) fn receive(&mut self) -> io::Result<bool> {
        let wanted = self.incoming.wanted().max(READ_AHEAD);
        let space = self.incoming.space(wanted);
        match rustix::io::read(&self.from_host, space) {
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

    /// Reads at most `most` bytes from a descriptor, to be looked at by [`Link::scratch`].
    pub(crate) fn read(&mut self, from: BorrowedFd<'_>, most: usize) -> Result<usize, Errno> {
        if self.scratch.is_empty() {
            self.scratch = vec![0; CHUNK];
        }
        rustix::io::read(from, &mut self.scratch[..most.min(CHUNK)])
    }

    /// The first `size` bytes that were read last.
    pub(crate) fn scratch(&self, size: usize) -> &[u8] {
        &self.scratch[..size]
    }

    /// Sends what was read last as a data frame, straight from where it lies where the pipe has room.
    pub(crate) fn forward(&mut self, stream: u32, channel: Channel, (number, time): (u64, u64), size: usize) {
        let header = data_header(stream, channel, number, time, size);
        let bytes = &self.scratch[..size];
        let mut written = 0;
        if self.outgoing.is_empty() {
            // Whatever keeps it from being written now is met again when the rest is.
            written = rustix::io::writev(self.to_host(), &[IoSlice::new(&header), IoSlice::new(bytes)]).unwrap_or(0);
        }
        self.outgoing.extend_from_slice(header.get(written..).unwrap_or_default());
        self.outgoing.extend_from_slice(&bytes[written.saturating_sub(header.len())..]);
    }

    /// Whether the host takes more slowly than programs give.
    pub(crate) fn is_congested(&self) -> bool {
        self.outgoing.len() - self.sent > HIGH_WATER
    }

    /// Sends what it can; whether something is left.
    pub(crate) fn flush(&mut self) -> io::Result<bool> {
        while self.sent < self.outgoing.len() {
            match rustix::io::write(self.to_host(), &self.outgoing[self.sent..]) {
                Ok(size) => self.sent += size,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return self.keep().map(|()| true),
                Err(error) => return Err(error.into()),
            }
        }
        self.outgoing.clear();
        self.outgoing.shrink_to(CHUNK);
        self.sent = 0;
        Ok(false)
    }

    /// Lets go of what was sent: a host that is always a little slower than the programs never takes all of it.
    fn keep(&mut self) -> io::Result<()> {
        if self.sent >= HIGH_WATER {
            self.outgoing.drain(..self.sent);
            self.sent = 0;
        }
        if self.outgoing.len() - self.sent > QUEUE_MOST {
            return Err(io::Error::other("the host does not read what it asks for"));
        }
        Ok(())
    }
}
