//! `llm-sandbox batch`: jobs in, results out, a JSON line each.

mod arguments;
mod bar;
mod execute;
mod feed;
mod job;
mod lines;
mod output;
mod plan;
mod record;

use std::io;

use llm_sandbox::Error;
use rustix::process::{Resource, getrlimit, setrlimit};

pub(crate) use arguments::{ABOUT, BatchArguments, EXAMPLES};

use crate::{report::Report, status::ExitStatus};
use plan::Plan;

/// Runs all jobs.
pub(crate) fn run(arguments: &BatchArguments) -> ExitStatus {
    let report = Report::new(false, arguments.quiet);
    try_run(arguments).unwrap_or_else(|error| report.failure(&error))
}

fn try_run(arguments: &BatchArguments) -> Result<ExitStatus, Error> {
    allow_many_descriptors();
    let plan = Plan::new(arguments)?;
    let starting = |error: io::Error| Error::backend("this program", "starting its event loop", error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(starting)?;
    let status = runtime.block_on(execute::execute(plan));
    // A thread that still waits for standard input is not waited for.
    runtime.shutdown_background();
    status
}

/// Every sandbox takes a few descriptors, and the usual limit is meant for programs that use `select`.
fn allow_many_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // With the old limit fewer sandboxes fit, and whichever does not fit says so.
    let _ = setrlimit(Resource::Nofile, limit);
}
