//! A run as it is asked for.

use std::{ffi::OsString, path::PathBuf};

use llm_sandbox::Run;
use pyo3::{exceptions::PyValueError, prelude::*};

use crate::value::Bytes;

/// What may be said of a run.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Request {
    /// What is run: `code`, a text; an `entry`, a file of the sandbox or of `files`; a `command`, a program and its
    /// arguments; or a line for the `shell`, all of it the caller's own.
    kind: String,
    words: Vec<Bytes>,
    #[pyo3(default)]
    args: Vec<Bytes>,
    #[pyo3(default)]
    env: Vec<(Bytes, Bytes)>,
    #[pyo3(default)]
    files: Vec<(PathBuf, Bytes)>,
    #[pyo3(default)]
    stdin: Option<Bytes>,
    /// Standard input is written while it runs.
    #[pyo3(default)]
    is_fed: bool,
    #[pyo3(default)]
    workdir: Option<PathBuf>,
    /// In seconds; absent is the session's.
    #[pyo3(default)]
    timeout: Option<f64>,
    #[pyo3(default)]
    is_endless: bool,
    #[pyo3(default)]
    is_detached: bool,
    /// All output comes as events, whatever its result keeps.
    #[pyo3(default)]
    is_streamed: bool,
}

impl Request {
    pub(crate) fn into_run(self) -> PyResult<Run> {
        let mut words = self.words.into_iter();
        let first = words.next().ok_or_else(|| PyValueError::new_err("nothing is said of what is run"))?;
        let mut run = match self.kind.as_str() {
            "code" => Run::code(first.0),
            "entry" => Run::entry(OsString::from(first)),
            "command" => Run::command(first),
            "shell" => Run::shell(first),
            other => return Err(PyValueError::new_err(format!("nothing can be run as {other:?}"))),
        };
        run = run.args(words.map(OsString::from));
        run = run.args(self.args.into_iter().map(OsString::from));
        for (name, value) in self.env {
            run = run.env(name, value);
        }
        for (path, content) in self.files {
            run = run.file(path, content.0);
        }
        if let Some(stdin) = self.stdin {
            run = run.stdin(stdin.0);
        }
        if self.is_fed {
            run = run.stdin_stream();
        }
        if let Some(directory) = self.workdir {
            run = run.directory(directory);
        }
        if let Some(seconds) = self.timeout {
            run = run.timeout_seconds(seconds);
        }
        if self.is_endless {
            run = run.no_timeout();
        }
        if self.is_streamed {
            run = run.unlimited_output();
        }
        Ok(if self.is_detached { run.detached() } else { run })
    }
}
