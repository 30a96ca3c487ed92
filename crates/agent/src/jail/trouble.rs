use std::fmt::Display;
use std::io;
use std::path::Path;

use llm_sandbox_protocol::JailFailure;

/// Why a jail could not be built: the step, what the kernel said, and what would help.
#[derive(Debug)]
pub(crate) struct Trouble {
    step: &'static str,
    error: Option<i32>,
    detail: String,
    remedy: Option<String>,
}

impl Trouble {
    /// A step that failed.
    pub(crate) fn new(step: &'static str, error: impl Into<io::Error>) -> Self {
        let error = error.into();
        Self { step, error: error.raw_os_error(), detail: error.to_string(), remedy: None }
    }

    /// A step that this host cannot do.
    pub(crate) fn unsupported(step: &'static str, detail: impl Display) -> Self {
        Self { step, error: None, detail: detail.to_string(), remedy: None }
    }

    /// Names the path it failed at.
    pub(crate) fn at(mut self, path: impl AsRef<Path>) -> Self {
        self.detail = format!("{}: {}", path.as_ref().display(), self.detail);
        self
    }

    /// Says what would help, unless that is known already.
    pub(crate) fn hint(mut self, remedy: &str) -> Self {
        self.remedy.get_or_insert_with(|| remedy.to_owned());
        self
    }

    /// What happened, and what would help.
    pub(crate) fn into_words(self) -> (String, String) {
        (format!("{}: {}", self.step, self.detail), self.remedy.unwrap_or_default())
    }

    pub(crate) fn into_failure(self) -> JailFailure {
        JailFailure { step: self.step.to_owned(), error: self.error, detail: self.detail, remedy: self.remedy }
    }
}
