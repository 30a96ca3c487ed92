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

use llm_sandbox::Error;
use rustix::process::{Resource, getrlimit, setrlimit};

pub(crate) use arguments::{ABOUT, BatchArguments, EXAMPLES};

use crate::{block_on, config::Inherited, report::Report, status::ExitStatus};
use plan::Plan;

/// Runs all jobs.
pub(crate) fn run(arguments: BatchArguments) -> ExitStatus {
    let report = Report::new(false, arguments.quiet);
    try_run(arguments).unwrap_or_else(|error| report.failure(&error))
}

fn try_run(mut arguments: BatchArguments) -> Result<ExitStatus, Error> {
    allow_many_descriptors();
    let inherited = Inherited::complete(arguments.settable())?;
    let executed = Plan::new(&arguments).and_then(|plan| block_on(execute::execute(plan)));
    executed.map_err(|error| inherited.blame(error))
}

/// Every sandbox takes a few descriptors, and the usual limit is meant for programs that use `select`.
fn allow_many_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // With the old limit fewer sandboxes fit, and whichever does not fit says so.
    let _ = setrlimit(Resource::Nofile, limit);
}
