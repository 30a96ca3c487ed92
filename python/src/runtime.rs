//! The threads that carry all sessions of this process. They are there while somebody needs them, and not longer.

use std::{
    sync::{Mutex, MutexGuard, TryLockError},
    time::Duration,
};

use pyo3::{PyResult, exceptions::PyRuntimeError};
use tokio::runtime::{Builder, Handle, Runtime};

/// How many threads; those of callers only wait.
const WORKERS: usize = 2;

/// How long the threads are waited for once nobody needs them.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the lock is tried: it is held for moments, but for ever in a child that was forked meanwhile.
const TRIES: usize = 10_000;

static SHARED: Mutex<Shared> = Mutex::new(Shared { process: 0, runtime: None, users: 0 });

struct Shared {
    /// The process whose threads these are: a forked child has none of them.
    process: u32,
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
        let mut shared = lock().ok_or_else(|| PyRuntimeError::new_err(FORKED))?;
        let process = std::process::id();
        if shared.process != process {
            // The threads are another process's; ending them here would wait for ever.
            std::mem::forget(shared.runtime.take());
            *shared = Shared { process, runtime: None, users: 0 };
        }
        let handle = match &shared.runtime {
            Some(runtime) => runtime.handle().clone(),
            None => {
                let started = start().map_err(|error| PyRuntimeError::new_err(format!("{NO_THREADS}: {error}")))?;
                shared.runtime.insert(started).handle().clone()
            }
        };
        shared.users += 1;
        Ok(Self { handle, process })
    }
}

const FORKED: &str = "this process was forked while another thread opened a session: start processes by \"spawn\"";
const NO_THREADS: &str = "no threads can be started for sandboxes; raise the limit on processes";

fn start() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(WORKERS).thread_name("llm-sandbox").enable_all().build()
}

impl Drop for User {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            return;
        }
        let Some(mut shared) = lock() else { return };
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

/// `None` where it is never let go.
fn lock() -> Option<MutexGuard<'static, Shared>> {
    for _ in 0..TRIES {
        match SHARED.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
        }
    }
    None
}
