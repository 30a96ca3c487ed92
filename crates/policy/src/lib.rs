//! Says what code would do before it runs, by reading it.
//!
//! ```
//! use llm_sandbox_policy::{Language, security_policy};
//!
//! let policy = security_policy("production")?;
//! let code = "from os import system as s\ns('echo ' + 'hello')\n";
//! let (is_safe, violations) = policy.is_safe(code, Language::Python);
//!
//! assert!(!is_safe);
//! assert_eq!((violations[1].line, violations[1].column), (2, 1));
//! assert_eq!(violations[1].found, "os.system");
//! // A comment or a string is no code.
//! assert!(policy.is_safe("print('import os; os.system')  # os.system", Language::Python).0);
//! # Ok::<(), llm_sandbox_policy::UnknownPolicy>(())
//! ```
//!
//! A policy is advice about code. It keeps nobody from anything: code that means to hide what it does may succeed, which
//! is what sandboxes are for. What cannot be told by reading is reported as such.

#![forbid(unsafe_code)]

mod blank;
mod budget;
mod cpp;
mod facts;
mod file;
mod flow;
mod go;
mod java;
mod javascript;
mod language;
mod pattern;
mod place;
mod policy;
mod preset;
mod python;
mod r;
mod report;
mod ruby;
mod rules;
mod scan;
mod severity;
mod violation;
mod wanted;

pub use blank::blank_comments;
pub use budget::{Budget, GaveUp};
pub use facts::{Argument, Arguments, Dynamic, Fact, Found};
pub use file::PolicyFileError;
pub use language::{Language, UnknownLanguage};
pub use pattern::{MatchGaveUp, MatchLimit, Pattern, PatternError, PatternErrorKind};
pub use policy::{RestrictedModule, SecurityPattern, SecurityPolicy, security_policy};
pub use preset::{Preset, UnknownPolicy};
pub use report::Report;
pub use rules::{Rule, RuleKind, rules, rules_as_markdown};
pub use scan::{Facts, facts};
pub use severity::{SecurityIssueSeverity, Severity};
pub use violation::{Cause, Violation};
