use super::{SessionBuilder, runtime::wait};
use crate::{Error, Job, JobResult, core};

/// Runs jobs, each in a fresh sandbox of its own, and gives their results in the order they finish.
///
/// ```
/// use llm_sandbox::{Job, Language, blocking::{Batch, Session}};
///
/// let jobs = (1..=3).map(|number| Job::new(number.to_string(), format!("print({number} * 14)")));
/// let mut printed = Vec::new();
/// for done in Batch::new(Session::builder(Language::Python)).concurrency(2).run(jobs)? {
///     printed.push((done.id, done.result?.stdout_text().into_owned()));
/// }
/// printed.sort();
/// assert_eq!(printed[2], ("3".to_owned(), "42\n".to_owned()));
/// # Ok::<(), llm_sandbox::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Batch {
    inner: core::Batch,
}

impl Batch {
    /// A batch whose sandboxes are all opened by this builder. As many jobs run at once as this process has processors,
    /// and none is tried twice.
    pub fn new(builder: SessionBuilder) -> Self {
        Self { inner: core::Batch::new(builder.into_inner()) }
    }

    /// Runs at most so many jobs at once; zero counts as one.
    #[must_use]
    pub fn concurrency(self, jobs: usize) -> Self {
        Self { inner: self.inner.concurrency(jobs) }
    }

    /// Tries a job so often again, in a new sandbox, where its sandbox failed; see [`core::Batch::retries`].
    #[must_use]
    pub fn retries(self, times: u32) -> Self {
        Self { inner: self.inner.retries(times) }
    }

    /// Starts to run the jobs. The iterator is asked for the next one whenever one more may run, on another thread.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn run<J>(self, jobs: J) -> Result<Results, Error>
    where
        J: IntoIterator<Item = Job>,
        J::IntoIter: Send + 'static,
    {
        let jobs = jobs.into_iter();
        let inner = wait(async move { self.inner.run(jobs) })?;
        Ok(Results { inner })
    }
}

/// The results of a [`Batch`] as jobs finish. Dropping it stops the batch.
#[derive(Debug)]
pub struct Results {
    inner: core::Results,
}

impl Results {
    /// Takes no more jobs, kills what runs, and waits until every sandbox is removed. Jobs that had finished before come
    /// back.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn stop(self) -> Result<Vec<JobResult>, Error> {
        wait(self.inner.stop())
    }
}

/// # Panics
///
/// Inside an asynchronous runtime, which waiting would stall.
impl Iterator for Results {
    type Item = JobResult;

    fn next(&mut self) -> Option<JobResult> {
        match wait(self.inner.next()) {
            Ok(done) => done,
            Err(error) => panic!("{error}"),
        }
    }
}
