//! What this program says by itself, in lines on standard error or as one JSON object.

use std::{
    error::Error as _,
    fmt::Display,
    io::{self, Write},
    path::PathBuf,
    time::Duration,
};

use llm_sandbox::{Error, Hint, Limits, Outcome, Output, Refusal, RunResult, TimeLimit, Violation};
use serde::Serialize;

use crate::{shared::plain, size, status::ExitStatus};

/// How to speak.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    json: bool,
    quiet: bool,
    /// The session was opened by another call, which had most options.
    in_session: bool,
}

/// A run in the form of `--json`.
#[derive(Serialize)]
pub(crate) struct Object<'a> {
    #[serde(flatten)]
    result: &'a RunResult,
    exit_code: Option<i32>,
    signal: Option<i32>,
    truncated: bool,
    /// What a policy that does not bind found in the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<&'a [Violation]>,
}

/// A failure in the form of `--json`.
#[derive(Serialize)]
pub(crate) struct Failure<'a> {
    schema: u32,
    error: Words<'a>,
}

#[derive(Serialize)]
struct Words<'a> {
    kind: &'a str,
    message: String,
    hint: Option<&'a str>,
    /// What a policy found, where that is why.
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<&'a [Violation]>,
}

impl<'a> Object<'a> {
    pub(crate) fn of(result: &'a RunResult) -> Self {
        let truncated = result.stdout.is_truncated() || result.stderr.is_truncated();
        Self { result, exit_code: result.exit_code(), signal: result.signal(), truncated, violations: None }
    }
}

impl<'a> Failure<'a> {
    pub(crate) fn of(error: &'a Error) -> Self {
        let violations = match error {
            Error::UnsafeCode { violations, .. } => Some(violations.as_slice()),
            _ => None,
        };
        let words = Words { kind: error.kind().as_str(), message: chain(error), hint: error.hint(), violations };
        Self { schema: RunResult::SCHEMA, error: words }
    }
}

