//! One stream of a client, and the tasks that pass it on in both directions.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use llm_sandbox_protocol::{Channel, Control, Event, Frame, Kind, WINDOW, data_header};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc},
    task::AbortHandle,
};

use crate::{
    Error, OutputStream,
    connection::{Item, Sender, Stream},
    run::Held,
    session::Record,
};

/// What the controls and the separate pieces that wait for the sandbox may hold, in bytes.
const ROOM: usize = 1 << 20;

/// What one of them counts at least.
const PIECE: usize = 64;

/// Up to which size bytes are joined.
const JOIN_UP_TO: usize = 16 << 10;

/// The most credit that is remembered.
const CREDIT_MOST: usize = 1 << 40;

/// A stream of a client. Dropping it ends what it was doing, unless that is detached.
pub(super) struct Lane {
    pub(super) upward: Arc<Upward>,
    pub(super) sender: Sender,
    credit: Arc<Semaphore>,
    is_done: Arc<AtomicBool>,
    /// The run, where it is to go on without the client.
    pub(super) detached: Option<Arc<Record>>,
    tasks: [AbortHandle; 2],
}

impl Lane {
    /// Passes a run on in both directions.
    pub(super) fn of_run(held: Held, is_detached: bool, needs_source: bool, mut down: Downward) -> Self {
        let (sender, upward) = (held.sender().clone(), Arc::new(Upward::new()));
        let record = held.record().filter(|_| is_detached);
        if !needs_source && let Some(record) = &record {
            record.detach();
        }
        let up = raise(Arc::clone(&upward), sender.clone(), down.out.clone(), down.stream);
        let (credit, is_done) = (Arc::clone(&down.credit), Arc::default());
        let done = Done { is_done: Arc::clone(&is_done) };
        let following = async move {
            let _done = done;
            down.follow(held).await;
        };
        let tasks = [tokio::spawn(up).abort_handle(), tokio::spawn(following).abort_handle()];
        Self { upward, sender, credit, is_done, detached: record, tasks }
    }

    /// Passes a file operation on in both directions.
    pub(super) fn of_files(stream: Stream, mut down: Downward) -> Self {
        let (sender, upward) = (stream.sender().clone(), Arc::new(Upward::new()));
        let up = raise(Arc::clone(&upward), sender.clone(), down.out.clone(), down.stream);
        let (credit, is_done) = (Arc::clone(&down.credit), Arc::default());
        let done = Done { is_done: Arc::clone(&is_done) };
        let passing = async move {
            let _done = done;
            down.pass(stream).await;
        };
        let tasks = [tokio::spawn(up).abort_handle(), tokio::spawn(passing).abort_handle()];
        Self { upward, sender, credit, is_done, detached: None, tasks }
    }

    /// Whether the sandbox has said its last word on it.
    pub(super) fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Acquire)
    }

    /// The client takes more.
    pub(super) fn grant(&self, bytes: u64) {
        let room = CREDIT_MOST.saturating_sub(self.credit.available_permits());
        self.credit.add_permits(usize::try_from(bytes).unwrap_or(room).min(room));
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let [up, down] = &self.tasks;
        down.abort();
        match self.detached {
            // What the client has sent is still for the run.
            Some(_) => self.upward.close(),
            None => up.abort(),
        }
    }
}

struct Done {
    is_done: Arc<AtomicBool>,
}

impl Drop for Done {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Release);
    }
}

/// What a client has sent and the sandbox has yet to take.
pub(super) struct Upward {
    state: Mutex<Waiting>,
    came: Notify,
    room: Arc<Semaphore>,
}

struct Waiting {
    pieces: VecDeque<(Piece, Option<OwnedSemaphorePermit>)>,
    /// What the client may still send, in bytes of data.
    allowance: u64,
    is_closed: bool,
}

/// What a client sends in order.
pub(super) enum Piece {
    Data(Channel, Vec<u8>),
    End(Channel),
    Control(Control),
}

impl Upward {
    fn new() -> Self {
        let state = Waiting { pieces: VecDeque::new(), allowance: WINDOW.into(), is_closed: false };
        Self { state: Mutex::new(state), came: Notify::new(), room: Arc::new(Semaphore::new(ROOM)) }
    }

    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes data in; an error where the client overran its credit.
    pub(super) async fn accept(&self, channel: Channel, bytes: &[u8]) -> Result<(), String> {
        {
            let mut state = self.state();
            let allowance = state.allowance.checked_sub(bytes.len() as u64);
            state.allowance = allowance.ok_or_else(|| "it overran the credit of a stream".to_owned())?;
            if let Some((Piece::Data(last, held), _)) = state.pieces.back_mut()
                && *last == channel
                && held.len() + bytes.len() <= JOIN_UP_TO
            {
                held.extend_from_slice(bytes);
                return Ok(());
            }
        }
        if !bytes.is_empty() {
            self.push(Piece::Data(channel, bytes.to_vec()), PIECE).await;
        }
        Ok(())
    }

