//! The command line as it is typed; nothing here is checked beyond its shape.

mod examples;
mod run;
mod sandbox;
mod session;

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use run::RunArguments;
pub(crate) use sandbox::{SandboxArguments, Settable};
pub(crate) use session::{
    CpArguments, ExecArguments, KillArguments, OpenArguments, PsArguments, ShellArguments, WaitArguments,
};

use crate::{
    batch::{self, BatchArguments},
    check::{self, CheckArguments},
};

/// Runs code that a language model wrote, in a sandbox of its own.
#[derive(Debug, Parser)]
#[command(name = "llm-sandbox", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_long_help = examples::PROGRAM)]
pub(crate) struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: Action,
}

const ABOUT: &str = "\
Run a program in a fresh sandbox and remove the sandbox.

The code sees no network, none of your files but what you mount or copy, and none of your
environment but what you set. Its output comes as it is printed, unaltered. Sizes are whole numbers
of bytes, or have one of the units k, m, g, t (also KiB, MiB, ...), powers of 1024.

What makes the sandbox can be set by LLM_SANDBOX_ variables and a config file, too: see
llm-sandbox config --help.";

const OPEN_ABOUT: &str = "\
Open a session that lives on, and print its id.

A process in the background has the sandbox. Files stay between what runs in it, and runs may
overlap. It ends by llm-sandbox kill, when nothing was done in it for an hour, with its lifetime,
or with that process; nothing is left of it then.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Run a program in a fresh sandbox and remove the sandbox.
    #[command(long_about = ABOUT, after_long_help = examples::RUN, after_help = "See --help for examples and exit statuses.")]
    Run(Box<RunArguments>),
    /// Run many programs, each in a fresh sandbox, and print their results as JSON lines.
    #[command(long_about = batch::ABOUT, after_long_help = batch::EXAMPLES, after_help = "See --help for the form of jobs, examples and exit statuses.")]
    Batch(Box<BatchArguments>),
    /// Say what a policy finds in files, without running them.
    #[command(long_about = check::ABOUT, after_long_help = check::EXAMPLES, after_help = "See --help for the form of policy files, examples and exit statuses.")]
    Check(Box<CheckArguments>),
    /// Open a session that lives on, and print its id.
    #[command(long_about = OPEN_ABOUT, after_long_help = examples::OPEN)]
    Open(Box<OpenArguments>),
    /// Run a program in an open session.
    #[command(after_long_help = examples::EXEC)]
    Exec(ExecArguments),
    /// Wait for a run that was left running, and show its result.
    #[command(after_long_help = examples::WAIT)]
    Wait(WaitArguments),
    /// Work in an open session at a terminal.
    #[command(after_long_help = examples::SHELL)]
    Shell(ShellArguments),
    /// List the open sessions, or the runs of one.
    #[command(after_long_help = examples::PS)]
    Ps(PsArguments),
    /// Copy a file or directory into a session, or out of it.
    #[command(after_long_help = examples::CP)]
    Cp(CpArguments),
    /// End a session, or one of its runs.
    #[command(after_long_help = examples::KILL)]
    Kill(KillArguments),
    /// List the languages, the endings of their files, and what runs them on this host.
    #[command(after_long_help = examples::LANGUAGES)]
    Languages(Form),
    /// Show every setting of a sandbox, its value and where that comes from.
    #[command(after_long_help = examples::CONFIG)]
    Config(ConfigArguments),
    /// Say what works on this host, what a sandbox holds here, what is missing and what would bring it.
    #[command(after_long_help = examples::DOCTOR)]
    Doctor(Form),
    /// Attack a sandbox of this host, harmlessly, and say what it held.
    #[command(after_long_help = examples::SELFTEST)]
    Selftest(Form),
    /// Remove what processes that are gone have left in an engine, and name it.
    #[command(after_long_help = examples::GC)]
    Gc(GcArguments),
    /// Print the completions of a shell.
    #[command(after_long_help = examples::COMPLETIONS)]
    Completions(CompletionsArguments),
    /// Print a manual page, or write all of them.
    #[command(after_long_help = examples::MAN)]
    Man(ManArguments),
}

/// How to answer.
#[derive(Debug, Args)]
pub(crate) struct Form {
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `config` takes.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ConfigArguments {
    /// Settings of this name in the config file, over its defaults.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<OsString>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// What else to do.
    #[command(subcommand)]
    pub(crate) action: Option<ConfigAction>,
}

/// What `config` does besides.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Print where the config file is, or would be.
    #[command(after_long_help = examples::CONFIG_PATH)]
    Path,
}

/// What `gc` takes.
#[derive(Debug, Args)]
pub(crate) struct GcArguments {
    /// The engine: docker or podman.
    #[arg(short, long, value_name = "BACKEND", default_value = "docker")]
    pub(crate) backend: OsString,
}

/// What `completions` takes.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// What `man` takes.
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command whose page it is, such as run or config path; without it the program's own.
    #[arg(value_name = "COMMAND", conflicts_with = "directory")]
    pub(crate) command: Vec<String>,
    /// Write the pages of all commands into this directory, which is created.
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}
