//! The host's end of the stream to one agent: a reader task and a writer task carry any number of streams.
//!
//! Nothing here grows without bound. What the agent sends is limited by the credit it was given and by a budget of
//! event bytes per stream; what the host sends passes a semaphore that counts bytes on their way to the socket.
//! Whatever breaks the rules ends this one sandbox.

mod fate;
mod handshake;
mod inbox;
mod pulse;
mod reader;
mod stream;
mod writer;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use llm_sandbox_protocol::{Channel, Frame, Kind, MAX_PAYLOAD, Message, Request};
use tokio::{
    sync::{Notify, Semaphore},
    task::AbortHandle,
    time::Instant,
};

pub(crate) use fate::Fate;
pub(crate) use inbox::{Item, Observer};
pub(crate) use pulse::Pulse;
pub(crate) use stream::{Sender, Stream};

use crate::{AgentStream, Error, Sandbox};
use inbox::Inbox;
use writer::{Outbox, Outgoing};

/// How many bytes may wait for the socket.
const OUTGOING_BYTES: usize = 2 << 20;

/// How many streams that the host ended are remembered, for frames that were on their way.
const REMEMBERED_RESETS: usize = 4096;

/// A connected agent. Dropping it stops both tasks.
pub(crate) struct Connection {
    shared: Arc<Shared>,
    tasks: [AbortHandle; 2],
    features: u64,
}

/// What both tasks and all streams hold in common.
pub(crate) struct Shared {
    outbox: Outbox,
    room: Arc<Semaphore>,
    streams: Mutex<Streams>,
    doomed: Notify,
    /// The fate is sealed.
    over: Notify,
    /// Nothing is open any more.
    quiet: Notify,
    /// How the other side says why it ends the connection, where it may.
    farewell: Option<Farewell>,
    /// What the agent may send on a new stream, in bytes.
    window_in: u64,
    /// What the host may send on a new stream, in bytes.
    window_out: u64,
}

/// Reads why the other side ends the connection.
pub(crate) type Farewell = fn(&[u8]) -> Fate;

#[derive(Default)]
struct Streams {
    opened: u32,
    /// What goes on without a stream.
    busy: usize,
    /// Since when nothing is open; `None` while something is.
    idle_since: Option<Instant>,
    open: HashMap<u32, Arc<Inbox>>,
    reset: VecDeque<u32>,
    doom: Option<Fate>,
    fate: Option<Fate>,
}

impl Connection {
    /// Greets the agent and starts both tasks.
    pub(crate) async fn connect(
        mut stream: Box<dyn AgentStream>,
        sandbox: Arc<dyn Sandbox>,
        farewell: Option<Farewell>,
    ) -> Result<Self, Error> {
        let greeted = handshake::greet(&mut stream, sandbox.as_ref()).await?;
        let (outbox, outgoing) = writer::outbox();
        let shared = Arc::new(Shared {
            outbox,
            room: Arc::new(Semaphore::new(OUTGOING_BYTES)),
            streams: Mutex::new(Streams { idle_since: Some(Instant::now()), ..Streams::default() }),
            doomed: Notify::new(),
            over: Notify::new(),
            quiet: Notify::new(),
            farewell,
            window_in: greeted.window_in,
            window_out: greeted.window_out,
        });
        let (from_agent, to_agent) = tokio::io::split(stream);
        let reader = tokio::spawn(reader::read(Arc::clone(&shared), sandbox, from_agent, greeted.buffer));
        let writer = tokio::spawn(writer::write(Arc::downgrade(&shared), to_agent, outgoing));
        Ok(Self { shared, tasks: [reader.abort_handle(), writer.abort_handle()], features: greeted.features })
    }

    /// Whether the agent has one of the features that its greeting names.
    pub(crate) fn has(&self, feature: u64) -> bool {
        self.features & feature != 0
    }

    /// The features that its greeting names.
    pub(crate) fn features(&self) -> u64 {
        self.features
    }

    /// What tells whether it is in use, and when it is over.
    pub(crate) fn pulse(&self) -> Pulse {
        Pulse::new(&self.shared)
    }

    /// Opens a stream. The agent may report events of at most `event_bytes` on it.
    pub(crate) async fn open(&self, request: &Request, event_bytes: usize) -> Result<Stream, Error> {
        self.open_observed(request, event_bytes, None).await
    }

