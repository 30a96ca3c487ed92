//! A run that goes on, for Python.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, PoisonError},
    task::Poll,
};

use llm_sandbox::{Error, OutputEvent, OutputStream, RunHandle, core};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};
use tokio::sync::Mutex;

use crate::{pending::Pending, result::result, runtime::User, value::Bytes};

/// How many pieces of output are handed over at once.
const PIECES: usize = 64;

/// A run that was started. Dropping it kills the run, unless that is detached.
#[pyclass(frozen, module = "llm_sandbox._native")]
pub(crate) struct Running {
    handle: Arc<Mutex<Option<RunHandle>>>,
    control: core::RunControl,
    number: u64,
    /// What arrives has to be taken in, until it is over.
    user: Arc<std::sync::Mutex<Option<User>>>,
    process: u32,
}

impl Running {
    pub(crate) fn new(handle: RunHandle) -> Self {
        let (control, number) = (handle.control(), handle.number());
        let user = Arc::new(std::sync::Mutex::new(User::new().ok()));
        let handle = Arc::new(Mutex::new(Some(handle)));
        Self { handle, control, number, user, process: std::process::id() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A forked child has no part in its parent's runs.
            std::mem::forget(Arc::clone(&self.handle));
        }
    }
}

fn taken() -> Error {
    Error::invalid("run", "its result was taken already")
}

#[pymethods]
impl Running {
    #[getter]
    fn number(&self) -> u64 {
        self.number
    }

    /// The next pieces of output, each a stream's name and bytes; `None` when no more come.
    fn next_events(&self) -> Pending {
        let handle = Arc::clone(&self.handle);
        let next = async move { next_events(handle.lock().await.as_mut().ok_or_else(taken)?).await };
        Pending::new(next, |py, events| match events {
            Some(events) => Ok(PyList::new(py, events.into_iter().map(|event| shown(py, &event)))?.into_any().unbind()),
            None => Ok(py.None()),
        })
    }

    /// The result, when it is over.
    fn wait(&self) -> Pending {
        let handle = Arc::clone(&self.handle);
        let wait = async move {
            let handle = handle.lock().await.take().ok_or_else(taken)?;
            handle.wait().await
        };
        let user = Arc::clone(&self.user);
        Pending::new(wait, move |py, done| {
            drop(user.lock().unwrap_or_else(PoisonError::into_inner).take());
            result(py, done)
        })
    }

    /// Writes to standard input; waits while the program does not read.
    fn write_stdin(&self, bytes: Bytes) -> Pending {
        let control = self.control.clone();
        Pending::nothing(async move { control.write_stdin(bytes.0).await })
    }

    fn close_stdin(&self) {
        self.control.close_stdin();
    }

    /// Sends a signal to the program's process group.
    fn signal(&self, signal: i32) -> Pending {
        let control = self.control.clone();
        Pending::nothing(async move { control.signal(signal).await })
    }

    /// Kills the whole tree, and waits until nothing of it is left.
    fn kill(&self) -> Pending {
        let (control, handle, user) = (self.control.clone(), Arc::clone(&self.handle), Arc::clone(&self.user));
        let kill = async move {
            control.kill().await;
            let handle = handle.lock().await.take();
            if let Some(handle) = handle {
                // What came of it is of no use any more.
                let _ = handle.wait().await;
            }
            Ok(())
        };
        Pending::new(kill, move |py, ()| {
            drop(user.lock().unwrap_or_else(PoisonError::into_inner).take());
            Ok(py.None())
        })
    }
}

/// One piece, once there is one, and those that are there with it.
async fn next_events(handle: &mut RunHandle) -> Result<Option<Vec<OutputEvent>>, Error> {
    let Some(first) = handle.next_event().await else { return Ok(None) };
    let mut events = vec![first];
    while events.len() < PIECES {
        let mut next = pin!(handle.next_event());
        let there = poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await;
        match there {
            Poll::Ready(Some(event)) => events.push(event),
            _ => break,
        }
    }
    Ok(Some(events))
}

fn shown<'py>(py: Python<'py>, event: &OutputEvent) -> (&'static str, Bound<'py, PyBytes>) {
    let stream = match event.stream {
        OutputStream::Stdout => "stdout",
        OutputStream::Stderr => "stderr",
    };
    (stream, PyBytes::new(py, &event.bytes))
}
