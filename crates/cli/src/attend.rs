//! One run in an open session, followed from its start to its end.

use std::{io, time::Duration};

use llm_sandbox::{Error, Limits, Run, RunHandle, RunResult, Violation, core::Session};
use tokio::{select, time::timeout};

use crate::{
    input::Input,
    report::Report,
    screen::Screen,
    signals::Signals,
    status::ExitStatus,
    terminal::{self, Raw},
};

/// How long the result of a killed run may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A run, and what it has of this program.
#[derive(Debug)]
pub(crate) struct Job {
    /// What runs.
    pub(crate) run: Run,
    /// What the run reads.
    pub(crate) input: Input,
    /// Whether the run has a terminal.
    pub(crate) has_terminal: bool,
}

impl Job {
    /// A run that reads this input, on a terminal of this program's size or on pipes.
    pub(crate) fn new(mut run: Run, input: Input, has_terminal: bool) -> Self {
        if !input.is_empty() {
            run = run.stdin_stream();
        }
        if has_terminal {
            let (rows, columns) = terminal::size();
            run = run.terminal(rows, columns);
        }
        Self { run, input, has_terminal }
    }
}

/// What a policy found in code that is run all the same.
type Advice = Vec<Violation>;

/// How following a run ended.
pub(crate) enum Ending {
    /// The run is over.
    Over(RunResult, Option<Advice>),
    /// A signal told this program to stop; the run was killed.
    Interrupted(i32, Option<RunResult>),
    /// Its output could not be written; the run was killed.
    OutputLost(io::Error),
}

impl Ending {
    /// Tells of it.
    pub(crate) fn tell(self, report: Report, limits: &Limits) -> ExitStatus {
        match self {
            Self::Over(result, advice) => report.result(&result, advice.as_deref(), limits),
            Self::Interrupted(signal, result) => report.interrupted(signal, result.as_ref()),
            Self::OutputLost(error) => report.output_lost(&error),
        }
    }
}

/// What went wrong in this program itself.
pub(crate) fn broken(step: &'static str, error: &io::Error) -> Error {
    Error::backend("this program", step, error.to_string())
}

/// Starts a run and shows what it prints, until it ends or a signal comes.
pub(crate) async fn attend(
    session: &Session,
    job: Job,
    report: Report,
    signals: &mut Signals,
) -> Result<Ending, Error> {
    let Job { run, input, has_terminal } = job;
    let advice = advice(session, &run).await?;
    report.advice(advice.as_deref().unwrap_or_default());
    let mut handle = select! {
        started = session.start(run) => started?,
        signal = signals.next() => return Ok(Ending::Interrupted(signal, None)),
    };
    let _raw = has_terminal.then(Raw::begin).flatten();
    if has_terminal {
        terminal::follow_size(handle.control()).map_err(|error| broken("watching the terminal's size", &error))?;
    }
    input.feed(handle.control(), report).map_err(|error| broken("reading standard input", &error))?;
    let followed = select! {
        followed = follow(&mut handle, report) => followed,
        signal = signals.next() => return Ok(stop(handle, report, signal).await),
    };
    match followed {
        Ok(()) => handle.wait().await.map(|result| Ending::Over(result, advice)),
        Err(error) => Ok(Ending::OutputLost(error)),
    }
}

/// What the session's policy finds in the code, where it does not bind.
async fn advice(session: &Session, run: &Run) -> Result<Option<Advice>, Error> {
    match run.text().filter(|_| session.policy().is_some() && !session.is_policy_enforced()) {
        Some(text) => session.check(text).await.map(|report| Some(report.violations)),
        None => Ok(None),
    }
}

/// Shows the run's output to its end, or takes it where it belongs into the result.
async fn follow(handle: &mut RunHandle, report: Report) -> io::Result<()> {
    if report.is_json() {
        while handle.next_event().await.is_some() {}
        return Ok(());
    }
    Screen::open()?.show(handle).await
}

/// Kills the run; its result is waited for only where somebody is to see it.
async fn stop(handle: RunHandle, report: Report, signal: i32) -> Ending {
    handle.kill().await;
    let result = match report.is_json() {
        true => timeout(PATIENCE, handle.wait()).await.ok().and_then(Result::ok),
        false => None,
    };
    Ending::Interrupted(signal, result)
}
