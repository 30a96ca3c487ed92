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
use rustix::termios::tcgetwinsize;

/// Brings the cursor to the start of its line and empties that.
pub(crate) const EMPTY: &str = "\r\x1b[K";

/// What a terminal is taken for that does not know its width.
const USUAL_COLUMNS: u16 = 80;

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

    /// Says why nothing happens, where nothing else was said.
    pub(crate) fn opening_takes_long(&self) {
        if !self.is_shown.load(Ordering::Relaxed) {
            self.write("opening the sandbox; the first one of a language on this host may take a minute");
        }
    }

    /// Writes over what stands there.
    pub(crate) fn show(&self, progress: &ImageProgress) {
        self.write(&words(progress));
    }

    fn write(&self, words: &str) {
        let columns = tcgetwinsize(io::stderr()).map_or(0, |size| size.ws_col);
        let room = if columns == 0 { USUAL_COLUMNS } else { columns } - 1;
        // What others say cannot steer the terminal.
        let line = words.replace(char::is_control, " ");
        let line: String = line.chars().take(room.into()).collect();
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
    let mut words = format!("{action} {image}");
    // Writing into a string cannot fail.
    let _ = match layer {
        Some(layer) => write!(words, ": {layer} {message}"),
        None if message.is_empty() => Ok(()),
        None => write!(words, ": {message}"),
    };
    let _ = match (bytes_done, bytes_total) {
        (Some(done), Some(total)) => write!(words, " {} of {} MiB", mebibytes(*done), mebibytes(*total)),
        (Some(done), None) => write!(words, " {} MiB", mebibytes(*done)),
        (None, _) => Ok(()),
    };
    words
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!([0, 1 << 20, 1_600_000].map(mebibytes), ["0.0", "1.0", "1.5"]);
    }
}
