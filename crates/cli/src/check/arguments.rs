use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};
use llm_sandbox::{Error, Language};

use crate::text;

pub(crate) const ABOUT: &str = "\
Say what a policy finds in files, without running them.

Code is parsed: comments and the contents of strings do not count, names are followed through
imports and aliases. What cannot be told by reading is said to be dynamic. It is advice: code that
means to hide what it does may succeed, which is what the sandbox is for.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  llm-sandbox check solve.py
  llm-sandbox check --policy strict src/*.js
  generate | llm-sandbox check -l python -
  llm-sandbox check --policy-file policy.toml --format sarif solve.py > findings.sarif

A policy file is TOML; every key may be absent:
  preset = \"production\"          the rules of a named policy
  severity_threshold = \"medium\"  what blocks, and all above: safe (nothing), low, medium, high
  time_seconds = 2.0             what reading one file may take
  [[patterns]]                   regular expressions in the syntax of Python, over code without comments
  pattern = 'internal\\.example'
  description = \"internal network access\"
  severity = \"high\"
  [[restricted_modules]]         modules that must not be loaded, with all that is in them
  name = \"ctypes\"
  description = \"memory by address\"
  severity = \"high\"

Policies by name: minimal, development, production, strict, educational, data_science.

Exit status:
  0    nothing blocks
  1    something does, or a file could not be read to its end in time
  2    wrong usage, or a file that cannot be opened
  141  nobody reads the output any more";

/// What `check` takes.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Files to judge, or - for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Their language; without it each file's ending decides.
    #[arg(short, long, value_name = "LANG")]
    language: Option<OsString>,
    /// The policy: minimal, development, production, strict, educational or data_science [default: production].
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<OsString>,
    /// The policy in this file.
    #[arg(long, value_name = "FILE", conflicts_with = "policy")]
    pub(crate) policy_file: Option<PathBuf>,
    /// How to answer [default: text].
    #[arg(long, value_name = "FORM", value_enum, conflicts_with = "json")]
    format: Option<Form>,
    /// Print one JSON object; the same as --format json.
    #[arg(long)]
    pub(crate) json: bool,
    /// Say nothing beside what was found.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// In which form findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Lines.
    Text,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, which code hosts and editors read.
    Sarif,
}

impl CheckArguments {
    pub(super) fn form(&self) -> Form {
        if self.json { Form::Json } else { self.format.unwrap_or(Form::Text) }
    }

    pub(super) fn language(&self) -> Result<Option<Language>, Error> {
        self.language.as_ref().map(|name| text(name).parse()).transpose()
    }
}
