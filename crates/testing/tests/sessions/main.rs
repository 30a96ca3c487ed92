//! Sessions as a whole: their names and times, the runs they keep, and the processes that share them.

#![cfg(target_os = "linux")]

mod clients;
mod detached;
mod identity;
mod lifetimes;
mod owners;
mod policies;
mod sharing;
mod strangers;
#[path = "../support/mod.rs"]
mod support;
mod watching;

use std::path::PathBuf;

use llm_sandbox_core::{Error, ErrorKind, Session};
use llm_sandbox_testing::{FakeAgent, FakeBackend};

/// A backend whose agents greet and do nothing.
fn idle_backend() -> FakeBackend {
    FakeBackend::new(|mut agent: FakeAgent| async move {
        agent.greet().await;
        agent.idle().await;
    })
}

/// A path for a socket that nothing else uses, removed when dropped.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        Self(std::env::temp_dir().join(support::marker()))
    }

    /// Shares a session there and attaches to it.
    async fn attached(session: &Session) -> (Self, Session) {
        let place = Self::new();
        session.share(&place.0).await.expect("it is shared");
        let other = Session::attach(&place.0).await.expect("it is let in");
        (place, other)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn assert_kind<T: std::fmt::Debug>(result: Result<T, Error>, kind: ErrorKind, names: &str) {
    let error = result.expect_err("it cannot be");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(names), "{error} does not name {names:?}");
}
