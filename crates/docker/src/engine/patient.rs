//! A connection whose other side must go on with an answer that it has begun.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// A stream that fails to be read once it is silent for long. How long it may take to begin is not its matter.
pub(super) struct Patient<S> {
    stream: S,
    patience: Duration,
    /// When it is over; nothing has been read without it.
    end: Option<Pin<Box<Sleep>>>,
    is_endless: Arc<AtomicBool>,
}

/// Lets the answer on a connection last, silent or not.
pub(super) struct Endless(Arc<AtomicBool>);

impl Endless {
    pub(super) fn allow(self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, patience: Duration) -> (Self, Endless) {
        let is_endless = Arc::new(AtomicBool::new(false));
        (Self { stream, patience, end: None, is_endless: Arc::clone(&is_endless) }, Endless(is_endless))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let read = Pin::new(&mut this.stream).poll_read(context, into);
        if this.is_endless.load(Ordering::Relaxed) {
            return read;
        }
        if let Poll::Ready(read) = read {
            let patience = this.patience;
            let end = this.end.get_or_insert_with(|| Box::pin(sleep(patience)));
            end.as_mut().reset(Instant::now() + patience);
            return Poll::Ready(read);
        }
        match &mut this.end {
            Some(end) => end.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
            None => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
