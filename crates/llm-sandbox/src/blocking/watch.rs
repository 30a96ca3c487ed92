use super::runtime::wait;
use crate::{Error, RunEvent, core};

/// Receives what happens in a session. Dropping it ends the watching.
#[derive(Debug)]
pub struct Watch {
    inner: core::Watch,
}

impl Watch {
    pub(super) fn new(inner: core::Watch) -> Self {
        Self { inner }
    }

    /// The next event; `None` when the session is over.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn next_event(&mut self) -> Result<Option<RunEvent>, Error> {
        wait(self.inner.next_event())
    }
}
