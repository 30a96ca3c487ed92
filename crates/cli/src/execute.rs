//! One run, from the sandbox's creation to its removal.

use std::{io, time::Duration};

use llm_sandbox::{Error, RunHandle, RunResult, Session};
use tokio::{select, time::timeout};

use crate::{
    report::Report,
    request::Request,
    sandbox::Described,
    screen::Screen,
    shared::Copied,
    signals::Signals,
    status::ExitStatus,
    terminal::{self, Raw},
};

/// How long the result of a killed run may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How following a run ended.
enum Ending {
    /// The run is over.
    Over(RunResult),
    /// A signal told this program to stop; the run was killed.
    Interrupted(i32, Option<RunResult>),
    /// Its output could not be written; the run was killed.
    OutputLost(io::Error),
}

/// Opens a session, runs in it, and closes it, whatever happens.
pub(crate) async fn execute(request: Request, report: Report) -> Result<ExitStatus, Error> {
    let mut signals = Signals::listen().map_err(|error| broken("listening for signals", &error))?;
    let Described { builder, progress, .. } = &request.sandbox;
    let opened = select! {
        opened = builder.clone().open() => Ok(opened),
        // What stands of the sandbox so far goes with the future.
        signal = signals.next() => Err(signal),
    };
    if let Some(progress) = progress {
        progress.end();
    }
    let session = match opened {
        Ok(opened) => opened?,
        Err(signal) => return Ok(report.interrupted(signal, None)),
    };
    let ending = attend(&session, request, report, &mut signals).await;
    // Whoever asks twice does not want to wait; the sandbox then removes itself behind this program's back.
    let closed = select! {
        closed = session.close() => closed,
        _ = signals.next() => Ok(()),
    };
    if let Err(error) = closed {
        report.left_behind(&error);
    }
    Ok(match ending? {
        Ending::Over(result) => report.result(&result, session.limits()),
        Ending::Interrupted(signal, result) => report.interrupted(signal, result.as_ref()),
        Ending::OutputLost(error) => report.output_lost(&error),
    })
}

fn broken(step: &'static str, error: &io::Error) -> Error {
    Error::backend("this program", step, error.to_string())
}

async fn attend(session: &Session, request: Request, report: Report, signals: &mut Signals) -> Result<Ending, Error> {
    let Request { sandbox, run, input, has_terminal } = request;
    let start = async {
        copy(session, &sandbox.copied).await?;
        session.start(run).await
    };
    let mut handle = select! {
        started = start => started?,
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
        Ok(()) => handle.wait().await.map(Ending::Over),
        Err(error) => Ok(Ending::OutputLost(error)),
    }
}

async fn copy(session: &Session, copied: &[Copied]) -> Result<(), Error> {
    for Copied { source, target } in copied {
        session.upload(source, target).await?;
    }
    Ok(())
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
