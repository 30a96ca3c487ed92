use std::fmt;

use serde::{Serialize, Serializer};

use crate::policy::{RestrictedModule, SecurityPattern};
use crate::severity::Severity;

/// Something in code that a policy is against, and where.
///
/// Serialised it has the fields below, `cause` being one of `{"rule": ID}`, `{"pattern": REGEX}` and `{"module": NAME}`.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// What of the policy is against it.
    pub cause: Cause,
    /// What is wrong with it.
    pub description: String,
    /// How much it matters.
    pub severity: Severity,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The line of the source without its indentation, at most 200 characters of it.
    pub source_line: String,
    /// What in the code it is: the name as the language has it, whatever the code calls it, or the text that matched.
    pub found: String,
    /// What could be written instead, if the policy knows.
    pub instead: Option<String>,
}

/// What of a policy is against something.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// A pattern that was added.
    Pattern(SecurityPattern),
    /// A module that was added.
    Module(RestrictedModule),
    /// A rule of the preset, by its name in the table.
    Rule(&'static str),
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, name) = match self {
            Cause::Pattern(pattern) => ("pattern", pattern.pattern.as_str()),
            Cause::Module(module) => ("module", module.name.as_str()),
            Cause::Rule(id) => ("rule", *id),
        };
        serializer.collect_map([(kind, name)])
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { line, column, severity, found, description, .. } = self;
        write!(formatter, "{line}:{column}: {}: {found}: {description}", severity.name())?;
        match &self.instead {
            Some(instead) => write!(formatter, " ({instead})"),
            None => Ok(()),
        }
    }
}
