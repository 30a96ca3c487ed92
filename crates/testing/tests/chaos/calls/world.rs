use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use llm_sandbox_core::{Error, ErrorKind, Session};

use crate::{
    cases::moving_on,
    mischief::{Excuse, Figures, is_end},
};

/// Whose time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The host's.
    Real,
    /// It jumps ahead when all wait for it.
    Jumping,
}

/// What all who use one sandbox know of it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) figures: Arc<Figures>,
    /// Something happened that may end the session.
    pub(crate) excuse: Arc<Excuse>,
    /// What the agent says need not be so.
    pub(crate) is_lied_to: bool,
    is_over: AtomicBool,
}

impl World {
    pub(crate) fn new(clock: Clock, figures: Arc<Figures>, excuse: Arc<Excuse>, is_lied_to: bool) -> Self {
        Self { clock, figures, excuse, is_lied_to, is_over: AtomicBool::new(false) }
    }

    /// Whether somebody has learnt that the session is over.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    pub(crate) fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Whether answers must be true.
    pub(super) fn is_fair(&self) -> bool {
        !self.is_lied_to
    }

    /// Looks at how a call ended that began when the session was over or not.
    pub(super) fn judge(&self, what: &str, error: Option<&Error>, was_over: bool, session: &Session) {
        self.figures.count(error.map(Error::kind));
        let Some(error) = error else {
            assert!(!was_over, "{what} succeeded in a session that was over");
            return;
        };
        if is_end(error) {
            assert!(self.excuse.is_given(), "{what}: {error}, for no reason");
            assert!(session.is_over(), "{what} failed for good ({error}), and the session goes on");
            self.end();
            return;
        }
        assert!(!was_over, "{what} in a session that was over: {error}");
        let is_allowed = match error.kind() {
            ErrorKind::File => true,
            ErrorKind::Aborted | ErrorKind::HostFile | ErrorKind::InterpreterMissing | ErrorKind::InvalidInput => {
                self.is_lied_to
            }
            _ => false,
        };
        assert!(is_allowed, "{what}: {error}");
    }

    /// Does something that a thread works for.
    pub(super) async fn with_threads<F: Future>(&self, future: F) -> F::Output {
        match self.clock {
            Clock::Real => future.await,
            Clock::Jumping => moving_on(future, || self.excuse.give()).await,
        }
    }
}