    /// Opens a stream whose arrivals somebody else sees, too.
    pub(crate) async fn open_observed(
        &self,
        request: &Request,
        event_bytes: usize,
        observer: Option<Arc<dyn Observer>>,
    ) -> Result<Stream, Error> {
        let mut payload = Vec::new();
        request.encode(&mut payload);
        if payload.len() > MAX_PAYLOAD {
            let reason = format!("{} bytes are more than the {MAX_PAYLOAD} that one request may have", payload.len());
            return Err(Error::invalid("arguments and environment", reason).with_remedy("pass them by file or stdin"));
        }
        let size = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.shared.room).acquire_many_owned(size).await.ok();
        let inbox = Arc::new(Inbox::new(self.shared.window_in, self.shared.window_out, event_bytes, observer));
        let number = self.shared.add(&inbox)?;
        let frame = Frame { stream: number, kind: Kind::Open, channel: Channel::None, payload };
        self.shared.post(Outgoing::frame(&frame).holding(permit));
        Ok(Stream::new(Sender::new(number, inbox, Arc::clone(&self.shared))))
    }

    /// Ends every stream with this fate and lets no new one be opened.
    pub(crate) fn end(&self, fate: Fate) {
        self.shared.set_fate(fate);
    }

    /// Waits until all that was sent so far has left this process.
    pub(crate) async fn flush(&self) {
        let room = &self.shared.room;
        let Ok(permit) = Arc::clone(room).acquire_owned().await else { return };
        // It grants nothing, and comes last.
        self.shared.post(Outgoing::frame(&Frame::credit(0, 0)).holding(Some(permit)));
        let all = u32::try_from(OUTGOING_BYTES).unwrap_or(u32::MAX);
        // Where there is no room any more there is nobody to send to.
        let _ = room.acquire_many(all).await;
    }

    /// Ends it as if it were dropped.
    pub(crate) fn hang_up(&self) {
        self.shared.set_fate(Fate::Closed);
        self.tasks.iter().for_each(AbortHandle::abort);
    }

    /// Why nothing more can be done, if so.
    pub(crate) fn fate(&self) -> Option<Fate> {
        self.shared.streams().end().cloned()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.hang_up();
    }
}

impl Streams {
    /// Why no stream can be opened any more: it is over, or condemned and about to be.
    fn end(&self) -> Option<&Fate> {
        self.fate.as_ref().or(self.doom.as_ref())
    }

    /// Whether nothing is open now; remembers since when.
    fn settle(&mut self) -> bool {
        let is_quiet = self.open.is_empty() && self.busy == 0;
        if is_quiet && self.idle_since.is_none() {
            self.idle_since = Some(Instant::now());
        }
        is_quiet
    }
}

impl Shared {
    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, inbox: &Arc<Inbox>) -> Result<u32, Error> {
        let mut streams = self.streams();
        if let Some(fate) = streams.end() {
            return Err(fate.error());
        }
        let number = streams.opened.checked_mul(2).and_then(|number| number.checked_add(1)).ok_or(Error::Closed)?;
        streams.opened += 1;
        streams.idle_since = None;
        streams.open.insert(number, Arc::clone(inbox));
        Ok(number)
    }

    /// Hands a frame to the writer. Whoever calls it bounds how often.
    fn post(&self, outgoing: Outgoing) {
        // A writer that is gone has said so through the connection's fate.
        let _ = self.outbox.send(outgoing);
    }

    /// Forgets a stream that is over; frames that the agent sent before it knew are let pass where the host ended it.
    fn forget(&self, number: u32, reset: bool) {
        let mut streams = self.streams();
        let was_open = streams.open.remove(&number).is_some();
        if was_open && reset {
            if streams.reset.len() == REMEMBERED_RESETS {
                streams.reset.pop_front();
            }
            streams.reset.push_back(number);
        }
        let is_quiet = streams.settle();
        drop(streams);
        if is_quiet {
            self.quiet.notify_waiters();
        }
    }

    /// Condemns the sandbox: the reader task ends it as soon as it notices.
    pub(crate) fn doom(&self, fate: Fate) {
        self.streams().doom.get_or_insert(fate);
        self.doomed.notify_one();
    }

    /// Tells every stream; the first fate stays.
    fn set_fate(&self, fate: Fate) {
        let (fate, open) = {
            let mut streams = self.streams();
            let fate = streams.fate.get_or_insert(fate).clone();
            (fate, std::mem::take(&mut streams.open))
        };
        self.room.close();
        open.into_values().for_each(|inbox| inbox.end(fate.clone()));
        self.over.notify_waiters();
    }
}
