//! The end of the interpreter, which other threads notice by their sessions being closed.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread::{ThreadId, current};

use pyo3::{exceptions::PySystemExit, prelude::*};

static ENDED_BY: Mutex<Option<ThreadId>> = Mutex::new(None);

/// From now on the interpreter ends, which is the doing of this thread.
pub(crate) fn begin() {
    *ENDED_BY.lock().unwrap_or_else(PoisonError::into_inner) = Some(current().id());
}

/// What a thread that is left over then is told instead of an error: it ends, and nobody is shown a trace of that.
pub(crate) fn instead_of(error: PyErr) -> PyErr {
    let ended_by = *ENDED_BY.lock().unwrap_or_else(PoisonError::into_inner);
    if ended_by.is_none_or(|thread| thread == current().id()) { error } else { PySystemExit::new_err(()) }
}
