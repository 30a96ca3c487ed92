//! The `llm-sandbox` program: runs code that a language model wrote in a sandbox of its own.
//!
//! `llm-sandbox run -c 'print(6 * 7)'` prints 42. Arguments become a validated [`request`], which is [executed](mod@execute)
//! to an [exit status](status); everything the program says by itself goes through [`report`].

#![forbid(unsafe_code)]

mod arguments;
mod batch;
mod doctor;
mod engine;
mod execute;
mod gc;
mod input;
mod limits;
mod program;
mod progress;
mod report;
mod request;
mod sandbox;
mod screen;
mod selftest;
mod shared;
mod signals;
mod size;
mod status;
mod terminal;

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use llm_sandbox::{Error, Language};

use arguments::{Action, CommandLine, RunArguments};
use report::Report;
use request::Request;
use status::ExitStatus;

fn main() -> ExitCode {
    let status = match CommandLine::try_parse() {
        Ok(CommandLine { action: Action::Run(arguments) }) => run(*arguments),
        Ok(CommandLine { action: Action::Batch(arguments) }) => batch::run(&arguments),
        Ok(CommandLine { action: Action::Languages }) => languages(),
        Ok(CommandLine { action: Action::Doctor(form) }) => examine(form.json, doctor::doctor(form.json)),
        Ok(CommandLine { action: Action::Selftest(form) }) => examine(form.json, selftest::selftest(form.json)),
        Ok(CommandLine { action: Action::Gc(arguments) }) => examine(false, gc::gc(arguments)),
        Err(error) => misused(&error),
    };
    status.into()
}

fn run(arguments: RunArguments) -> ExitStatus {
    let report = Report::new(arguments.json, arguments.quiet);
    execute(arguments, report).unwrap_or_else(|error| report.failure(&error))
}

fn execute(arguments: RunArguments, report: Report) -> Result<ExitStatus, Error> {
    let request = Request::new(arguments)?;
    let starting = |error: io::Error| Error::backend("this program", "starting its event loop", error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(starting)?;
    let status = runtime.block_on(execute::execute(request, report));
    // What still blocks a thread, such as an interpreter asked where it lives, is not waited for.
    runtime.shutdown_background();
    status
}

/// Looks at this host rather than at code.
fn examine(json: bool, examination: impl Future<Output = Result<ExitStatus, Error>>) -> ExitStatus {
    let starting = |error: io::Error| Error::backend("this program", "starting its event loop", error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(starting);
    let status = runtime.and_then(|runtime| runtime.block_on(examination));
    status.unwrap_or_else(|error| Report::new(json, false).failure(&error))
}

fn languages() -> ExitStatus {
    let names: String = Language::ALL.iter().map(|language| format!("{language}\n")).collect();
    match io::stdout().write_all(names.as_bytes()) {
        Ok(()) => ExitStatus::Code(0),
        Err(_) => ExitStatus::OutputClosed,
    }
}

/// Arguments that cannot be understood, or a wish for help.
fn misused(error: &clap::Error) -> ExitStatus {
    let asks_for_json =
        std::env::args_os().take_while(|argument| argument != "--").any(|argument| argument == "--json");
    if error.use_stderr() && asks_for_json {
        return Report::new(true, false).misused(error);
    }
    match error.print() {
        Ok(()) if error.use_stderr() => ExitStatus::Usage,
        Ok(()) => ExitStatus::Code(0),
        Err(_) => ExitStatus::OutputClosed,
    }
}

/// The bytes of an argument as text, for where only text makes sense; what is not UTF-8 shows as such.
fn text(argument: &OsString) -> std::borrow::Cow<'_, str> {
    argument.to_string_lossy()
}