impl Report {
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet, in_session: false }
    }

    /// For a run in a session that is open already.
    pub(crate) fn in_session(self) -> Self {
        Self { in_session: true, ..self }
    }

    /// Whether everything is said at the end, in one object.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// What came of the code.
    pub(crate) fn result(self, result: &RunResult, violations: Option<&[Violation]>, limits: &Limits) -> ExitStatus {
        let status = ExitStatus::of_outcome(&result.outcome);
        if self.json {
            return print(&Object { violations, ..Object::of(result) }).unwrap_or(status);
        }
        if !self.quiet {
            // Without a limit all was shown; only the result is bounded then.
            if limits.output_bytes.is_some() {
                self.cut("output", &result.stdout);
                self.cut("error output", &result.stderr);
            }
            self.ended(&result.outcome, limits);
            result.hints.iter().filter(|told| !is_said(told.refusal)).for_each(refused);
        }
        status
    }

    /// A signal told this program to stop.
    pub(crate) fn interrupted(self, signal: i32, result: Option<&RunResult>) -> ExitStatus {
        match (self.json, result) {
            (true, Some(result)) => _ = object(result),
            (true, None) => {
                let message = format!("signal {signal} told this program to stop");
                failure("interrupted", message, None);
            }
            (false, _) if !self.quiet => line(format_args!("stopped by {}; the code was killed", name(signal))),
            (false, _) => {}
        }
        ExitStatus::Signal(signal)
    }

    /// The output could not be written, which is no news where its reader has gone.
    pub(crate) fn output_lost(self, error: &io::Error) -> ExitStatus {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return ExitStatus::OutputClosed;
        }
        line(format_args!("the output could not be written, so the code was killed: {}", plain(error)));
        hint("write it to where there is room");
        ExitStatus::SandboxFailed
    }

    /// Standard input ended with an error.
    pub(crate) fn input_broke(self, error: &io::Error) {
        line(format_args!("standard input could not be read to its end: {}", plain(error)));
    }

    /// What a policy that does not bind found in the code.
    pub(crate) fn advice(self, found: &[Violation]) {
        if !self.json && !self.quiet {
            found.iter().for_each(|violation| line(format_args!("the policy: {violation}")));
        }
    }

    /// Something of the sandbox could not be removed; the code's result stands.
    pub(crate) fn left_behind(self, error: &Error) {
        line(format_args!("something of the sandbox may be left: {}", chain(error)));
        error.hint().into_iter().for_each(hint);
    }

    /// What copying files left out.
    pub(crate) fn left_out(self, skipped: &[PathBuf]) {
        for path in skipped {
            let path = path.to_string_lossy().replace(char::is_control, " ");
            line(format_args!("{path} was left out: it is a link that leads outside, a pipe, a socket or a device"));
        }
    }

    /// An error that leaves no result.
    pub(crate) fn failure(self, error: &Error) -> ExitStatus {
        if self.json {
            return print(&Failure::of(error)).unwrap_or(ExitStatus::of_error(error));
        }
        line(chain(error));
        error.hint().into_iter().for_each(hint);
        ExitStatus::of_error(error)
    }

    /// Arguments that cannot be understood.
    pub(crate) fn misused(self, error: &clap::Error) -> ExitStatus {
        let words = error.to_string();
        let words = words.strip_prefix("error: ").unwrap_or(&words);
        let flat = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        let message = flat(words.split("\n\n").next().unwrap_or_default());
        let tip = words.lines().find_map(|line| line.trim().strip_prefix("tip: "));
        let hint = tip.unwrap_or("see llm-sandbox help run");
        failure("usage", message, Some(hint)).unwrap_or(ExitStatus::Usage)
    }

    /// Says that part of a stream is missing.
    fn cut(self, stream: &str, output: &Output) {
        if let Some(gap) = output.gap {
            let (omitted, written, offset) = (gap.omitted, output.written, gap.offset);
            let raises = self.option_of_open("--output");
            line(format_args!(
                "{omitted} of {written} bytes of {stream} were left out after the first {offset}; {raises} raises the limit"
            ));
        }
    }

    /// Says why the code ended, unless it left by itself.
    fn ended(self, outcome: &Outcome, limits: &Limits) {
        let ran_into = |limit: String, option: String| {
            line(format_args!("the code ran into its limit of {limit}"));
            hint(format_args!("{option} raises it"));
        };
        let seconds = |limit: Option<Duration>| limit.unwrap_or_default().as_secs_f64();
        match outcome {
            Outcome::TimedOut { limit: TimeLimit::Wall } => {
                ran_into(format!("{} s of wall time", seconds(limits.wall_time)), "--timeout".to_owned());
            }
            Outcome::TimedOut { limit: TimeLimit::Cpu } => {
                ran_into(format!("{} s of CPU time", seconds(limits.cpu_time)), self.option_of_open("--cpu-time"));
            }
            Outcome::OutOfMemory => {
                ran_into(format!("{} of memory", size::show(limits.memory_bytes)), self.option_of_open("--memory"));
            }
            Outcome::Signalled { signal } => line(format_args!("the code was ended by {}", name(*signal))),
            Outcome::NeverStarted { reason } => {
                line(format_args!("the code could not be started: {reason}"));
                hint(match self.in_session {
                    true => {
                        "look at the program's name and --workdir; no shell takes arguments apart, but sh -c LINE does"
                    }
                    false => "look at --interpreter, --workdir and the length of the arguments",
                });
            }
            Outcome::Killed => line("the code was killed"),
            _ => {}
        }
    }

    /// An option of `run`, and where it is to be given when this is not `run`.
    fn option_of_open(self, option: &str) -> String {
        if self.in_session { format!("{option} of llm-sandbox open") } else { option.to_owned() }
    }
}

/// A line of this program's own; where nobody can hear it there is nobody to tell.
pub(crate) fn line(words: impl Display) {
    let _ = io::stderr().write_all(format!("llm-sandbox: {words}\n").as_bytes());
}

fn hint(words: impl Display) {
    line(format_args!("hint: {words}"));
}

/// An error with its causes.
pub(crate) fn chain(error: &Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}"))
}

fn object(result: &RunResult) -> Option<ExitStatus> {
    print(&Object::of(result))
}

fn failure(kind: &str, message: String, hint: Option<&str>) -> Option<ExitStatus> {
    print(&Failure { schema: RunResult::SCHEMA, error: Words { kind, message, hint, violations: None } })
}

/// Prints one object and a line's end; what went wrong in that comes back as a status.
fn print(object: &impl Serialize) -> Option<ExitStatus> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer(&mut stdout, object).map_err(io::Error::from);
    let written = written.and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush());
    written.err().map(|error| Report::new(true, false).output_lost(&error))
}

/// Whether the code's end tells of it.
fn is_said(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Memory | Refusal::WallTime | Refusal::CpuTime)
}

/// Says what stood in the code's way.
fn refused(told: &Hint) {
    line(format_args!("{} ({})", told.message, told.rule));
    hint(&told.remedy);
}

/// A signal in words.
pub(crate) fn name(signal: i32) -> String {
    let name = match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => return format!("signal {signal}"),
    };
    format!("signal {signal} ({name})")
}
