//! The sessions that are open, so that none outlives the interpreter.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use llm_sandbox::core::{self, Own};
use pyo3::prelude::*;
use tokio::{task::JoinSet, time::timeout};

use crate::{ending, runtime::User};

/// How long sessions that nobody closed may take to go when the interpreter ends. Their processes go with this one even so.
const LAST_PATIENCE: Duration = Duration::from_secs(10);

/// Those of this process. What a forked child has of its parent's is not touched: they are neither its to close, nor
/// would that end.
static OPEN: Own<Mutex<BTreeMap<u64, core::Session>>> = Own::new(Mutex::default);
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// An open session and its need of threads.
pub(crate) struct Kept {
    number: u64,
    user: Option<User>,
    process: u32,
}

/// Keeps a session until that is let go.
pub(crate) fn keep(session: &core::Session, user: User) -> Kept {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    with_open(|sessions| sessions.insert(number, session.clone()));
    Kept { number, user: Some(user), process: std::process::id() }
}

fn with_open<T>(act: impl FnOnce(&mut BTreeMap<u64, core::Session>) -> T) -> T {
    act(&mut OPEN.get().lock().unwrap_or_else(PoisonError::into_inner))
}

impl Kept {
    /// Closes the session while nobody waits for it.
    pub(crate) fn close_in_background(mut self) {
        if self.process != std::process::id() {
            return;
        }
        let session = with_open(|sessions| sessions.remove(&self.number));
        if let (Some(user), Some(session)) = (self.user.take(), session) {
            let handle = user.handle.clone();
            handle.spawn(async move {
                // Nobody is there to be told.
                let _ = session.close().await;
                drop(session);
                drop(user);
            });
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.process == std::process::id() {
            let session = with_open(|sessions| sessions.remove(&self.number));
            drop(session);
        }
    }
}

/// Closes every session that is still open. For the end of the interpreter.
#[pyfunction]
pub(crate) fn close_all(py: Python<'_>) -> PyResult<()> {
    ending::begin();
    let sessions = with_open(std::mem::take);
    if sessions.is_empty() {
        return Ok(());
    }
    let user = User::new()?;
    py.detach(|| {
        let closing = async {
            let mut closing: JoinSet<_> =
                sessions.into_values().map(|session| async move { session.close().await }).collect();
            while closing.join_next().await.is_some() {}
        };
        let bounded = async { timeout(LAST_PATIENCE, closing).await };
        // What could not be closed goes with this process.
        let _ = user.handle.block_on(bounded);
        drop(user);
    });
    Ok(())
}
