//! What `run` takes.

use std::{ffi::OsString, path::PathBuf};

use clap::{ArgGroup, Args};
use llm_sandbox::Language;

use super::{SandboxArguments, Settable};

/// What `run` takes.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("program").required(true).args(["code", "file"]))]
pub(crate) struct RunArguments {
    /// Language; without it the file's ending decides; of -c and - it is python.
    #[arg(short, long, value_name = "LANG")]
    pub(crate) language: Option<OsString>,
    /// Program text to run.
    #[arg(short, long, value_name = "CODE", allow_hyphen_values = true)]
    pub(crate) code: Option<OsString>,
    /// File with the program, or - for standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The sandbox.
    #[command(flatten)]
    pub(crate) sandbox: SandboxArguments,
    /// What is kept of each output stream, head and tail, or unlimited [default: 8m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) output: Option<OsString>,
    /// Copy a host file or directory into the working directory first; can be repeated.
    #[arg(long = "file", id = "copied", value_name = "SRC[:NAME]")]
    pub(crate) files: Vec<OsString>,
    /// Read the code's standard input from this file instead.
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin: Option<PathBuf>,
    /// Give the code a terminal instead of pipes.
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) tty: bool,
    /// Print one JSON object with everything known when it is over, and nothing before.
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not say why the code ended, or that output was cut.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Arguments of the program.
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) arguments: Vec<OsString>,
}

impl RunArguments {
    /// Takes the language from the file's ending, unless one is named; what is said elsewhere is for other files.
    pub(crate) fn prefer_language_of_file(&mut self) {
        if self.language.is_none() {
            let language = self.file.as_ref().and_then(Language::of_file);
            self.language = language.map(|language| language.name().into());
        }
    }

    /// What can be set elsewhere, too.
    pub(crate) fn settable(&mut self) -> Settable<'_> {
        let Self { sandbox, language, output, files, .. } = self;
        Settable { sandbox, language, output, files: Some(files) }
    }
}