    /// Takes something in that counts so many bytes, once there is room for it.
    pub(super) async fn push(&self, piece: Piece, size: usize) {
        let size = u32::try_from(size.clamp(PIECE, ROOM)).unwrap_or(u32::MAX);
        // Where nothing is taken any more nothing has to wait.
        let Ok(permit) = Arc::clone(&self.room).acquire_many_owned(size).await else { return };
        self.state().pieces.push_back((piece, Some(permit)));
        self.came.notify_one();
    }

    /// Nothing more comes.
    fn close(&self) {
        self.state().is_closed = true;
        self.came.notify_one();
    }

    async fn next(&self) -> Option<Piece> {
        loop {
            let came = self.came.notified();
            {
                let mut state = self.state();
                if let Some((piece, _)) = state.pieces.pop_front() {
                    return Some(piece);
                }
                if state.is_closed {
                    return None;
                }
            }
            came.await;
        }
    }
}

/// Passes on what a client sends, as the sandbox takes it.
async fn raise(upward: Arc<Upward>, sender: Sender, out: mpsc::Sender<Vec<u8>>, stream: u32) {
    while let Some(piece) = upward.next().await {
        let is_taken = match piece {
            Piece::Data(channel, bytes) => {
                let size = bytes.len() as u64;
                let is_taken = sender.send(channel, bytes).await;
                upward.state().allowance += size;
                // A client that has gone needs none.
                let _ = out.send(encoded(&Frame::credit(stream, size))).await;
                is_taken
            }
            Piece::End(channel) => {
                sender.end(channel);
                true
            }
            Piece::Control(control) => sender.control(&control).await,
        };
        if !is_taken {
            break;
        }
    }
    upward.room.close();
    // Of a run that the client has let go.
    sender.end(Channel::Stdin);
}

/// The way of one stream to the client.
pub(super) struct Downward {
    out: mpsc::Sender<Vec<u8>>,
    credit: Arc<Semaphore>,
    stream: u32,
    /// How many pieces of data were sent; their own numbers would be the same where one has to be cut.
    sent: u64,
}

impl Downward {
    pub(super) fn new(out: mpsc::Sender<Vec<u8>>, stream: u32, window: u64) -> Self {
        let window = usize::try_from(window).unwrap_or(CREDIT_MOST).min(CREDIT_MOST);
        Self { out, credit: Arc::new(Semaphore::new(window)), stream, sent: 0 }
    }

    async fn send(&self, frame: &Frame) -> Option<()> {
        self.out.send(encoded(frame)).await.ok()
    }

    /// Tells the client a run's number.
    pub(super) async fn number(&self, number: u64) {
        // A client that has gone needs none.
        let _ = self.event(&Event::RunNumbered(number)).await;
    }

    async fn event(&self, event: &Event) -> Option<()> {
        self.send(&Frame::message(self.stream, Kind::Event, event)).await
    }

    /// Sends data as the client takes it.
    async fn data(&mut self, channel: Channel, nanoseconds: u64, bytes: &[u8]) -> Option<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            self.credit.acquire().await.ok()?.forget();
            let size = 1 + self.credit.forget_permits(rest.len() - 1);
            let (piece, behind) = rest.split_at(size);
            let header = data_header(self.stream, channel, self.sent, nanoseconds, size);
            self.sent += 1;
            self.out.send([&header, piece].concat()).await.ok()?;
            rest = behind;
        }
        Some(())
    }

    /// Passes a run's output and its end on. Dropped before, a run that is detached goes on by itself.
    async fn follow(&mut self, mut held: Held) -> Option<()> {
        while let Some(event) = held.next_event().await {
            let channel = match event.stream {
                OutputStream::Stdout => Channel::Stdout,
                OutputStream::Stderr => Channel::Stderr,
            };
            let nanoseconds = u64::try_from(event.time.as_nanos()).unwrap_or(u64::MAX);
            self.data(channel, nanoseconds, &event.bytes).await?;
        }
        let ended = held.following().and_then(|run| run.last_word().cloned());
        let is_given_up = matches!(held.following().and_then(|run| run.failure()), Some(Error::Aborted { .. }));
        // A result that the client does not say it has taken is kept.
        held.leave();
        match ended {
            Some(ended) => self.event(&Event::RunEnded(ended)).await,
            None if is_given_up => self.send(&Frame::reset(self.stream)).await,
            // The whole session is over, which is told by itself.
            None => None,
        }
    }

    /// Passes on what a file operation brings.
    async fn pass(&mut self, mut stream: Stream) -> Option<()> {
        loop {
            match stream.next().await.ok()? {
                Item::Data { channel, nanoseconds, bytes, .. } => self.data(channel, nanoseconds, &bytes).await?,
                Item::End(channel) => self.send(&Frame::end(self.stream, channel)).await?,
                Item::Event(event) => {
                    self.event(&event).await?;
                    if matches!(event, Event::Done | Event::Failed(_)) {
                        return Some(());
                    }
                }
                Item::Reset => return self.send(&Frame::reset(self.stream)).await,
            }
        }
    }
}

pub(super) fn encoded(frame: &Frame) -> Vec<u8> {
    let mut wire = Vec::new();
    frame.encode(&mut wire);
    wire
}
