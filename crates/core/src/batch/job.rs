use std::path::PathBuf;

use crate::{Error, Language, Limits, Run, RunResult};

/// One run of a [`Batch`](super::Batch), in a fresh sandbox of its own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Job {
    /// What its result is known by. Nothing is done where two jobs have the same.
    pub id: String,
    /// What is run.
    pub run: Run,
    /// Files to be written before, by their paths inside; relative ones stand below the working directory.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// Another language than the batch's.
    pub language: Option<Language>,
    /// Other limits than the batch's, all of them.
    pub limits: Option<Limits>,
}

impl Job {
    /// A job that runs this, with the batch's language and limits.
    pub fn new(id: impl Into<String>, run: impl Into<Run>) -> Self {
        Self { id: id.into(), run: run.into(), files: Vec::new(), language: None, limits: None }
    }

    /// Writes a file before the run.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.into(), bytes.into()));
        self
    }

    /// Runs in this language.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }

    /// Has these limits in place of all of the batch's, its timeout too.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }
}

/// What came of a [`Job`]. When it is told, nothing is left of its sandbox.
#[derive(Debug)]
#[non_exhaustive]
pub struct JobResult {
    /// The job's.
    pub id: String,
    /// Code that failed is a value here, too; an error says that the sandbox failed, or that the job could not be run.
    pub result: Result<RunResult, Error>,
    /// How many sandboxes were opened for it, or tried to be.
    pub attempts: u32,
    /// What kept the sandbox from being removed whole. The result stands.
    pub left_behind: Option<Error>,
}
