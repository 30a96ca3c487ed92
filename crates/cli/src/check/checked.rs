use std::{fmt::Write, path::Path};

use llm_sandbox::{Error, Language, SecurityPolicy, Violation};
use serde::Serialize;

use crate::program::Origin;

/// A file, and what was found in it.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    /// Its path as it was given.
    pub(super) file: String,
    language: Language,
    /// Whether nothing in it blocks.
    pub(super) safe: bool,
    /// Whether there are syntax errors; what stands around them was looked at all the same.
    broken: bool,
    /// Why not all of it was looked at, if it was not.
    pub(super) gave_up: Option<String>,
    pub(super) violations: Vec<Violation>,
}

impl Checked {
    pub(super) fn new(file: &Path, language: Option<Language>, policy: &SecurityPolicy) -> Result<Self, Error> {
        let origin = if file.as_os_str() == "-" { Origin::StandardInput } else { Origin::File(file) };
        let language = match language {
            Some(language) => language,
            None => origin.language(None)?,
        };
        let reads = language.name().parse().map_err(|error| {
            Error::invalid("language", format!("{error}"))
                .with_remedy("check files of another language, or run them unread")
        })?;
        let report = policy.scan(origin.read()?, reads);
        Ok(Self {
            file: file.to_string_lossy().into_owned(),
            language,
            safe: report.is_safe(),
            broken: report.is_broken,
            gave_up: report.gave_up.map(|why| why.to_string()),
            violations: report.violations,
        })
    }

    /// A line for each finding, its source line below it.
    pub(super) fn in_lines(&self) -> String {
        let mut lines = String::new();
        for violation in &self.violations {
            // Writing to a text cannot fail.
            let _ = writeln!(lines, "{}:{violation}\n    {}", self.file, violation.source_line);
        }
        if let Some(why) = &self.gave_up {
            let _ = writeln!(lines, "{}: not all of it was looked at: {why}", self.file);
        }
        lines
    }
}
