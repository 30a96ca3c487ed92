use llm_sandbox_protocol::{Capture, Captured, Channel, RunEnd, RunEnded, StreamTotal};
use std::time::Duration;

use super::hint::hints;
use super::{Durations, Gap, Outcome, Output, OutputEvent, OutputStream, RunResult, TimeLimit, Usage};
use crate::{Session, text};

/// Gathers a run's output and checks that the agent keeps to what it was told.
#[derive(Debug)]
pub(super) struct Intake {
    last: Option<u64>,
    stdout: Tally,
    stderr: Tally,
}

#[derive(Debug)]
struct Tally {
    received: u64,
    cap: Option<u64>,
    kept: Capture,
}

impl Intake {
    pub(super) fn new(cap: Option<u64>, kept: u64) -> Self {
        Self { last: None, stdout: Tally::new(cap, kept), stderr: Tally::new(cap, kept) }
    }

    /// Takes a piece of output; an error says what is wrong with it.
    pub(super) fn take(
        &mut self,
        channel: Channel,
        number: u64,
        nanoseconds: u64,
        bytes: Vec<u8>,
    ) -> Result<OutputEvent, String> {
        if self.last.is_some_and(|last| last >= number) {
            return Err(format!("output number {number} came after a later one"));
        }
        self.last = Some(number);
        let (tally, stream) = match channel {
            Channel::Stdout => (&mut self.stdout, OutputStream::Stdout),
            Channel::Stderr => (&mut self.stderr, OutputStream::Stderr),
            channel => return Err(format!("it sent output on the {channel:?} channel")),
        };
        tally.take(&bytes)?;
        Ok(OutputEvent { number, time: Duration::from_nanos(nanoseconds), stream, bytes })
    }

    /// The result, from the agent's last word; an error says what in it cannot be true.
    pub(super) fn finish(self, ended: RunEnded, session: &Session) -> Result<RunResult, String> {
        let stdout = self.stdout.finish(&ended.stdout).map_err(|problem| format!("stdout: {problem}"))?;
        let stderr = self.stderr.finish(&ended.stderr).map_err(|problem| format!("stderr: {problem}"))?;
        let started = !matches!(ended.end, RunEnd::NeverStarted(_) | RunEnd::CompileFailed);
        let run = started.then(|| Duration::from_nanos(ended.run_time));
        let usage = Usage {
            wall: run,
            user: ended.usage.user_time.map(Duration::from_nanos),
            system: ended.usage.system_time.map(Duration::from_nanos),
            peak_memory_bytes: ended.usage.peak_memory,
            peak_processes: ended.usage.peak_processes,
            output_bytes: Some(stdout.written.saturating_add(stderr.written)),
        };
        let prepare = Some(Duration::from_nanos(ended.prepare_time));
        let compile = ended.compile_time.map(Duration::from_nanos);
        let durations = Durations { prepare, compile, run };
        let outcome = outcome(&ended)?;
        let hints = hints(session, &outcome, &stderr, ended.refusals.as_ref());
        Ok(RunResult { schema: RunResult::SCHEMA, outcome, stdout, stderr, usage, durations, hints })
    }
}

/// How a run ended; an error says what in it cannot be true.
pub(crate) fn outcome(ended: &RunEnded) -> Result<Outcome, String> {
    Ok(match ended.end {
        RunEnd::Exited(code) => Outcome::Exited { code },
        RunEnd::Signalled(signal) => Outcome::Signalled { signal },
        RunEnd::WallTimeExceeded => Outcome::TimedOut { limit: TimeLimit::Wall },
        RunEnd::CpuTimeExceeded => Outcome::TimedOut { limit: TimeLimit::Cpu },
        RunEnd::OutOfMemory => Outcome::OutOfMemory,
        RunEnd::Killed => Outcome::Killed,
        RunEnd::CompileFailed => Outcome::CompileFailed,
        RunEnd::NeverStarted(error) => Outcome::NeverStarted { reason: reason(error, ended.detail.as_deref()) },
        _ => return Err("it ended a run in a way that this version does not know".to_owned()),
    })
}

fn reason(error: i32, detail: Option<&str>) -> String {
    let system = std::io::Error::from_raw_os_error(error).to_string();
    match detail.map(text::brief).filter(|detail| !detail.is_empty()) {
        Some(detail) => format!("{detail}: {system}"),
        None => system,
    }
}

impl Tally {
    fn new(cap: Option<u64>, kept: u64) -> Self {
        Self { received: 0, cap, kept: Capture::new(kept) }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.received += bytes.len() as u64;
        match self.cap {
            Some(cap) if self.received > cap => Err(format!("it sent more output than the {cap} bytes asked for")),
            _ => {
                self.kept.push(bytes);
                Ok(())
            }
        }
    }

    fn finish(self, total: &StreamTotal) -> Result<Output, String> {
        let StreamTotal { written, omitted } = *total;
        if self.received.checked_add(omitted) != Some(written) || (self.cap.is_none() && omitted > 0) {
            let received = self.received;
            return Err(format!("its totals ({written} written, {omitted} omitted) don't fit {received} received"));
        }
        let Captured { bytes, gap, omitted: dropped } = self.kept.finish();
        // With a cap the agent leaves out at the same place; without one this side does.
        let omitted = omitted.max(dropped);
        let gap = (omitted > 0).then_some(Gap { offset: gap, omitted });
        Ok(Output { bytes, gap, written })
    }
}
