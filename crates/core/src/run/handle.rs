use super::{OutputEvent, RunControl, RunResult, launch::Held};
use crate::{Error, Session};

/// A run that was started. Dropping it kills the run, unless that is [detached](crate::Run::detached); the session stays
/// usable.
///
/// Output that nobody takes holds the program up, but not its deadline.
pub struct RunHandle {
    held: Held,
    /// Keeps the session open while the run goes on.
    session: Session,
}

impl std::fmt::Debug for RunHandle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_over = self.held.is_over();
        formatter.debug_struct("RunHandle").field("number", &self.number()).field("is_over", &is_over).finish()
    }
}

impl RunHandle {
    pub(super) fn new(session: Session, held: Held) -> Self {
        Self { held, session }
    }

    /// The run's number among all runs of its session, from 1.
    pub fn number(&self) -> u64 {
        self.held.number()
    }

    /// The next piece of output, or `None` when no more comes; [`RunHandle::wait`] then says why.
    ///
    /// Of a stream with an output limit the head comes at once and the tail at the run's end. Safe to cancel.
    pub async fn next_event(&mut self) -> Option<OutputEvent> {
        self.held.next_event().await
    }

    /// Waits for the end and gives the result; output that was not taken is drained.
    ///
    /// Dropping the future kills the run, unless that is [detached](crate::Run::detached).
    ///
    /// # Errors
    ///
    /// [`Error::SandboxDied`], [`Error::AgentMisbehaved`], [`Error::Aborted`], [`Error::Expired`] or [`Error::Closed`]
    /// where the sandbox failed, [`Error::InterpreterMissing`] where the sandbox's image has no interpreter; never for code
    /// that failed.
    pub async fn wait(mut self) -> Result<RunResult, Error> {
        while self.next_event().await.is_some() {}
        self.held.into_result(&self.session)
    }

    /// Steers the run from other tasks.
    pub fn control(&self) -> RunControl {
        self.held.control().clone()
    }

    /// As [`RunControl::write_stdin`].
    ///
    /// # Errors
    ///
    /// [`Error::StdinClosed`].
    pub async fn write_stdin(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        self.held.control().write_stdin(bytes).await
    }

    /// As [`RunControl::close_stdin`].
    pub fn close_stdin(&self) {
        self.held.control().close_stdin();
    }

    /// As [`RunControl::signal`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a number that is no signal.
    pub async fn signal(&self, signal: i32) -> Result<(), Error> {
        self.held.control().signal(signal).await
    }

    /// As [`RunControl::resize`].
    pub async fn resize(&self, rows: u16, columns: u16) {
        self.held.control().resize(rows, columns).await;
    }

    /// As [`RunControl::kill`].
    pub async fn kill(&self) {
        self.held.control().kill().await;
    }
}
