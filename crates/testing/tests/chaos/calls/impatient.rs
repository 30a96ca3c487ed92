use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// Does something until it was looked at so often; then it is dropped on the way, and `None`.
pub(super) struct Impatient<F> {
    inner: Pin<Box<F>>,
    looks: u64,
}

impl<F: Future> Impatient<F> {
    pub(super) fn new(inner: F, looks: u64) -> Self {
        Self { inner: Box::pin(inner), looks }
    }
}

impl<F: Future> Future for Impatient<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.inner.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.looks == 0 => Poll::Ready(None),
            Poll::Pending => {
                self.looks -= 1;
                Poll::Pending
            }
        }
    }
}
