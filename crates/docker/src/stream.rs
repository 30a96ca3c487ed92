//! A program's standard streams in a container as one duplex stream of bytes.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bollard::container::{AttachContainerResults, LogOutput};
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much of the error stream is kept, in bytes.
const WORDS_MOST: usize = 4096;

/// What is known of an agent's streams beside the pipe.
#[derive(Clone, Default)]
pub(crate) struct Line(Arc<Mutex<Ends>>);

#[derive(Default)]
struct Ends {
    /// Gone when it was hung up.
    streams: Option<AttachContainerResults>,
    reader: Option<Waker>,
    /// What the agent said beside the pipe, for when it ends.
    words: Vec<u8>,
}

impl Line {
    /// Lets go of the streams: the agent's input ends.
    pub(crate) fn hang_up(&self) {
        let (streams, reader) = {
            let mut ends = self.ends();
            (ends.streams.take(), ends.reader.take())
        };
        drop(streams);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// What the agent said beside the pipe; `None` where that is nothing.
    pub(crate) fn words(&self) -> Option<String> {
        let words = String::from_utf8_lossy(&self.ends().words).trim().to_owned();
        Some(words).filter(|words| !words.is_empty())
    }

    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_input<T>(
        &self,
        poll: impl FnOnce(Pin<&mut (dyn AsyncWrite + Send)>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match &mut self.ends().streams {
            Some(streams) => poll(streams.input.as_mut()),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }
}

/// Standard input of the agent, for what is sent while its first word is awaited.
impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_input(|input| input.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_input(|input| input.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_input(|input| input.poll_shutdown(context))
    }
}

impl Ends {
    fn hear(&mut self, message: &[u8]) {
        let room = WORDS_MOST.saturating_sub(self.words.len());
        self.words.extend_from_slice(&message[..message.len().min(room)]);
    }
}

/// Standard input and output of an agent.
pub(crate) struct Attached {
    line: Line,
    /// What was received and not read.
    rest: Bytes,
}

impl Attached {
    pub(crate) fn new(streams: AttachContainerResults, line: &Line) -> Self {
        line.ends().streams = Some(streams);
        Self { line: line.clone(), rest: Bytes::new() }
    }

    /// Waits until something is there to be read; `false` where the stream ends before.
    pub(crate) async fn hear(&mut self) -> io::Result<bool> {
        std::future::poll_fn(|context| self.poll_rest(context)).await?;
        Ok(!self.rest.is_empty())
    }

    /// Whether what was received first is a frame, and not some program's words, which have no zeros.
    pub(crate) fn begins_like_an_agent(&self) -> bool {
        self.rest.iter().take(4).any(|byte| *byte == 0)
    }

    /// What was received and not read, as text.
    pub(crate) fn rest(&self) -> String {
        String::from_utf8_lossy(&self.rest).trim().to_owned()
    }

    /// Receives into the rest where that is empty; it stays so at the end of the stream.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.rest.is_empty() {
            let mut ends = self.line.ends();
            let Some(streams) = &mut ends.streams else { return Poll::Ready(Ok(())) };
            match streams.output.as_mut().poll_next(context) {
                Poll::Pending => {
                    ends.reader = Some(context.waker().clone());
                    return Poll::Pending;
                }
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(Ok(LogOutput::StdErr { message }))) => ends.hear(&message),
                Poll::Ready(Some(Ok(output))) => self.rest = output.into_bytes(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(io::Error::other(error))),
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.line.hang_up();
    }
}

impl AsyncRead for Attached {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(self.poll_rest(context))?;
        let size = self.rest.len().min(into.remaining());
        into.put_slice(&self.rest[..size]);
        self.rest.advance(size);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Attached {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.line).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.line).poll_shutdown(context)
    }
}
