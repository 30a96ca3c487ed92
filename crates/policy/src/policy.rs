use crate::budget::Budget;
use crate::language::Language;
use crate::pattern::{Pattern, PatternError};
use crate::preset::{Preset, UnknownPolicy};
use crate::report::Report;
use crate::scan::scan;
use crate::severity::Severity;
use crate::violation::Violation;

/// A regular expression that code must not match, its comments left aside.
#[derive(Clone, Debug)]
pub struct SecurityPattern {
    /// In the syntax of Python's `re`.
    pub pattern: Pattern,
    /// What is wrong with what it matches.
    pub description: String,
    /// How much it matters.
    pub severity: Severity,
}

impl SecurityPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Where [`Pattern::new`] has one.
    pub fn new(pattern: &str, description: impl Into<String>, severity: Severity) -> Result<Self, PatternError> {
        Ok(SecurityPattern { pattern: Pattern::new(pattern)?, description: description.into(), severity })
    }
}

/// A module that code must not load, with all modules in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestrictedModule {
    /// Its name as the language has it: `os`, `xml.etree`, `child_process`.
    ///
    /// In Java it is a package or a class, `java.io` or `java.io.File`, imported or named in any other way; in Go the
    /// path of a package, `net/http`.
    pub name: String,
    /// What is wrong with it.
    pub description: String,
    /// How much it matters.
    pub severity: Severity,
}

/// What code must not do. A scan never changes it.
#[derive(Clone, Debug, Default)]
pub struct SecurityPolicy {
    /// What blocks: findings of this severity and above. At [`Severity::Safe`], the default, nothing does.
    pub severity_threshold: Severity,
    /// Regular expressions over the code, its comments left aside.
    pub patterns: Vec<SecurityPattern>,
    /// Modules that must not be loaded.
    pub restricted_modules: Vec<RestrictedModule>,
    /// The rules that hold besides, in whichever language the code is.
    pub preset: Option<Preset>,
    /// What one scan may take.
    pub budget: Budget,
}

/// The policy of that name: `minimal`, `development`, `production`, `strict`, `educational` or `data_science`.
///
/// In the Python package it is `get_security_policy`. What it holds to in each language is in [`rules`](crate::rules()).
///
/// # Errors
///
/// Where no policy has that name.
pub fn security_policy(name: &str) -> Result<SecurityPolicy, UnknownPolicy> {
    let preset = name.parse()?;
    Ok(SecurityPolicy { severity_threshold: threshold_of(preset), preset: Some(preset), ..SecurityPolicy::default() })
}

/// From which severity on a preset blocks.
pub(crate) fn threshold_of(preset: Preset) -> Severity {
    if preset == Preset::Strict { Severity::Low } else { Severity::Medium }
}

impl SecurityPolicy {
    /// Forbids what a pattern matches.
    pub fn add_pattern(&mut self, pattern: SecurityPattern) {
        self.patterns.push(pattern);
    }

    /// Forbids a module.
    pub fn add_restricted_module(&mut self, module: RestrictedModule) {
        self.restricted_modules.push(module);
    }

    /// Whether nothing in `code` blocks, and all that was found, what does not block included.
    ///
    /// Code that was not seen to its end within the budget is not safe, unless nothing blocks at all.
    pub fn is_safe(&self, code: impl AsRef<[u8]>, language: Language) -> (bool, Vec<Violation>) {
        let report = self.scan(code, language);
        (report.is_safe(), report.violations)
    }

    /// All that was found in `code`, and whether all of it was looked at. Bytes that are not UTF-8 are no error.
    pub fn scan(&self, code: impl AsRef<[u8]>, language: Language) -> Report {
        scan(self, code.as_ref(), language)
    }
}
