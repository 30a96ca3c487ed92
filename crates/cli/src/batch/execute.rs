use std::io;

use llm_sandbox::{Error, JobResult, Results};
use tokio::select;

use super::{bar::Bar, feed::Feed, plan::Plan, record::Record};
use crate::{
    report::{Report, chain, line, name},
    signals::Signals,
    status::ExitStatus,
};

/// How a batch ended.
enum Ending {
    /// All jobs that could be read were run.
    Over,
    /// A signal told this program to stop.
    Interrupted(i32),
    /// Results could not be written.
    OutputLost,
}

/// Runs the jobs to their end, or until a signal comes.
pub(super) async fn execute(plan: Plan) -> Result<ExitStatus, Error> {
    let Plan { batch, jobs, total, output, is_quiet, progress } = plan;
    let report = Report::new(false, is_quiet);
    let broken = |error: io::Error| Error::backend("this program", "listening for signals", error.to_string());
    let mut signals = Signals::listen().map_err(broken)?;
    let record = Record::start(output.file)?;
    let (feed, trouble) = Feed::start(jobs, output.done)?;
    let mut results = batch.run_stream(feed);
    let mut bar = Bar::begin(total, is_quiet);
    let followed = follow(&mut results, &record, &mut bar, &mut signals).await;
    if let Some(progress) = progress {
        progress.end();
    }
    // Whoever asks twice does not want to wait; sandboxes then remove themselves behind this program's back.
    let finished = select! {
        finished = results.stop() => finished,
        _ = signals.next() => Vec::new(),
    };
    let written = select! {
        written = write_rest(record, &finished, &mut bar) => written?,
        _ = signals.next() => Ok(()),
    };
    bar.end();
    match (followed?, written) {
        (Ending::OutputLost, Err(error)) | (Ending::Over, Err(error)) => Ok(report.output_lost(&error)),
        (Ending::Interrupted(signal), _) => Ok(interrupted(signal, is_quiet)),
        (_, Ok(())) => match trouble.get() {
            Some(error) => Ok(report.failure(error)),
            None if bar.broken() > 0 => Ok(ExitStatus::SandboxFailed),
            None => Ok(ExitStatus::Code(0)),
        },
    }
}

async fn follow(results: &mut Results, record: &Record, bar: &mut Bar, signals: &mut Signals) -> Result<Ending, Error> {
    loop {
        let done = select! {
            done = results.next() => done,
            signal = signals.next() => return Ok(Ending::Interrupted(signal)),
        };
        let Some(done) = done else { return Ok(Ending::Over) };
        count(&done, bar);
        let is_taken = select! {
            // What can be written is not lost.
            biased;
            taken = record.add(&done) => taken?,
            signal = signals.next() => return Ok(Ending::Interrupted(signal)),
        };
        if !is_taken {
            return Ok(Ending::OutputLost);
        }
    }
}

fn count(done: &JobResult, bar: &mut Bar) {
    if let Some(error) = &done.left_behind {
        line(format_args!("something of the sandbox of {} may be left: {}", done.id, chain(error)));
    }
    bar.add(done.result.as_ref().ok().map(llm_sandbox::RunResult::is_success));
}

/// Writes what had finished before everything was stopped.
async fn write_rest(record: Record, finished: &[JobResult], bar: &mut Bar) -> Result<io::Result<()>, Error> {
    for done in finished {
        count(done, bar);
        if !record.add(done).await? {
            break;
        }
    }
    Ok(record.finish().await)
}

fn interrupted(signal: i32, is_quiet: bool) -> ExitStatus {
    if !is_quiet {
        line(format_args!("stopped by {}; what ran was killed, results so far are kept", name(signal)));
    }
    ExitStatus::Signal(signal)
}
