//! A container's standard streams as one duplex stream of bytes.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bollard::container::{AttachContainerResults, LogOutput};
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much of the error stream is kept, in bytes.
const WORDS_MOST: usize = 4096;

/// What an agent said beside the pipe, for when it ends.
pub(crate) type Words = Arc<Mutex<Vec<u8>>>;

/// Standard input and output of an agent.
pub(crate) struct Attached {
    streams: AttachContainerResults,
    /// What was received and not read.
    rest: Bytes,
    words: Words,
}

impl Attached {
    pub(crate) fn new(streams: AttachContainerResults, words: Words) -> Self {
        Self { streams, rest: Bytes::new(), words }
    }

    fn hear(&self, message: &[u8]) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let room = WORDS_MOST.saturating_sub(words.len());
        words.extend_from_slice(&message[..message.len().min(room)]);
    }
}

impl AsyncRead for Attached {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            match ready!(self.streams.output.as_mut().poll_next(context)) {
                None => return Poll::Ready(Ok(())),
                Some(Ok(LogOutput::StdErr { message })) => self.hear(&message),
                Some(Ok(output)) => self.rest = output.into_bytes(),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
            }
        }
        let size = self.rest.len().min(into.remaining());
        into.put_slice(&self.rest[..size]);
        self.rest.advance(size);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Attached {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.streams.input.as_mut().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.streams.input.as_mut().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.streams.input.as_mut().poll_shutdown(context)
    }
}
