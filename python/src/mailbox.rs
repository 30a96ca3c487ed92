//! What is done for an event loop, told to it through a pipe. No thread of ours ever calls into the interpreter: it may be
//! ending, and then it ends whoever does.

use std::{
    mem::take,
    os::fd::{AsRawFd, OwnedFd},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use llm_sandbox::Error;
use pyo3::prelude::*;
use rustix::{
    io::{Errno, read, write},
    pipe::{PipeFlags, pipe_with},
};
use tokio::task::AbortHandle;

use crate::{
    error::raised,
    pending::{Made, Pending, settle},
    runtime::User,
};

/// What came of a piece of work.
struct Letter {
    /// The number that it was started with.
    number: u64,
    output: Result<Made, Error>,
    /// What it made, such as a session, needs the threads until somebody has it.
    user: Option<User>,
}

/// A number, and its value or its exception.
type Opened = (u64, Option<Py<PyAny>>, Option<Py<PyAny>>);

/// Where results wait for an event loop, which watches its descriptor.
#[pyclass(frozen, module = "llm_sandbox._native")]
pub(crate) struct Mailbox {
    arrivals: OwnedFd,
    slot: Arc<Slot>,
}

struct Slot {
    letters: Mutex<Vec<Letter>>,
    bell: OwnedFd,
}

impl Slot {
    fn letters(&self) -> MutexGuard<'_, Vec<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a letter into the slot in any case, so that nobody waits for ever; unless nobody waits any more.
struct Sender {
    number: u64,
    slot: Arc<Slot>,
    user: Option<User>,
    /// Changes while the letters are locked.
    is_unwanted: Arc<AtomicBool>,
}

impl Sender {
    fn send(mut self, output: Result<Made, Error>) {
        let user = self.user.take();
        self.put(output, user);
    }

    fn put(&self, output: Result<Made, Error>, user: Option<User>) {
        let mut letters = self.slot.letters();
        if self.is_unwanted.load(Ordering::Acquire) {
            return;
        }
        letters.push(Letter { number: self.number, output, user });
        drop(letters);
        // Where the pipe is full the loop is called already; where it is closed nobody waits.
        let _ = write(&self.slot.bell, &[0]);
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        if self.user.is_some() {
            let error = Error::backend("this process", "wait for a sandbox", "the work ended without a result");
            self.put(Err(error), None);
        }
    }
}

#[pymethods]
impl Mailbox {
    #[new]
    fn new(py: Python<'_>) -> PyResult<Self> {
        let (arrivals, bell) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)
            .map_err(|error| raised(py, &Error::backend("this process", "make a pipe", error.to_string())))?;
        Ok(Self { arrivals, slot: Arc::new(Slot { letters: Mutex::default(), bell }) })
    }

    fn fileno(&self) -> i32 {
        self.arrivals.as_raw_fd()
    }

    /// Begins a piece of work, whose result comes by this number.
    fn start(&self, pending: &Pending, number: u64) -> PyResult<Started> {
        let work = pending.take()?;
        let user = User::new()?;
        let handle = user.handle.clone();
        let (slot, is_unwanted) = (Arc::clone(&self.slot), Arc::new(AtomicBool::new(false)));
        let sender =
            Sender { number, slot: Arc::clone(&slot), user: Some(user), is_unwanted: Arc::clone(&is_unwanted) };
        let task = handle.spawn(async move { sender.send(work.await) });
        Ok(Started { number, slot, is_unwanted, task: task.abort_handle() })
    }

    /// All that has come: numbers, each with its value or its exception.
    fn take(&self, py: Python<'_>) -> Vec<Opened> {
        let mut rings = [0; 256];
        while matches!(read(&self.arrivals, &mut rings), Ok(1..) | Err(Errno::INTR)) {}
        let letters = take(&mut *self.slot.letters());
        letters.into_iter().map(|letter| opened(py, letter)).collect()
    }
}

fn opened(py: Python<'_>, Letter { number, output, user }: Letter) -> Opened {
    let opened = match settle(py, output) {
        Ok(value) => (number, Some(value), None),
        Err(raised) => (number, None, Some(raised.into_value(py).into_any())),
    };
    py.detach(|| drop(user));
    opened
}

/// A piece of work that was begun for an event loop.
#[pyclass(frozen, module = "llm_sandbox._native")]
pub(crate) struct Started {
    number: u64,
    slot: Arc<Slot>,
    is_unwanted: Arc<AtomicBool>,
    task: AbortHandle,
}

#[pymethods]
impl Started {
    /// Nobody waits any more: undoes it where it is not done, and forgets what came of it.
    fn abandon(&self, py: Python<'_>) {
        self.task.abort();
        let mut letters = self.slot.letters();
        self.is_unwanted.store(true, Ordering::Release);
        let (unwanted, others) = take(&mut *letters).into_iter().partition(|letter| letter.number == self.number);
        *letters = others;
        drop(letters);
        let unwanted: Vec<Letter> = unwanted;
        py.detach(|| drop(unwanted));
    }
}
