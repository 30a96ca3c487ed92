use std::{sync::Arc, time::Duration};

use llm_sandbox_protocol::{Event, RunEnd, RunEnded};
use tokio::time::{Instant, timeout_at};

use super::{OutputEvent, RunResult, intake::Intake, launch::Launch};
use crate::{
    Error, Session,
    connection::{Item, Stream},
    session::{Build, Record, WeakSession},
};

/// How long a run's end is waited for after its deadline, all waiting together: whoever takes output slowly does not
/// use it up, and whoever sends it drop by drop does.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a run with a deadline may take to start.
const START: Duration = Duration::from_secs(60);

/// How much output may still arrive after that, in bytes: what pipes, windows and tails can hold, and to spare.
const LATE_BYTES: u64 = 64 << 20;

/// The error number of a program that is not there.
const NOT_FOUND: i32 = 2;

/// A run on its stream: takes what comes, and checks that the agent keeps to what it was told. Dropping it kills the run.
pub(crate) struct Following {
    stream: Stream,
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
    /// How the session knows it; `None` where another process does.
    pub(super) record: Option<Arc<Record>>,
    /// Whether it goes on where another process knows it.
    is_let_go: bool,
}

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

impl Following {
    pub(super) fn new(stream: Stream, record: Option<Arc<Record>>, launch: &mut Launch) -> Self {
        let limit = launch.request.wall_limit.map(Duration::from_nanos);
        Self {
            stream,
            progress: Progress::Running,
            intake: Intake::new(launch.request.stdout_cap, launch.kept),
            limit,
            overdue: limit.and_then(|limit| overdue(limit)?.checked_add(START)),
            patience: PATIENCE,
            late_bytes: 0,
            needs_image_interpreter: launch.needs_image_interpreter,
            build: launch.build.take(),
            record,
            is_let_go: launch.is_detached,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        !matches!(self.progress, Progress::Running)
    }

    /// Whether it is to go on when its handle is dropped, in this process.
    pub(super) fn is_detached(&self) -> bool {
        self.record.as_ref().is_some_and(|record| record.is_detached())
    }

    /// The agent's last word, where it has come.
    pub(crate) fn last_word(&self) -> Option<&RunEnded> {
        match &self.progress {
            Progress::Ended(ended) => Some(ended),
            _ => None,
        }
    }

    /// Why there is no last word, where that is known.
    pub(crate) fn failure(&self) -> Option<&Error> {
        match &self.progress {
            Progress::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// The next piece of output, or `None` when no more comes. Safe to cancel.
    pub(crate) async fn next_event(&mut self) -> Option<OutputEvent> {
        while matches!(self.progress, Progress::Running) {
            match self.advance().await {
                Ok(None) => {}
                Ok(Some(event)) => return Some(event),
                Err(error) => self.progress = Progress::Failed(error),
            }
        }
        None
    }

    /// The result, once no more comes.
    pub(super) fn finish(self, session: &Session) -> Result<RunResult, Error> {
        if self.is_let_go && self.record.is_none() && self.is_over() {
            self.stream.acknowledge();
        }
        match self.progress {
            Progress::Ended(RunEnded { end: RunEnd::NeverStarted(NOT_FOUND), .. }) if self.needs_image_interpreter => {
                let launcher = session.image().launcher.first().map(|program| program.to_string_lossy());
                Err(session.language().missing_inside(launcher.as_deref()))
            }
            Progress::Ended(ended) => {
                self.intake.finish(ended, session).map_err(|reason| self.stream.misbehaved(reason))
            }
            Progress::Failed(error) => Err(error),
            Progress::Running => Err(Error::Aborted { operation: "the run".to_owned() }),
        }
    }

    /// Takes the run to its end and leaves the result with its session.
    pub(super) async fn drain(mut self, session: WeakSession) {
        while self.next_event().await.is_some() {}
        self.leave(&session);
    }

    /// Leaves the result of a run that is over with its session.
    pub(super) fn leave(self, session: &WeakSession) {
        if let (Some(record), Some(session)) = (self.record.clone(), session.upgrade()) {
            record.keep(self.finish(&session));
        }
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
