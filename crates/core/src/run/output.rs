use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize};

use crate::form;

/// What was kept of one output stream.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Output {
    /// The bytes, head and tail joined where there is a gap.
    #[serde(with = "form::bytes")]
    pub bytes: Vec<u8>,
    /// What is missing between head and tail, if anything.
    pub gap: Option<Gap>,
    /// How much the program wrote, in bytes.
    pub written: u64,
}

/// Where and how much of an output stream was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Where in the kept bytes it lies.
    pub offset: usize,
    /// How many bytes are missing there.
    pub omitted: u64,
}

impl Output {
    /// Whether something is missing.
    pub fn is_truncated(&self) -> bool {
        self.gap.is_some()
    }

    /// The kept bytes as text; what is not UTF-8 becomes replacement characters.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// The same with a line in the gap that says how much is missing.
    pub fn marked_text(&self) -> String {
        let Some(Gap { offset, omitted }) = self.gap else { return self.text().into_owned() };
        let (head, tail) = self.bytes.split_at(offset.min(self.bytes.len()));
        let (head, tail) = (String::from_utf8_lossy(head), String::from_utf8_lossy(tail));
        format!("{head}\n[{omitted} bytes omitted]\n{tail}")
    }
}

/// One piece of output, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputEvent {
    /// Its place among all of the run's output; strictly increasing.
    pub number: u64,
    /// When the agent read it, counted from the program's start on a monotonic clock.
    #[serde(with = "form::span")]
    pub time: Duration,
    /// Which stream it is of.
    pub stream: OutputStream,
    /// The bytes; a character may be split between two events.
    #[serde(with = "form::bytes")]
    pub bytes: Vec<u8>,
}

/// An output stream of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputStream {
    /// Standard output, or all a terminal shows.
    Stdout,
    /// Standard error.
    Stderr,
}
