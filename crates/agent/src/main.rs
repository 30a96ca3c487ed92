//! The program inside every sandbox: it starts runs, streams their output, kills their process trees and moves files.
//!
//! The native backend starts it as `llm-sandbox-agent supervise`, with the pipe to the host as standard input and a
//! control stream as standard output; where there are to be no namespaces, as `llm-sandbox-agent
//! supervise-without-namespaces DIRECTORY`, with a directory for temporary files. In a container it is started as
//! `llm-sandbox-agent serve USER DIRECTORY` and serves over its standard streams; in one that was there before as
//! `llm-sandbox-agent serve-as-guest USER DIRECTORY`. It is a single-threaded program and stays one: forks rely on it.

mod confinement;
mod container;
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
use std::path::Path;
use std::process::ExitCode;

use enclosure::Enclosure;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let result = match arguments.next() {
        Some(word) if word == "supervise" => jail::supervise(Enclosure::Namespaces, Path::new("/")),
        Some(word) if word == "supervise-without-namespaces" => {
            let Some(temporary) = arguments.next() else { return ExitCode::from(2) };
            jail::supervise(Enclosure::Descent, Path::new(&temporary))
        }
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
