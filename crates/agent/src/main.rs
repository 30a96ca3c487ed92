//! The program inside every sandbox: it starts runs, streams their output, kills their process trees and moves files.
//!
//! The native backend starts it as `llm-sandbox-agent fork-server`, with a socket as standard input over which it asks for
//! sandboxes. In a container it is started as
//! `llm-sandbox-agent serve USER DIRECTORY` and serves over its standard streams; in one that was there before as
//! `llm-sandbox-agent serve-as-guest USER DIRECTORY`. It is a single-threaded program and stays one: forks rely on it.

mod confinement;
mod container;
mod decoy;
mod descriptors;
mod enclosure;
mod files;
mod jail;
mod link;
mod poll;
mod process_table;
mod run;
mod serve;
mod sys;
mod tree;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let result = match arguments.next() {
        Some(word) if word == "fork-server" => jail::serve_forks(),
        Some(word) if word == "serve" => container::serve(arguments).inspect_err(tell),
        Some(word) if word == "serve-as-guest" => container::serve_as_guest(arguments).inspect_err(tell),
        _ => return ExitCode::from(2),
    };
    if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Says what went wrong to whoever reads a container's error stream.
fn tell(error: &std::io::Error) {
    // Nobody is left to be told where this fails.
    let _ = writeln!(std::io::stderr(), "llm-sandbox-agent: {error}");
}

/// Ends this process without unwinding: for forked copies, whose stack belongs to another story.
fn leave(status: i32) -> ! {
    #[expect(clippy::exit, reason = "the one place where a forked copy ends")]
    std::process::exit(status)
}
