//! How getting an image comes on: one line on a terminal, written over and over.

use std::{
    fmt::Write as _,
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use llm_sandbox::ImageProgress;

use crate::{shared::shown, size, terminal};

/// Brings the cursor to the start of its line and empties that.
const EMPTY: &str = "\r\x1b[K";

/// The line. Nothing where standard error is no terminal.
#[derive(Debug, Clone, Default)]
pub(crate) struct ProgressLine {
    is_shown: Arc<AtomicBool>,
}

impl ProgressLine {
    /// Where somebody looks.
    pub(crate) fn begin(is_quiet: bool) -> Option<Self> {
        (!is_quiet && io::stderr().is_terminal()).then(Self::default)
    }

    /// Writes over what stands there.
    pub(crate) fn show(&self, progress: &ImageProgress) {
        let (_, columns) = terminal::size();
        let room = usize::from(columns).saturating_sub(1);
        let line: String = words(progress).chars().take(room).collect();
        self.is_shown.store(true, Ordering::Relaxed);
        // A terminal that is gone shows nothing.
        let _ = io::stderr().write_all(format!("{EMPTY}{line}").as_bytes());
    }

    /// Takes it away.
    pub(crate) fn end(&self) {
        if self.is_shown.swap(false, Ordering::Relaxed) {
            let _ = io::stderr().write_all(EMPTY.as_bytes());
        }
    }
}

fn words(progress: &ImageProgress) -> String {
    let ImageProgress { image, action, layer, bytes_done, bytes_total, message, .. } = progress;
    let mut words = format!("{action} {}", shown(image));
    // Writing into a string cannot fail.
    let _ = match layer {
        Some(layer) => write!(words, ": {} {}", shown(layer), shown(message)),
        None if message.is_empty() => Ok(()),
        None => write!(words, ": {}", shown(message)),
    };
    let _ = match (bytes_done, bytes_total) {
        (Some(done), Some(total)) => write!(words, " {} of {}", size::rounded(*done), size::rounded(*total)),
        (Some(done), None) => write!(words, " {}", size::rounded(*done)),
        (None, _) => Ok(()),
    };
    words
}
