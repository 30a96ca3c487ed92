//! `llm-sandbox wait`: the result of a run that was left running.

use std::io::{self, Write};

use llm_sandbox::{Error, RunResult};

use super::{LISTED, attach, run_number};
use crate::{arguments::WaitArguments, print::print, report::Report, status::ExitStatus};

/// Waits for its end, shows what it printed and how it ended, and forgets it.
pub(crate) async fn wait(arguments: WaitArguments, report: Report) -> Result<ExitStatus, Error> {
    let number = run_number(&arguments.run)?;
    let session = attach(&arguments.session).await?;
    let result = session.take(number).await.map_err(|error| error.with_remedy(LISTED))?;
    if !report.is_json() {
        let shown = show(&result)?;
        if shown != ExitStatus::Code(0) {
            return Ok(shown);
        }
    }
    Ok(report.result(&result, None, session.limits()))
}

fn show(result: &RunResult) -> Result<ExitStatus, Error> {
    // Whoever closed it does not want it.
    let _ = io::stderr().write_all(&result.stderr.bytes);
    print(&result.stdout.bytes)
}
