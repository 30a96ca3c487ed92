//! Many runs, each in a fresh sandbox, so many at once.

mod attempt;
mod drive;
mod job;
mod results;

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    thread::available_parallelism,
};

use futures_core::Stream;
use tokio::sync::{mpsc, watch};

pub use job::{Job, JobResult};
pub use results::Results;

use crate::{Session, SessionBuilder};

/// Runs a stream of jobs, each in a fresh sandbox of its own, and gives their results in the order they finish.
///
/// ```no_run
/// use llm_sandbox_core::{Batch, Job, SessionBuilder};
///
/// # async fn example(builder: SessionBuilder) {
/// let jobs = (0..1000).map(|number| Job::new(number.to_string(), format!("print({number} ** 2)")));
/// let mut results = Batch::new(builder).concurrency(8).run(jobs);
/// while let Some(done) = results.next().await {
///     match done.result {
///         Ok(result) => println!("{}: {}", done.id, result.stdout_text()),
///         Err(error) => println!("{}: the sandbox failed: {error}", done.id),
///     }
/// }
/// # }
/// ```
///
/// Nothing is unbounded: a job is taken from the stream only when it can be run at once, and as many results as jobs may
/// run wait to be taken; whoever takes none stops the rest. A sandbox that fails concerns its own job only.
pub struct Batch<S = Session> {
    builder: SessionBuilder<S>,
    concurrency: usize,
    retries: u32,
}

impl<S> Clone for Batch<S> {
    fn clone(&self) -> Self {
        Self { builder: self.builder.clone(), ..*self }
    }
}

impl<S> fmt::Debug for Batch<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { builder, concurrency, retries } = self;
        let mut shown = formatter.debug_struct("Batch");
        shown.field("builder", builder).field("concurrency", concurrency).field("retries", retries).finish()
    }
}

impl<S: 'static> Batch<S> {
    /// A batch whose sandboxes are all opened by this builder. As many jobs run at once as this process has processors,
    /// and none is tried twice.
    pub fn new(builder: SessionBuilder<S>) -> Self {
        let concurrency = available_parallelism().map_or(1, usize::from);
        Self { builder, concurrency, retries: 0 }
    }

    /// Runs at most so many jobs at once; zero counts as one.
    #[must_use]
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = jobs.max(1);
        self
    }

    /// Tries a job so often again, in a new sandbox, where its sandbox failed. Code that fails is never tried again, nor
    /// is what would fail the same way, such as a value that cannot be used. What was tried is told by
    /// [`JobResult::attempts`].
    #[must_use]
    pub fn retries(mut self, times: u32) -> Self {
        self.retries = times;
        self
    }

    /// Starts to run the jobs of an iterator. It is asked on a thread of the runtime: what waits for long, such as for a
    /// file, is better given to [`Batch::run_stream`].
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn run<J>(self, jobs: J) -> Results
    where
        J: IntoIterator<Item = Job>,
        J::IntoIter: Send + 'static,
    {
        self.run_stream(Ready(jobs.into_iter()))
    }

    /// Starts to run the jobs of a stream.
    ///
    /// # Panics
    ///
    /// Outside a Tokio runtime.
    pub fn run_stream(self, jobs: impl Stream<Item = Job> + Send + 'static) -> Results {
        let (finished, received) = mpsc::channel(self.concurrency);
        let (stop, stopped) = watch::channel(());
        let driver = tokio::spawn(drive::drive(Arc::new(self), jobs, finished, stopped));
        Results::new(received, stop, driver)
    }
}

/// An iterator as a stream that never waits.
struct Ready<I>(I);

impl<I> Unpin for Ready<I> {}

impl<I: Iterator> Stream for Ready<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.0.next())
    }
}
