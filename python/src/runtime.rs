//! The threads that carry all sessions of this process. They are there while somebody needs them, and not longer.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use llm_sandbox::{Error, core::Own};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::raised;

/// How many threads; those of callers only wait.
const WORKERS: usize = 2;

/// How long the threads are waited for once nobody needs them.
const PATIENCE: Duration = Duration::from_secs(2);

/// A forked child has none of its parent's threads; ending them there would wait for ever.
static SHARED: Own<Mutex<Shared>> = Own::new(Mutex::default);

#[derive(Default)]
struct Shared {
    runtime: Option<Runtime>,
    users: usize,
}

/// Somebody who needs the threads. The last one to go ends them.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) handle: Handle,
    process: u32,
}

impl User {
    pub(crate) fn new() -> PyResult<Self> {
        let all = SHARED.get();
        let mut shared = all.lock().unwrap_or_else(PoisonError::into_inner);
        let handle = match &shared.runtime {
            Some(runtime) => runtime.handle().clone(),
            None => {
                let started = start().map_err(no_threads)?;
                shared.runtime.insert(started).handle().clone()
            }
        };
        shared.users += 1;
        Ok(Self { handle, process: std::process::id() })
    }
}

fn no_threads(error: std::io::Error) -> PyErr {
    let error = Error::Exhausted {
        limit: "RLIMIT_NPROC",
        reason: format!("no threads can be started for sandboxes: {error}"),
        remedy: "raise the limit on processes".to_owned(),
    };
    Python::attach(|py| raised(py, &error))
}

fn start() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(WORKERS).thread_name("llm-sandbox").enable_all().build()
}

impl Drop for User {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            return;
        }
        let all = SHARED.get();
        let mut shared = all.lock().unwrap_or_else(PoisonError::into_inner);
        shared.users -= 1;
        let unused = if shared.users == 0 { shared.runtime.take() } else { None };
        drop(shared);
        match unused {
            // One of the threads themselves was the last.
            Some(runtime) if Handle::try_current().is_ok() => runtime.shutdown_background(),
            Some(runtime) => runtime.shutdown_timeout(PATIENCE),
            None => {}
        }
    }
}
