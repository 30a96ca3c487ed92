use std::time::Duration;

use llm_sandbox_protocol::{Event, RunEnd, RunEnded};
use tokio::time::{Instant, timeout_at};

use super::{OutputEvent, RunControl, RunResult, intake::Intake};
use crate::{
    Error, Session,
    connection::{Item, Stream},
    session::Build,
};

/// How long a run's end is waited for after its deadline, all waiting together: whoever takes output slowly does not
/// use it up, and whoever sends it drop by drop does.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a run with a deadline may take to start.
const START: Duration = Duration::from_secs(60);

/// How much output may still arrive after that, in bytes: what pipes, windows and tails can hold, and to spare.
const LATE_BYTES: u64 = 64 << 20;

/// A run that was started. Dropping it kills the run; the session stays usable.
///
/// Output that nobody takes holds the program up, but not its deadline.
pub struct RunHandle {
    stream: Stream,
    control: RunControl,
    progress: Progress,
    intake: Intake,
    /// The deadline, from the start of the program.
    limit: Option<Duration>,
    /// When the agent ought to have ended it.
    overdue: Option<Instant>,
    /// What is left of waiting for it after that.
    patience: Duration,
    late_bytes: u64,
    /// Whether the program is one that the sandbox's image ought to have: the interpreter, or what launches all others.
    needs_image_interpreter: bool,
    /// Where it compiles to.
    build: Option<Build>,
    /// Keeps the session open while the run goes on.
    session: Session,
}

/// What is known of a run before it starts.
pub(super) struct Expected {
    pub(super) cap: Option<u64>,
    pub(super) limit: Option<Duration>,
    pub(super) needs_image_interpreter: bool,
    pub(super) build: Option<Build>,
}

/// The error number of a program that is not there.
const NOT_FOUND: i32 = 2;

enum Progress {
    Running,
    Ended(RunEnded),
    Failed(Error),
}

/// When a run that starts now is to end.
fn overdue(limit: Duration) -> Option<Instant> {
    let end = Instant::now().checked_add(limit)?;
    // So far away that it cannot be told is never.
    end.checked_add(START + PATIENCE).map(|_| end)
}

impl std::fmt::Debug for RunHandle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let is_over = !matches!(self.progress, Progress::Running);
        formatter.debug_struct("RunHandle").field("is_over", &is_over).finish_non_exhaustive()
    }
}

impl RunHandle {
    pub(super) fn new(
        session: Session,
        stream: Stream,
        control: RunControl,
        Expected { cap, limit, needs_image_interpreter, build }: Expected,
    ) -> Self {
        let overdue = limit.and_then(|limit| overdue(limit)?.checked_add(START));
        let intake = Intake::new(cap);
        let (progress, patience) = (Progress::Running, PATIENCE);
        Self {
            stream,
            control,
            progress,
            intake,
            limit,
            overdue,
            patience,
            late_bytes: 0,
            needs_image_interpreter,
            build,
            session,
        }
    }

    /// The next piece of output, or `None` when no more comes; [`RunHandle::wait`] then says why.
    ///
    /// Of a stream with an output limit the head comes at once and the tail at the run's end. Safe to cancel.
    pub async fn next_event(&mut self) -> Option<OutputEvent> {
        while matches!(self.progress, Progress::Running) {
            match self.advance().await {
                Ok(None) => {}
                Ok(Some(event)) => return Some(event),
                Err(error) => self.progress = Progress::Failed(error),
            }
        }
        None
    }

    /// Waits for the end and gives the result; output that was not taken is drained.
    ///
    /// Dropping the future kills the run.
    ///
    /// # Errors
    ///
    /// [`Error::SandboxDied`], [`Error::AgentMisbehaved`], [`Error::Aborted`] or [`Error::Closed`] where the sandbox
    /// failed, [`Error::InterpreterMissing`] where the sandbox's image has no interpreter; never for code that failed.
    pub async fn wait(mut self) -> Result<RunResult, Error> {
        while self.next_event().await.is_some() {}
        match self.progress {
            Progress::Ended(RunEnded { end: RunEnd::NeverStarted(NOT_FOUND), .. }) if self.needs_image_interpreter => {
                let launcher = self.session.image().launcher.first().map(|program| program.to_string_lossy());
                Err(self.session.language().missing_inside(launcher.as_deref()))
            }
            Progress::Ended(ended) => {
                self.intake.finish(ended, &self.session).map_err(|reason| self.stream.misbehaved(reason))
            }
            Progress::Failed(error) => Err(error),
            // The loop above leaves no run running.
            Progress::Running => Err(Error::Aborted { operation: "the run".to_owned() }),
        }
    }

    /// Steers the run from other tasks.
    pub fn control(&self) -> RunControl {
        self.control.clone()
    }

    /// As [`RunControl::write_stdin`].
    ///
    /// # Errors
    ///
    /// [`Error::StdinClosed`].
    pub async fn write_stdin(&self, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        self.control.write_stdin(bytes).await
    }

    /// As [`RunControl::close_stdin`].
    pub fn close_stdin(&self) {
        self.control.close_stdin();
    }

    /// As [`RunControl::signal`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a number that is no signal.
    pub async fn signal(&self, signal: i32) -> Result<(), Error> {
        self.control.signal(signal).await
    }

    /// As [`RunControl::resize`].
    pub async fn resize(&self, rows: u16, columns: u16) {
        self.control.resize(rows, columns).await;
    }

    /// As [`RunControl::kill`].
    pub async fn kill(&self) {
        self.control.kill().await;
    }

    async fn advance(&mut self) -> Result<Option<OutputEvent>, Error> {
        match self.next_item().await? {
            Item::Data { channel, number, nanoseconds, bytes } => {
                self.count_late(bytes.len())?;
                let event = self.intake.take(channel, number, nanoseconds, bytes);
                event.map(Some).map_err(|reason| self.stream.misbehaved(reason))
            }
            Item::Event(Event::RunEnded(ended)) => {
                self.progress = Progress::Ended(ended);
                if let Some(build) = self.build.take() {
                    build.end();
                }
                Ok(None)
            }
            Item::Event(Event::RunStarted(_)) => {
                // Only the first one counts: a second would put the deadline off.
                if let Some(limit) = self.limit.take() {
                    self.overdue = overdue(limit);
                }
                Ok(None)
            }
            Item::End(_) => Ok(None),
            Item::Event(_) => Err(self.stream.misbehaved("it answered a run with something else")),
            Item::Reset => Err(Error::Aborted { operation: "the run".to_owned() }),
        }
    }

    async fn next_item(&mut self) -> Result<Item, Error> {
        let Some(overdue) = self.overdue else { return self.stream.next().await };
        let from = overdue.max(Instant::now());
        let item = timeout_at(from + self.patience, self.stream.next()).await;
        self.patience = self.patience.saturating_sub(from.elapsed());
        match item {
            Ok(item) => item,
            Err(_) => Err(self.stream.misbehaved("it did not end a run at its deadline")),
        }
    }

    fn count_late(&mut self, bytes: usize) -> Result<(), Error> {
        if self.overdue.is_some_and(|overdue| Instant::now() > overdue) {
            self.late_bytes += bytes as u64;
            if self.late_bytes > LATE_BYTES {
                return Err(self.stream.misbehaved("it went on sending output after the deadline"));
            }
        }
        Ok(())
    }
}
