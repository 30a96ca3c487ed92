//! The terminal that this program itself runs on.

use std::io;

use llm_sandbox::RunControl;
use rustix::{
    process::getpgrp,
    termios::{OptionalActions, Termios, isatty, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr},
};
use tokio::signal::unix::{SignalKind, signal};

/// What a terminal is taken for that does not know its size: rows and columns.
const USUAL: (u16, u16) = (24, 80);

/// Its rows and columns.
pub(crate) fn size() -> (u16, u16) {
    match tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_row > 0 && size.ws_col > 0 => (size.ws_row, size.ws_col),
        _ => USUAL,
    }
}

/// Tells the run's terminal each new size, in the background.
pub(crate) fn follow_size(control: RunControl) -> io::Result<()> {
    let mut changes = signal(SignalKind::window_change())?;
    tokio::spawn(async move {
        while changes.recv().await.is_some() {
            let (rows, columns) = size();
            control.resize(rows, columns).await;
        }
    });
    Ok(())
}

/// Whether reading standard input would stop this program: a terminal gives nothing to jobs in the background.
pub(crate) fn is_behind() -> bool {
    isatty(io::stdin()) && tcgetpgrp(io::stdin()).is_ok_and(|foreground| foreground != getpgrp())
}

/// Passes every key on as it is pressed; the terminal is as it was before when this is dropped.
pub(crate) struct Raw {
    before: Termios,
}

impl Raw {
    /// Nothing where standard input is no terminal.
    pub(crate) fn begin() -> Option<Self> {
        if !isatty(io::stdin()) || is_behind() {
            return None;
        }
        let before = tcgetattr(io::stdin()).ok()?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw).ok()?;
        Some(Self { before })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs no restoring.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
