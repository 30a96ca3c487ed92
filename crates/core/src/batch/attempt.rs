use tokio::{select, sync::watch};

use super::{Batch, Job, JobResult, drive::told};
use crate::{Error, ErrorKind, RunResult, SessionBuilder, run::Stdin};

/// What a sandbox gave, and what kept it from being removed.
type Ended = (Result<RunResult, Error>, Option<Error>);

/// Runs a job, again where its sandbox fails and that is wanted. `None` where it was stopped.
pub(super) async fn attempts<S>(batch: &Batch<S>, job: Job, stop: watch::Receiver<()>) -> Option<JobResult> {
    if job.run.stdin == Stdin::Live {
        let reason = format!("nobody could write to that of job {:?}", job.id);
        let error = Error::invalid("standard input", reason).with_remedy("give its bytes by Run::stdin");
        return Some(JobResult { id: job.id, result: Err(error), attempts: 0, left_behind: None });
    }
    let builder = batch.builder.clone().for_job(job.language.clone(), job.limits.clone());
    let mut attempts = 0;
    loop {
        attempts += 1;
        let (result, left_behind) = attempt(builder.clone(), &job, &stop).await?;
        match &result {
            Err(error) if attempts <= batch.retries && is_worth_another(error) => {}
            _ => return Some(JobResult { id: job.id, result, attempts, left_behind }),
        }
    }
}

/// Whether another sandbox may do better.
fn is_worth_another(error: &Error) -> bool {
    let may = [
        ErrorKind::Backend,
        ErrorKind::SandboxDied,
        ErrorKind::AgentMisbehaved,
        ErrorKind::Aborted,
        ErrorKind::Exhausted,
    ];
    may.contains(&error.kind())
}

async fn attempt<S>(builder: SessionBuilder<S>, job: &Job, stop: &watch::Receiver<()>) -> Option<Ended> {
    let session = select! {
        biased;
        () = told(stop.clone()) => return None,
        opened = builder.open_session() => match opened {
            Ok(session) => session,
            Err(error) => return Some((Err(error), None)),
        },
    };
    let result = select! {
        biased;
        () = told(stop.clone()) => None,
        result = session.run(job.run.clone()) => Some(result),
    };
    let left_behind = session.close().await.err();
    result.map(|result| (result, left_behind))
}
