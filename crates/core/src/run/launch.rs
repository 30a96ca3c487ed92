//! A checked run on its way to the agent, and what holds it there.

use std::sync::Arc;

use llm_sandbox_protocol::{Event, Request, RunRequest};
use tokio::runtime::Handle;

use super::{OutputEvent, RunControl, following::Following};
use crate::{
    Error, RunResult, Session,
    connection::{Item, Sender, Stream},
    session::{Build, Record, WeakSession},
};

/// How many bytes of events a run may have: its number, its start and its end.
const EVENT_BYTES: usize = 64 << 10;

/// A run that can be started as it is.
pub(crate) struct Launch {
    pub(crate) request: RunRequest,
    /// What it is called in lists.
    pub(crate) what: String,
    /// Whether it is to go on when nobody holds it.
    pub(crate) is_detached: bool,
    /// Whether its standard input stays open.
    pub(crate) is_stdin_live: bool,
    /// How much of each output stream its result keeps, whatever is streamed.
    pub(crate) kept: u64,
    /// Whether its program is one that the sandbox's image ought to have.
    pub(crate) needs_image_interpreter: bool,
    /// Where it compiles to, if this process knows.
    pub(crate) build: Option<Build>,
}

/// A run that somebody holds. Dropping it kills the run, or leaves it to its session where it is detached.
pub(crate) struct Held {
    following: Option<Following>,
    session: WeakSession,
    runtime: Handle,
    number: u64,
    control: RunControl,
}

/// A run that has its stream. Dropping it kills the run.
pub(crate) struct Opened {
    launch: Launch,
    stream: Stream,
    record: Option<Arc<Record>>,
    control: RunControl,
}

impl Launch {
    /// Opens a stream for it; what it reads has yet to be sent.
    pub(crate) async fn open(self, session: &Session) -> Result<Opened, Error> {
        let connection = session.connection()?;
        let record = session.is_own().then(|| session.begin_run(self.what.clone()));
        let request = match (session.is_own(), self.is_detached) {
            (false, true) => Request::RunDetached(self.request.clone()),
            _ => Request::Run(self.request.clone()),
        };
        let observer = record.clone().map(|record| record as _);
        let stream = connection.open_observed(&request, EVENT_BYTES, observer).await?;
        let control = RunControl::new(stream.sender().clone(), self.is_stdin_live);
        if let Some(record) = &record {
            record.settle(control.clone());
        }
        Ok(Opened { launch: self, stream, record, control })
    }
}

impl Opened {
    pub(crate) fn sender(&self) -> &Sender {
        self.stream.sender()
    }

    /// Holds it by its number. One that is detached has to have been sent its program's text: another process that has the
    /// session numbers it when it can do without this one.
    pub(crate) async fn hold(self, session: &Session) -> Result<Held, Error> {
        let Self { mut launch, mut stream, record, control } = self;
        let number = match &record {
            Some(record) => record.number(),
            None => match stream.next().await? {
                Item::Event(Event::RunNumbered(number)) => number,
                Item::Reset => return Err(Error::Aborted { operation: "the run".to_owned() }),
                _ => return Err(stream.misbehaved("it gave a run no number")),
            },
        };
        let following = Some(Following::new(stream, record, &mut launch));
        Ok(Held { following, session: session.downgrade(), runtime: session.runtime().clone(), number, control })
    }
}

impl Held {
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn control(&self) -> &RunControl {
        &self.control
    }

    pub(crate) fn sender(&self) -> &Sender {
        self.control.sender()
    }

    /// From now on it goes on without anybody who holds it.
    pub(crate) fn detach(&self) {
        if let Some(record) = self.record() {
            record.detach();
        }
    }

    /// How its session knows it, where that is in this process.
    pub(crate) fn record(&self) -> Option<Arc<Record>> {
        self.following.as_ref()?.record.clone()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.following.as_ref().is_none_or(Following::is_over)
    }

    pub(crate) async fn next_event(&mut self) -> Option<OutputEvent> {
        self.following.as_mut()?.next_event().await
    }

    /// The run itself, as far as it was followed.
    pub(crate) fn following(&self) -> Option<&Following> {
        self.following.as_ref()
    }

    /// The result of a run that is over, for whoever holds it.
    pub(crate) fn into_result(mut self, session: &Session) -> Result<RunResult, Error> {
        let aborted = || Error::Aborted { operation: "the run".to_owned() };
        let following = self.following.take().ok_or_else(aborted)?;
        let record = following.record.clone();
        let result = following.finish(session);
        if let Some(record) = record {
            record.taken();
        }
        result
    }

    /// Leaves the result of a run that is over with its session, if it is detached.
    pub(crate) fn leave(mut self) {
        if let Some(following) = self.following.take().filter(Following::is_detached) {
            following.leave(&self.session);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(following) = self.following.take().filter(Following::is_detached) {
            // It may be dropped where no runtime is.
            self.runtime.spawn(following.drain(self.session.clone()));
        }
    }
}
