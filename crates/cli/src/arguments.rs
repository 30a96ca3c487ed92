//! The command line as it is typed; nothing here is checked beyond its shape.

use std::{ffi::OsString, path::PathBuf};

use clap::{ArgGroup, Args, Parser, Subcommand};

use crate::batch::{self, BatchArguments};

/// Runs code that a language model wrote, in a sandbox of its own.
#[derive(Debug, Parser)]
#[command(name = "llm-sandbox", version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: Action,
}

const EXAMPLES: &str = "\
Examples:
  llm-sandbox run -c 'print(6 * 7)'
  llm-sandbox run solve.py < input.txt
  llm-sandbox run --timeout 2 --memory 256m solve.js -- --fast 3
  generate | llm-sandbox run -l python -
  llm-sandbox run --mount ./data:/data --file util.py analyse.py
  llm-sandbox run --json -c 'print(1)' | jq .outcome

Exit status:
  the code's own   it left by itself
  1                it did not compile
  2                wrong usage: nothing was run
  124              a time limit was reached
  125              the sandbox failed: nothing can be said about the code
  128+N            signal N ended it; 130 and 143 also where this program was told to stop by SIGINT or SIGTERM
  137              the memory limit was reached
  141              nobody reads the output any more: the code was killed
Where the code's own status is one of these numbers, --json tells them apart.

Standard input goes to the code as it comes, and some of it may be read that the code never asks for: in a shell's
read loop give --stdin /dev/null. A program read from standard input by - has none of its own.";

const ABOUT: &str = "\
Run a program in a fresh sandbox and remove the sandbox.

The code sees no network, none of your files but what you mount or copy, and none of your
environment but what you set. Its output comes as it is printed, unaltered. Sizes are whole numbers
of bytes, or have one of the units k, m, g, t (also KiB, MiB, ...), powers of 1024.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Run a program in a fresh sandbox and remove the sandbox.
    #[command(long_about = ABOUT, after_long_help = EXAMPLES, after_help = "See --help for examples and exit statuses.")]
    Run(Box<RunArguments>),
    /// Run many programs, each in a fresh sandbox, and print their results as JSON lines.
    #[command(long_about = batch::ABOUT, after_long_help = batch::EXAMPLES, after_help = "See --help for the form of jobs, examples and exit statuses.")]
    Batch(Box<BatchArguments>),
    /// List the languages.
    Languages,
    /// Say what works on this host, what a sandbox holds here, what is missing and what would bring it.
    Doctor(Form),
    /// Attack a sandbox of this host, harmlessly, and say what it held.
    Selftest(Form),
    /// Remove what processes that are gone have left in an engine, and name it.
    Gc(GcArguments),
}

/// How to answer.
#[derive(Debug, Args)]
pub(crate) struct Form {
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `gc` takes.
#[derive(Debug, Args)]
pub(crate) struct GcArguments {
    /// The engine: docker or podman.
    #[arg(short, long, value_name = "BACKEND", default_value = "docker")]
    pub(crate) backend: OsString,
}

/// What `run` takes.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("program").required(true).args(["code", "file"]))]
pub(crate) struct RunArguments {
    /// Language; without it the file's ending decides, and python where there is none.
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

/// What a sandbox is to be, for whatever opens one.
#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// Wall-clock time, in seconds, or none [default: 60].
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) timeout: Option<OsString>,
    /// CPU time of all its processes, in seconds.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) cpu_time: Option<OsString>,
    /// Memory, files aside [default: 512m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) memory: Option<OsString>,
    /// Processors, such as 0.5 or 2 [default: 1].
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) cpus: Option<OsString>,
    /// Processes and threads [default: 128].
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub(crate) pids: Option<OsString>,
    /// All written files together [default: 256m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) disk: Option<OsString>,
    /// Set an environment variable; can be repeated.
    #[arg(short, long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) env: Vec<OsString>,
    /// Show a host path inside, read-only unless :rw follows; can be repeated.
    #[arg(long, value_name = "SRC:DST[:rw]")]
    pub(crate) mount: Vec<OsString>,
    /// Working directory inside [default: /sandbox].
    #[arg(short, long, value_name = "DIR")]
    pub(crate) workdir: Option<PathBuf>,
    /// Interpreter of the host to run the code by.
    #[arg(long, value_name = "PATH")]
    pub(crate) interpreter: Option<PathBuf>,
    /// What makes the sandbox: native, docker, podman or micromamba [default: native].
    #[arg(short, long, value_name = "BACKEND")]
    pub(crate) backend: Option<OsString>,
    /// Image of the container, for docker and podman [default: one of the language].
    #[arg(long, value_name = "IMAGE")]
    pub(crate) image: Option<OsString>,
    /// Container that is there already, for docker and podman; it is left as it was.
    #[arg(long, value_name = "CONTAINER", conflicts_with_all = ["image", "dockerfile"])]
    pub(crate) container: Option<OsString>,
    /// Environment that everything runs inside, for micromamba [default: base].
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(crate) environment: Option<OsString>,
    /// Set an option of the container, for docker and podman; can be repeated.
    ///
    /// Names and values are those of the Docker SDK for Python, such as shm_size=64m, 'dns=["1.1.1.1"]' or 'volumes={"/host": {"bind": "/in", "mode": "ro"}}'.
    #[arg(long = "container-option", value_name = "NAME=VALUE")]
    pub(crate) container_options: Vec<OsString>,
    /// Build the image of this file, its directory being the context; the steps run outside the sandbox.
    #[arg(long, value_name = "PATH", conflicts_with = "image")]
    pub(crate) dockerfile: Option<PathBuf>,
    /// Keep the image that was built, for the next run of the same content.
    #[arg(long, requires = "dockerfile", hide_short_help = true)]
    pub(crate) keep_template: bool,
    /// What keeps the code apart: full, or without-namespaces on hosts that give none [default: full].
    #[arg(long, value_name = "ISOLATION")]
    pub(crate) isolation: Option<OsString>,
    /// Refuse to run where this guarantee does not hold, such as memory-limit; can be repeated.
    #[arg(long, value_name = "GUARANTEE")]
    pub(crate) require: Vec<OsString>,
    /// Take this guarantee in a weaker form, although a limit was named; can be repeated.
    #[arg(long, value_name = "GUARANTEE")]
    pub(crate) accept_weaker: Vec<OsString>,
}
