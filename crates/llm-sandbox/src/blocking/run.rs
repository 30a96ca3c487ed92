use super::runtime::wait;
use crate::{Error, OutputEvent, RunResult, core};

/// A run that was started. Dropping it kills the run, unless that is [detached](crate::Run::detached); the session stays
/// usable.
#[derive(Debug)]
pub struct RunHandle {
    inner: core::RunHandle,
}

impl RunHandle {
    pub(super) fn new(inner: core::RunHandle) -> Self {
        Self { inner }
    }

    /// The run's number among all runs of its session, from 1.
    pub fn number(&self) -> u64 {
        self.inner.number()
    }

    /// The next piece of output, or `None` when no more comes.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn next_event(&mut self) -> Result<Option<OutputEvent>, Error> {
        wait(self.inner.next_event())
    }

    /// Waits for the end and gives the result; output that was not taken is drained.
    ///
    /// # Errors
    ///
    /// As [`core::RunHandle::wait`]; [`Error::InsideRuntime`] inside a runtime.
    pub fn wait(self) -> Result<RunResult, Error> {
        wait(self.inner.wait())?
    }

    /// Steers the run from other threads.
    pub fn control(&self) -> RunControl {
        RunControl::new(self.inner.control())
    }

    /// As [`RunControl::write_stdin`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn write_stdin(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        wait(self.inner.write_stdin(bytes))?
    }

    /// As [`RunControl::close_stdin`].
    pub fn close_stdin(&self) {
        self.inner.close_stdin();
    }

    /// As [`RunControl::kill`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn kill(&self) -> Result<(), Error> {
        wait(self.inner.kill())
    }
}

/// Steers a run from any thread. It does not keep the run alive.
#[derive(Debug, Clone)]
pub struct RunControl {
    inner: core::RunControl,
}

impl RunControl {
    pub(super) fn new(inner: core::RunControl) -> Self {
        Self { inner }
    }

    /// Writes to the run's standard input; waits while the program does not read.
    ///
    /// # Errors
    ///
    /// As [`core::RunControl::write_stdin`]; [`Error::InsideRuntime`] inside a runtime.
    pub fn write_stdin(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        wait(self.inner.write_stdin(bytes))?
    }

    /// Closes the run's standard input behind what was written.
    pub fn close_stdin(&self) {
        self.inner.close_stdin();
    }

    /// Sends a signal to the program's process group. Nothing happens where the run is over.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a number that is no signal; [`Error::InsideRuntime`] inside a runtime.
    pub fn signal(&self, signal: i32) -> Result<(), Error> {
        wait(self.inner.signal(signal))?
    }

    /// Tells the run's terminal its new size. Nothing happens where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn resize(&self, rows: u16, columns: u16) -> Result<(), Error> {
        wait(self.inner.resize(rows, columns))
    }

    /// Kills the run's whole tree.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn kill(&self) -> Result<(), Error> {
        wait(self.inner.kill())
    }
}
