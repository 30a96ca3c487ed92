use std::{ffi::OsString, path::PathBuf};

use crate::Run;

/// What a run executes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Program {
    /// A program text in the session's language.
    Code(Vec<u8>),
    /// A file in the session's language that is in the sandbox, or among the run's files.
    Entry(PathBuf),
    /// A program of the sandbox, by path or by name.
    Command(OsString),
}

impl Run {
    /// Runs a program of the sandbox with exactly the arguments added by [`Run::arg`]; no shell is involved.
    ///
    /// A name without `/` is looked for in the run's `PATH`.
    pub fn command(program: impl Into<OsString>) -> Self {
        Self::of(Program::Command(program.into()))
    }

    /// Runs a shell script, whole and unchanged. Arguments added by [`Run::arg`] are its `$1`, `$2` and so on.
    ///
    /// This is the one place where a shell reads what a caller wrote; pass values as arguments, not inside the script.
    pub fn shell(script: impl Into<OsString>) -> Self {
        Self::command("/bin/sh").arg("-c").arg(script).arg("sh")
    }
}
