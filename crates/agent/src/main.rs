//! The program inside every sandbox: it starts runs, streams their output, kills their process trees and moves files.
//!
//! The native backend starts it as `llm-sandbox-agent supervise`, with the pipe to the host as standard input and a
//! control stream as standard output. It is a single-threaded program and stays one: forks rely on it.

mod confinement;
mod descriptors;
mod files;
mod jail;
mod link;
mod poll;
mod run;
mod serve;
mod sys;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let result = match arguments.next() {
        Some(word) if word == "supervise" => jail::supervise(),
        _ => return ExitCode::from(2),
    };
    if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Ends this process without unwinding: for forked copies, whose stack belongs to another story.
fn leave(status: i32) -> ! {
    #[expect(clippy::exit, reason = "the one place where a forked copy ends")]
    std::process::exit(status)
}
