use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::JobResult;

/// The results of a [`Batch`](super::Batch) as jobs finish, also as a [`Stream`].
///
/// Dropping it stops the batch: what runs is killed and every sandbox removed in the background. [`Results::stop`] does the
/// same and waits until nothing is left.
pub struct Results {
    received: mpsc::Receiver<JobResult>,
    /// Its end tells everything to stop.
    stop: Option<watch::Sender<()>>,
    driver: Option<JoinHandle<()>>,
}

impl fmt::Debug for Results {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Results").field("is_over", &self.driver.is_none()).finish_non_exhaustive()
    }
}

impl Results {
    pub(super) fn new(received: mpsc::Receiver<JobResult>, stop: watch::Sender<()>, driver: JoinHandle<()>) -> Self {
        Self { received, stop: Some(stop), driver: Some(driver) }
    }

    /// The next job that has finished; `None` once all have. Safe to cancel.
    ///
    /// # Panics
    ///
    /// Where the caller's own stream of jobs panicked.
    pub async fn next(&mut self) -> Option<JobResult> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Takes no more jobs, kills what runs, and waits until every sandbox is removed. Jobs that had finished before come
    /// back, those that were killed do not.
    pub async fn stop(mut self) -> Vec<JobResult> {
        self.stop = None;
        let mut finished = Vec::new();
        while let Some(done) = self.next().await {
            finished.push(done);
        }
        finished
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<JobResult>> {
        if let Some(done) = ready!(self.received.poll_recv(context)) {
            return Poll::Ready(Some(done));
        }
        let Some(driver) = &mut self.driver else { return Poll::Ready(None) };
        let ended = ready!(Pin::new(driver).poll(context));
        self.driver = None;
        // Results must not just be fewer.
        if let Err(error) = ended
            && let Ok(panic) = error.try_into_panic()
        {
            std::panic::resume_unwind(panic);
        }
        Poll::Ready(None)
    }
}

impl Stream for Results {
    type Item = JobResult;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<JobResult>> {
        self.poll(context)
    }
}
