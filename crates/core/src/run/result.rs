use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Hint, Outcome, Output};
use crate::form;

/// What came of a run. Code that fails is a value; only a sandbox that fails is an [`Error`](crate::Error).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// The version of this form, [`RunResult::SCHEMA`].
    pub schema: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// Standard output, or all a terminal showed.
    pub stdout: Output,
    /// Standard error.
    pub stderr: Output,
    /// What it used.
    pub usage: Usage,
    /// How long its parts took.
    pub durations: Durations,
    /// What stood in its way, where it did not succeed and that is known.
    #[serde(default)]
    pub hints: Vec<Hint>,
}

impl RunResult {
    /// The version of the form.
    pub const SCHEMA: u32 = 1;

    /// Whether the program left with status zero.
    pub fn is_success(&self) -> bool {
        self.exit_code() == Some(0)
    }

    /// The exit status, where the program left by itself.
    pub fn exit_code(&self) -> Option<i32> {
        match self.outcome {
            Outcome::Exited { code } => Some(code),
            _ => None,
        }
    }

    /// The signal that ended it, where one did.
    pub fn signal(&self) -> Option<i32> {
        match self.outcome {
            Outcome::Signalled { signal } => Some(signal),
            _ => None,
        }
    }

    /// Standard output as text; what is not UTF-8 becomes replacement characters.
    pub fn stdout_text(&self) -> Cow<'_, str> {
        self.stdout.text()
    }

    /// Standard error as text; what is not UTF-8 becomes replacement characters.
    pub fn stderr_text(&self) -> Cow<'_, str> {
        self.stderr.text()
    }
}

/// What a run used. An unknown figure is absent, not zero.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Wall-clock time.
    #[serde(with = "form::seconds")]
    pub wall: Option<Duration>,
    /// CPU time in user mode, of the whole tree.
    #[serde(with = "form::seconds")]
    pub user: Option<Duration>,
    /// CPU time in the kernel, of the whole tree.
    #[serde(with = "form::seconds")]
    pub system: Option<Duration>,
    /// The most memory held at once, in bytes.
    pub peak_memory_bytes: Option<u64>,
    /// The most processes and threads alive at once.
    pub peak_processes: Option<u64>,
    /// Written to both output streams, in bytes.
    pub output_bytes: Option<u64>,
}

/// How long the parts of a run took; a part that did not happen is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Durations {
    /// From the request to the start of the program.
    #[serde(with = "form::seconds")]
    pub prepare: Option<Duration>,
    /// Compiling, where the language is compiled.
    #[serde(with = "form::seconds")]
    pub compile: Option<Duration>,
    /// From the start of the program to its end.
    #[serde(with = "form::seconds")]
    pub run: Option<Duration>,
}
