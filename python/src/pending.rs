//! Something that takes time: waited for on this thread, or awaited in an event loop.

use std::{
    future::Future,
    os::fd::OwnedFd,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use llm_sandbox::Error;
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyAny};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, write},
    pipe::{PipeFlags, pipe_with},
};

use crate::{ending, error, runtime::User};

/// What becomes of it, made of Python's objects once it is there.
pub(crate) type Made = Box<dyn FnOnce(Python<'_>) -> PyResult<Py<PyAny>> + Send>;

pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Made, Error>> + Send>>;

/// Signals may reach another thread of the process, whose system calls they interrupt instead: so often the first one
/// asks for them by itself.
const ASKED_EVERY: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Something that takes time and has not begun. It is done once, by `wait()` or by awaiting it; leaving either early, as
/// by Ctrl-C or by cancelling, undoes it.
#[pyclass(frozen, module = "llm_sandbox._native")]
pub(crate) struct Pending {
    work: Mutex<Option<Work>>,
}

impl Pending {
    /// Does `work`; what it gives becomes Python's by `make`.
    pub(crate) fn new<T: Send + 'static>(
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
        make: impl FnOnce(Python<'_>, T) -> PyResult<Py<PyAny>> + Send + 'static,
    ) -> Self {
        let work = async move {
            let output = work.await?;
            Ok(Box::new(move |py: Python<'_>| make(py, output)) as Made)
        };
        Self { work: Mutex::new(Some(Box::pin(work))) }
    }

    /// The same where nothing comes of it.
    pub(crate) fn nothing(work: impl Future<Output = Result<(), Error>> + Send + 'static) -> Self {
        Self::new(work, |py, ()| Ok(py.None()))
    }

    pub(crate) fn take(&self) -> PyResult<Work> {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        work.take().ok_or_else(|| PyRuntimeError::new_err("this was waited for already"))
    }
}

/// Makes the result Python's.
pub(crate) fn settle(py: Python<'_>, output: Result<Made, Error>) -> PyResult<Py<PyAny>> {
    match output {
        Ok(made) => made(py),
        Err(error) => Err(error::raised(py, &error)),
    }
}

#[pymethods]
impl Pending {
    /// Waits on this thread, while others run. A signal's handler that raises ends it.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let work = self.take()?;
        let user = User::new()?;
        let (ended, end) = pipe_with(PipeFlags::CLOEXEC)
            .map_err(|error| error::raised(py, &Error::backend("this process", "make a pipe", error.to_string())))?;
        let place = Arc::new(Mutex::new(None));
        let output = Arc::clone(&place);
        let end = End(end);
        let task = user.handle.spawn(async move {
            // Dropped last, whatever becomes of the work.
            let _end = end;
            let done = work.await;
            *output.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
        });
        let patience = is_first_thread().then_some(ASKED_EVERY);
        while !py.detach(|| is_dropped(&ended, patience.as_ref())) {
            if let Err(raised) = py.check_signals() {
                task.abort();
                py.detach(|| {
                    while !is_dropped(&ended, None) {}
                    drop(user);
                });
                return Err(raised);
            }
        }
        let output = place.lock().unwrap_or_else(PoisonError::into_inner).take();
        let settled = match output {
            Some(output) => settle(py, output).map_err(ending::instead_of),
            None => Err(PyRuntimeError::new_err("the work of the sandbox ended without a result")),
        };
        py.detach(|| drop(user));
        settled
    }

    fn __await__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let waiting = slf.py().import("llm_sandbox._event_loops")?.call_method1("awaited", (slf,))?;
        waiting.call_method0("__await__")
    }
}

/// The end of a pipe that tells of its being dropped. That it is closed is not enough: a process that was forked meanwhile
/// has a copy, and may live long.
struct End(OwnedFd);

impl Drop for End {
    fn drop(&mut self) {
        // Where nobody listens any more there is nobody to be told.
        let _ = write(&self.0, b".");
    }
}

/// Whether the other end of a pipe is dropped, after so long at most. A signal ends the waiting.
fn is_dropped(pipe: &OwnedFd, patience: Option<&Timespec>) -> bool {
    let mut watched = [PollFd::new(pipe, PollFlags::IN)];
    match poll(&mut watched, patience) {
        Ok(count) => count > 0,
        Err(Errno::INTR | Errno::AGAIN) => false,
        // It could not be waited for: what is there by now has to do.
        Err(_) => true,
    }
}

/// Whether this is the thread in which Python handles signals.
fn is_first_thread() -> bool {
    #[cfg(target_os = "linux")]
    return rustix::thread::gettid() == rustix::process::getpid();
    #[cfg(not(target_os = "linux"))]
    true
}
