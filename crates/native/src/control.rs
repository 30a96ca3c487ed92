use std::io;

use llm_sandbox_protocol::{Frame, FrameBuffer, JailReport, JailSpec, Kind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// The stream to a supervisor: one spec goes out, reports come in.
#[derive(Debug)]
pub(crate) struct Control {
    stream: UnixStream,
    incoming: FrameBuffer,
}

impl Control {
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self { stream, incoming: FrameBuffer::new() }
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

    /// The next report; `None` when the supervisor is gone.
    pub(crate) async fn report(&mut self) -> io::Result<Option<JailReport>> {
        loop {
            if let Some(frame) = self.incoming.next_frame().map_err(io::Error::other)? {
                return frame.decode().map(Some).map_err(io::Error::other);
            }
            let wanted = self.incoming.wanted();
            match self.stream.read(&mut self.incoming.space(wanted)[..wanted]).await {
                Ok(0) => return Ok(None),
                Ok(size) => self.incoming.filled(size),
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    }
}
