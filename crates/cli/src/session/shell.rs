//! `llm-sandbox shell`: somebody at a terminal in an open session.

use llm_sandbox::{Error, Outcome, Run};

use super::attach;
use crate::{
    arguments::ShellArguments,
    attend::{Ending, Job, attend, broken},
    input::Input,
    report::Report,
    signals::Signals,
    status::ExitStatus,
};

/// The shells that are tried where none is named, best first. Nothing is passed to them.
const SHELLS: [&str; 2] = ["bash", "sh"];

/// Runs a shell on a terminal, without a time limit.
pub(crate) async fn shell(arguments: ShellArguments, report: Report) -> Result<ExitStatus, Error> {
    let mut signals = Signals::listen().map_err(|error| broken("listening for signals", &error))?;
    let session = attach(&arguments.session).await?;
    let mut limits = session.limits().clone();
    limits.wall_time = None;
    let mut names: Vec<_> = match arguments.program {
        Some(program) => vec![program],
        None => SHELLS.map(Into::into).to_vec(),
    };
    let last = names.pop().unwrap_or_default();
    for name in names {
        let job = Job::new(Run::command(name).no_timeout(), Input::Ours, true);
        match attend(&session, job, report, &mut signals).await? {
            Ending::Over(result, _) if matches!(result.outcome, Outcome::NeverStarted { .. }) => {}
            ending => return Ok(ending.tell(report, &limits)),
        }
    }
    let job = Job::new(Run::command(last).no_timeout(), Input::Ours, true);
    Ok(attend(&session, job, report, &mut signals).await?.tell(report, &limits))
}
