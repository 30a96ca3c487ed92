use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use llm_sandbox_protocol::{Channel, Control, TerminalSize};

use crate::{Error, connection::Sender};

/// Steers a run from anywhere: clone it into other tasks. It does not keep the run alive.
#[derive(Clone)]
pub struct RunControl {
    sender: Sender,
    stdin_open: Arc<AtomicBool>,
}

impl std::fmt::Debug for RunControl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RunControl").field("stdin_open", &self.stdin_open).finish_non_exhaustive()
    }
}

impl RunControl {
    pub(super) fn new(sender: Sender, stdin_open: bool) -> Self {
        Self { sender, stdin_open: Arc::new(AtomicBool::new(stdin_open)) }
    }

    pub(crate) fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Writes to the run's standard input; waits while the program does not read.
    ///
    /// A program that waits for its output to be read does not read its input: take events meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::StdinClosed`] where the run is over, or was not started with [`Run::stdin_stream`](crate::Run::stdin_stream),
    /// or its standard input was closed.
    pub async fn write_stdin(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let is_open = self.stdin_open.load(Ordering::Acquire);
        match is_open && self.sender.send_slice(Channel::Stdin, bytes.as_ref()).await {
            true => Ok(()),
            false => Err(Error::StdinClosed),
        }
    }

    /// Closes the run's standard input behind what was written.
    pub fn close_stdin(&self) {
        if self.stdin_open.swap(false, Ordering::AcqRel) {
            self.sender.end(Channel::Stdin);
        }
    }

    /// Sends a signal to the program's process group. Nothing happens where the run is over.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a number that is no signal.
    pub async fn signal(&self, signal: i32) -> Result<(), Error> {
        if !(1..=64).contains(&signal) {
            return Err(Error::invalid("signal", format!("{signal} is none")).with_remedy("give a number from 1 to 64"));
        }
        self.sender.control(&Control::Signal(signal)).await;
        Ok(())
    }

    /// Tells the run's terminal its new size. Nothing happens where there is none.
    pub async fn resize(&self, rows: u16, columns: u16) {
        self.sender.control(&Control::Resize(TerminalSize { rows, columns })).await;
    }

    /// Kills the run's whole tree; its outcome becomes [`Outcome::Killed`](crate::Outcome::Killed).
    pub async fn kill(&self) {
        self.sender.control(&Control::Kill).await;
    }
}
