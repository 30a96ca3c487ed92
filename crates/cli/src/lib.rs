//! The command line of llm-sandbox: runs code that a language model wrote in a sandbox of its own.
//!
//! ```
//! let arguments = ["llm-sandbox", "languages"].map(Into::into).to_vec();
//! assert_eq!(llm_sandbox_cli::run(arguments, None), 0);
//! ```
//!
//! `llm-sandbox run -c 'print(6 * 7)'` prints 42. Arguments, completed by the environment and the config file (`config`),
//! become a validated `request`, which is executed (`execute`) to an exit status (`status`); everything the program
//! says by itself goes through `report`.

#![forbid(unsafe_code)]

mod arguments;
mod attend;
mod batch;
mod check;
mod completions;
mod config;
mod doctor;
mod engine;
mod execute;
mod gc;
mod input;
mod invocation;
mod languages;
mod limits;
mod man;
mod policy;
mod print;
mod program;
mod progress;
mod report;
mod request;
mod sandbox;
mod screen;
mod selftest;
mod session;
mod shared;
mod signals;
mod size;
mod status;
mod table;
mod terminal;

use std::{ffi::OsString, io};

use clap::Parser;
use llm_sandbox::Error;

use arguments::{Action, CommandLine, RunArguments};
use config::Inherited;
use report::Report;
use request::Request;
use status::ExitStatus;

/// Does what the arguments say, the first of which is the program's own name; the status that the process is to leave
/// with. To be called once in a process, which is all this program's: it prints, reads and handles signals.
///
/// `itself` is what starts this program again, without arguments: by default the file that this process runs. A session
/// that outlives its command lives in such a process.
pub fn run(arguments: Vec<OsString>, itself: Option<Vec<OsString>>) -> u8 {
    let parsed = CommandLine::try_parse_from(&arguments);
    invocation::remember(arguments, itself);
    match parsed {
        Ok(CommandLine { action }) => act(action),
        Err(error) => misused(&error),
    }
    .number()
}

fn act(action: Action) -> ExitStatus {
    match action {
        Action::Run(arguments) => run_code(*arguments),
        Action::Batch(arguments) => batch::run(*arguments),
        Action::Check(arguments) => answered(arguments.json, check::check(&arguments)),
        Action::Open(arguments) => answered(arguments.json, session::open(*arguments)),
        Action::Exec(arguments) => {
            let report = Report::new(arguments.json, arguments.quiet).in_session();
            reported(report, block_on(session::exec(arguments, report)))
        }
        Action::Wait(arguments) => {
            let report = Report::new(arguments.json, arguments.quiet).in_session();
            reported(report, block_on(session::wait(arguments, report)))
        }
        Action::Shell(arguments) => examine(false, session::shell(arguments, Report::new(false, false))),
        Action::Ps(arguments) => examine(arguments.json, session::ps(arguments)),
        Action::Cp(arguments) => examine(false, session::cp(arguments, Report::new(false, false))),
        Action::Kill(arguments) => examine(false, session::kill(arguments)),
        Action::Languages(form) => answered(form.json, languages::languages(form.json)),
        Action::Config(arguments) => answered(arguments.json, config::config(&arguments)),
        Action::Doctor(form) => examine(form.json, doctor::doctor(form.json)),
        Action::Selftest(form) => examine(form.json, selftest::selftest(form.json)),
        Action::Gc(arguments) => examine(false, gc::gc(arguments)),
        Action::Completions(arguments) => answered(false, completions::completions(&arguments)),
        Action::Man(arguments) => answered(false, man::man(&arguments)),
    }
}

fn run_code(arguments: RunArguments) -> ExitStatus {
    let report = Report::new(arguments.json, arguments.quiet);
    reported(report, execute(arguments, report))
}

fn execute(mut arguments: RunArguments, report: Report) -> Result<ExitStatus, Error> {
    arguments.prefer_language_of_file();
    let inherited = Inherited::complete(arguments.settable())?;
    let executed = Request::new(arguments).and_then(|request| block_on(execute::execute(request, report)));
    executed.map_err(|error| inherited.blame(error))
}

/// Does what has a form of its own, and reports an error.
fn examine(json: bool, examination: impl Future<Output = Result<ExitStatus, Error>>) -> ExitStatus {
    answered(json, block_on(examination))
}

fn answered(json: bool, answer: Result<ExitStatus, Error>) -> ExitStatus {
    reported(Report::new(json, false), answer)
}

fn reported(report: Report, answer: Result<ExitStatus, Error>) -> ExitStatus {
    answer.unwrap_or_else(|error| report.failure(&error))
}

fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let starting = |error: io::Error| Error::backend("this program", "starting its event loop", error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(starting)?;
    let output = runtime.block_on(future);
    // What still blocks a thread, such as an interpreter asked where it lives, is not waited for.
    runtime.shutdown_background();
    output
}

/// Arguments that cannot be understood, or a wish for help.
fn misused(error: &clap::Error) -> ExitStatus {
    let asks_for_json =
        invocation::arguments().iter().take_while(|argument| *argument != "--").any(|argument| argument == "--json");
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
