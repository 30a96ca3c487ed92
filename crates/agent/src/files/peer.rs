use std::io;
use std::os::fd::OwnedFd;

use llm_sandbox_protocol::{Channel, Event, Frame, FrameBuffer, Kind, data_header};

/// A worker's side of the conversation.
#[derive(Debug)]
pub(super) struct Peer {
    socket: OwnedFd,
    stream: u32,
    incoming: FrameBuffer,
    chunks: u64,
    announced: u64,
}

impl Peer {
    pub(super) fn new(socket: OwnedFd, stream: u32) -> Self {
        Self { socket, stream, incoming: FrameBuffer::new(), chunks: 0, announced: 0 }
    }

    /// The next frame from the host; an error when it hung up.
    pub(super) fn receive<T>(&mut self, read: impl FnOnce(&Frame<&[u8]>) -> io::Result<T>) -> io::Result<T> {
        loop {
            // Two steps, for the frame borrows the buffer.
            if self.incoming.has_frame().map_err(io::Error::other)? {
                let frame = self.incoming.next_frame().map_err(io::Error::other)?;
                return read(&frame.ok_or(io::ErrorKind::UnexpectedEof)?);
            }
            let space = self.incoming.space(crate::link::CHUNK);
            match rustix::io::read(&self.socket, space) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(size) => self.incoming.filled(size),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Counts the bytes of entries that were sent; how many there are now.
    pub(super) fn announce(&mut self, bytes: u64) -> u64 {
        self.announced += bytes;
        self.announced
    }

    pub(super) fn event(&mut self, event: &Event) -> io::Result<()> {
        let mut bytes = Vec::new();
        Frame::message(self.stream, Kind::Event, event).encode(&mut bytes);
        self.write(&bytes)
    }

    /// Sends a piece of the file announced last.
    pub(super) fn content(&mut self, bytes: &[u8]) -> io::Result<()> {
        let header = data_header(self.stream, Channel::Content, self.chunks, 0, bytes.len());
        self.chunks += 1;
        self.write(&header)?;
        self.write(bytes)
    }

    /// Says that the file announced last is complete.
    pub(super) fn end_content(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        Frame::end(self.stream, Channel::Content).encode(&mut bytes);
        self.write(&bytes)
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(&self.socket, bytes) {
                Ok(size) => bytes = &bytes[size..],
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
