use std::sync::Arc;

use crate::{Error, LanguageSpec, Limits, Run, RunResult};

/// One run of a [`Batch`](super::Batch), in a fresh sandbox of its own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Job {
    /// What its result is known by. Nothing is done where two jobs have the same.
    pub id: String,
    /// What is run, with its files.
    pub run: Run,
    /// Another language than the batch's.
    pub language: Option<Arc<LanguageSpec>>,
    /// Other limits than the batch's, all of them.
    pub limits: Option<Limits>,
}

impl Job {
    /// A job that runs this, with the batch's language and limits.
    pub fn new(id: impl Into<String>, run: impl Into<Run>) -> Self {
        Self { id: id.into(), run: run.into(), language: None, limits: None }
    }

    /// Runs in this language.
    #[must_use]
    pub fn language(mut self, language: impl Into<Arc<LanguageSpec>>) -> Self {
        self.language = Some(language.into());
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
