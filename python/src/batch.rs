//! Many runs, each in a sandbox of its own.

use std::sync::Arc;

use llm_sandbox::{Batch, Job, JobResult, Results as Inner};
use pyo3::prelude::*;
use tokio::sync::Mutex;

use crate::{error, options::Options, pending::Pending, request::Request, result::result, runtime::User};

/// The results of a batch, in the order they finish. Dropping it stops the batch.
#[pyclass(frozen, module = "llm_sandbox._native")]
pub(crate) struct Results {
    inner: Arc<Mutex<Option<Inner>>>,
    _user: User,
    process: u32,
}

impl Drop for Results {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A forked child has no part in its parent's batches.
            std::mem::forget(Arc::clone(&self.inner));
        }
    }
}

/// Starts to run what is asked for, each by a name.
#[pyfunction]
pub(crate) fn run_many(
    options: Options,
    jobs: Vec<(String, Request)>,
    concurrency: Option<usize>,
    retries: u32,
) -> PyResult<Results> {
    let mut batch = Batch::new(options.into_builder()?).retries(retries);
    if let Some(concurrency) = concurrency {
        batch = batch.concurrency(concurrency);
    }
    let jobs = jobs.into_iter().map(|(id, request)| Ok(Job::new(id, request.into_run()?)));
    let jobs: Vec<Job> = jobs.collect::<PyResult<_>>()?;
    let user = User::new()?;
    let _inside = user.handle.enter();
    let inner = Arc::new(Mutex::new(Some(batch.run(jobs))));
    drop(_inside);
    Ok(Results { inner, _user: user, process: std::process::id() })
}

#[pymethods]
impl Results {
    /// The next name with its result, or with its exception; `None` when there are no more.
    fn next(&self) -> Pending {
        let inner = Arc::clone(&self.inner);
        let next = async move {
            match inner.lock().await.as_mut() {
                Some(results) => Ok(results.next().await),
                None => Ok(None),
            }
        };
        Pending::new(next, |py, done| match done {
            Some(JobResult { id, result: done, .. }) => {
                let (value, raised) = match done {
                    Ok(value) => (result(py, value)?, py.None()),
                    Err(error) => (py.None(), error::exception(py, &error)?.unbind()),
                };
                Ok((id, value, raised).into_pyobject(py)?.into_any().unbind())
            }
            None => Ok(py.None()),
        })
    }

    /// Kills what runs, and waits until every sandbox is removed.
    fn stop(&self) -> Pending {
        let inner = Arc::clone(&self.inner);
        Pending::nothing(async move {
            let results = inner.lock().await.take();
            if let Some(results) = results {
                results.stop().await;
            }
            Ok(())
        })
    }
}
