//! What the commands take that work on sessions which live on between calls of this program.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use super::{SandboxArguments, Settable};

/// What `open` takes.
#[derive(Debug, Args)]
pub(crate) struct OpenArguments {
    /// What to call the session, besides its id.
    #[arg(short, long, value_name = "NAME")]
    pub(crate) name: Option<OsString>,
    /// Seconds without a run or a file operation after which it ends, or none [default: 3600].
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) idle_timeout: Option<OsString>,
    /// Seconds after which it ends whatever it does.
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) lifetime: Option<OsString>,
    /// Label the session, for whoever lists sessions; can be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) label: Vec<OsString>,
    /// Language of what is run by exec -c [default: python].
    #[arg(short, long, value_name = "LANG")]
    pub(crate) language: Option<OsString>,
    /// The sandbox.
    #[command(flatten)]
    pub(crate) sandbox: SandboxArguments,
    /// What is kept of each output stream, head and tail, or unlimited [default: 8m].
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    pub(crate) output: Option<OsString>,
    /// Copy a host file or directory into the working directory first; can be repeated.
    #[arg(long = "file", id = "copied", value_name = "SRC[:NAME]")]
    pub(crate) files: Vec<OsString>,
    /// Have the session in this process, to its end, instead of one in the background.
    #[arg(long)]
    pub(crate) foreground: bool,
    /// Print what there is to know of the session as one JSON object, instead of its id.
    #[arg(long)]
    pub(crate) json: bool,
    /// What `open` starts in the background.
    #[arg(long, hide = true, conflicts_with = "foreground")]
    pub(crate) background: bool,
}

impl OpenArguments {
    /// What can be set elsewhere, too.
    pub(crate) fn settable(&mut self) -> Settable<'_> {
        let Self { sandbox, language, output, files, .. } = self;
        Settable { sandbox, language, output, files: Some(files) }
    }
}

/// What `exec` takes.
#[derive(Debug, Args)]
pub(crate) struct ExecArguments {
    /// The session, by its name or id.
    #[arg(value_name = "SESSION")]
    pub(crate) session: OsString,
    /// Program text to run in the session's language; what follows are its arguments.
    #[arg(short, long, value_name = "CODE", allow_hyphen_values = true)]
    pub(crate) code: Option<OsString>,
    /// Leave it running, and print its number.
    #[arg(short, long, conflicts_with_all = ["interactive", "tty", "json"])]
    pub(crate) detach: bool,
    /// Pass standard input on.
    #[arg(short, long)]
    pub(crate) interactive: bool,
    /// Give it a terminal instead of pipes, and pass standard input on.
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) tty: bool,
    /// Set an environment variable; can be repeated.
    #[arg(short, long, value_name = "NAME=VALUE", allow_hyphen_values = true)]
    pub(crate) env: Vec<OsString>,
    /// Working directory inside [default: the session's].
    #[arg(short, long, value_name = "DIR")]
    pub(crate) workdir: Option<PathBuf>,
    /// Wall-clock time, in seconds, or none [default: the session's; with --detach none].
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    pub(crate) timeout: Option<OsString>,
    /// Print one JSON object with everything known when it is over, and nothing before.
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not say why it ended, or that output was cut.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// The program and its arguments.
    #[arg(
        value_name = "PROGRAM",
        required_unless_present = "code",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    pub(crate) command: Vec<OsString>,
}

/// What `wait` takes.
#[derive(Debug, Args)]
pub(crate) struct WaitArguments {
    /// The session, by its name or id.
    #[arg(value_name = "SESSION")]
    pub(crate) session: OsString,
    /// The number of the run.
    #[arg(value_name = "RUN")]
    pub(crate) run: OsString,
    /// Print one JSON object with everything known of it.
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not say why it ended, or that output was cut.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What `shell` takes.
#[derive(Debug, Args)]
pub(crate) struct ShellArguments {
    /// The session, by its name or id.
    #[arg(value_name = "SESSION")]
    pub(crate) session: OsString,
    /// The shell, such as zsh [default: bash, where there is none sh].
    #[arg(value_name = "PROGRAM")]
    pub(crate) program: Option<OsString>,
}

/// What `ps` takes.
#[derive(Debug, Args)]
pub(crate) struct PsArguments {
    /// The session whose runs to list, by its name or id; without it the sessions.
    #[arg(value_name = "SESSION")]
    pub(crate) session: Option<OsString>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `cp` takes.
#[derive(Debug, Args)]
pub(crate) struct CpArguments {
    /// A file or directory of the host, or SESSION:PATH.
    #[arg(value_name = "SRC")]
    pub(crate) source: OsString,
    /// Where it goes, SESSION:PATH or a path of the host; into it where it is a directory.
    #[arg(value_name = "DST")]
    pub(crate) target: OsString,
}

/// What `kill` takes.
#[derive(Debug, Args)]
pub(crate) struct KillArguments {
    /// The session, by its name or id.
    #[arg(value_name = "SESSION")]
    pub(crate) session: OsString,
    /// The number of a run, which alone is killed then.
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<OsString>,
}
