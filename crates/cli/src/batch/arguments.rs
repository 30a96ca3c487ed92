use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use crate::arguments::{SandboxArguments, Settable};

/// What the command is for.
pub(crate) const ABOUT: &str = "\
Run many programs, each in a fresh sandbox, and print their results as JSON lines.

Each line of JOBS is a JSON object:
  id        text or a whole number, which no other job has; its result is known by it
  code      program text, or
  command   a program and its arguments, such as [\"ls\", \"-l\"]; no shell is involved
  language  of the code [default: -l, else python]
  args      arguments, a list of texts
  stdin     what the program reads [default: nothing]
  env       environment variables, {name: value}
  files     what lies in the working directory, {name: text}
  timeout   wall-clock time, in seconds [default: --timeout]
Only id and one of code and command are needed. A key that is unknown is an error. A file of jobs is checked whole before
anything runs; standard input is checked line by line.

Each result is one line, in the order in which jobs finish: the job's id, the number of attempts, and what run --json
prints. Code that fails is a result like any other; where a sandbox failed there is \"error\" in its place. --resume runs such jobs
again and appends their lines, so that of two lines of one id the later counts; a last line that was cut off is removed.";

/// How it is used.
pub(crate) const EXAMPLES: &str = "\
Examples:
  llm-sandbox batch jobs.jsonl > results.jsonl
  llm-sandbox batch --jobs 8 --timeout 10 --memory 256m jobs.jsonl --output results.jsonl
  llm-sandbox batch jobs.jsonl --output results.jsonl --resume
  generate | llm-sandbox batch - | jq 'select(.exit_code == 0) | .id'

Exit status:
  0        every job was run, whatever the code did
  2        wrong usage, or a line that is no job
  125      a sandbox failed, or some job could not be run: its result has \"error\"
  128+N    signal N told this program to stop; results so far are kept, and --resume runs the rest
  141      nobody reads the results any more";

/// What `batch` takes.
#[derive(Debug, Args)]
pub(crate) struct BatchArguments {
    /// File with a job on each line, or - for standard input.
    #[arg(value_name = "JOBS")]
    pub(crate) file: PathBuf,
    /// Append results to this file instead of printing them.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Leave out jobs whose results are in the output file; those that have an error there are run again.
    #[arg(long, requires = "output")]
    pub(crate) resume: bool,
    /// Jobs at once [default: one a processor].
    #[arg(short, long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) jobs: Option<OsString>,
    /// Try a job so often again where its sandbox failed [default: 0].
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) retries: Option<OsString>,
    /// Language of jobs that name none [default: python].
    #[arg(short, long, value_name = "LANG")]
    pub(crate) language: Option<OsString>,
    /// The sandboxes.
    #[command(flatten)]
    pub(crate) sandbox: SandboxArguments,
    /// What is kept of each output stream, head and tail [default: 8m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) output_limit: Option<OsString>,
    /// Show no progress.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl BatchArguments {
    /// What can be set elsewhere, too. Jobs bring their own files.
    pub(crate) fn settable(&mut self) -> Settable<'_> {
        let Self { sandbox, language, output_limit, .. } = self;
        Settable { sandbox, language, output: output_limit, files: None }
    }
}
