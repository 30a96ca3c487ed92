//! Threads of ours that enter the interpreter, and the wait for them when it ends.
//!
//! An interpreter that ends takes no care of threads that are in it: one that comes back from a call, in which it had let go
//! of the interpreter, is ended in the middle of whatever it does, and the process crashes.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use pyo3::prelude::*;

/// How long threads that are in Python may take to come out of it when it ends. What they do there takes microseconds.
const PATIENCE: Duration = Duration::from_secs(5);

static INSIDE: AtomicUsize = AtomicUsize::new(0);
/// The process whose threads are counted: a forked child has none of its parent's.
static PROCESS: AtomicU32 = AtomicU32::new(0);
static ENDS: AtomicBool = AtomicBool::new(false);
static LEFT: (Mutex<()>, Condvar) = (Mutex::new(()), Condvar::new());

/// A thread that is in Python, or about to be.
struct Inside;

impl Drop for Inside {
    fn drop(&mut self) {
        if INSIDE.fetch_sub(1, SeqCst) == 1 && ENDS.load(SeqCst) {
            drop(LEFT.0.lock().unwrap_or_else(PoisonError::into_inner));
            LEFT.1.notify_all();
        }
    }
}

/// Does something in Python on a thread of ours; nothing where the interpreter ends.
pub(crate) fn enter(what: impl FnOnce(Python<'_>)) {
    INSIDE.fetch_add(1, SeqCst);
    let inside = Inside;
    if !ENDS.load(SeqCst) {
        let _ = Python::try_attach(what);
    }
    drop(inside);
}

/// Says that Python is there and waits for something, whatever was said of its end.
pub(crate) fn is_awaited() {
    let process = std::process::id();
    if PROCESS.swap(process, SeqCst) != process {
        INSIDE.store(0, SeqCst);
    }
    ENDS.store(false, SeqCst);
}

/// Lets nobody in any more, and waits until all are out.
pub(crate) fn leave(py: Python<'_>) {
    if PROCESS.load(SeqCst) != std::process::id() {
        return;
    }
    ENDS.store(true, SeqCst);
    py.detach(|| {
        let guard = LEFT.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Who takes longer is left to its fate.
        drop(LEFT.1.wait_timeout_while(guard, PATIENCE, |()| INSIDE.load(SeqCst) > 0));
    });
}
