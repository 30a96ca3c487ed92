use std::{
    future::Future,
    io,
    sync::{Arc, Weak},
    time::Duration,
};

use llm_sandbox_protocol::{Channel, DATA_PREFIX, Frame, HEADER, data_header};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};

use super::{Fate, Shared, inbox::Inbox};

/// How many frames are taken at once.
const BATCH: usize = 64;

/// Up to which size bytes are gathered into one write.
const GATHER: usize = 32 << 10;

/// How long an agent may read nothing while something waits for it. It has to read at all times: what it cannot pass on
/// is bounded by credit.
const STALL: Duration = Duration::from_secs(60);

/// A frame on its way to the socket.
pub(super) struct Outgoing {
    head: Vec<u8>,
    body: Vec<u8>,
    stream: Option<Arc<Inbox>>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Outgoing {
    /// A small frame.
    pub(super) fn frame(frame: &Frame) -> Self {
        let mut head = Vec::with_capacity(HEADER + frame.payload.len());
        frame.encode(&mut head);
        Self { head, body: Vec::new(), stream: None, permit: None }
    }

    /// A data frame; the bytes are not copied.
    pub(super) fn data(stream: u32, channel: Channel, body: Vec<u8>) -> Self {
        const { assert!(super::OUTGOING_BYTES + DATA_PREFIX < u32::MAX as usize) };
        Self { head: data_header(stream, channel, 0, 0, body.len()).to_vec(), body, stream: None, permit: None }
    }

    /// Holds room until it is written.
    pub(super) fn holding(mut self, permit: Option<OwnedSemaphorePermit>) -> Self {
        self.permit = permit;
        self
    }

    /// Drops it unwritten where its stream is over by then.
    pub(super) fn unless_over(mut self, inbox: &Arc<Inbox>) -> Self {
        self.stream = Some(Arc::clone(inbox));
        self
    }

    fn is_stale(&self) -> bool {
        self.stream.as_ref().is_some_and(|inbox| inbox.is_over())
    }
}

/// What waits for the writer. The semaphore of the connection bounds its bytes; the rest is bounded by what causes it:
/// a credit by the bytes it answers, a reset or end by its stream.
#[expect(clippy::disallowed_types, reason = "a reset has to be sent from a destructor, which cannot wait")]
pub(super) type Outbox = mpsc::UnboundedSender<Outgoing>;

/// The writer's end of an [`Outbox`].
#[expect(clippy::disallowed_types, reason = "as for Outbox")]
pub(super) type Waiting = mpsc::UnboundedReceiver<Outgoing>;

#[expect(clippy::disallowed_methods, reason = "as for Outbox")]
pub(super) fn outbox() -> (Outbox, Waiting) {
    mpsc::unbounded_channel()
}

/// Writes what comes, in order, until nobody can send any more.
pub(super) async fn write(shared: Weak<Shared>, mut to_agent: impl AsyncWrite + Unpin, mut outgoing: Waiting) {
    let (mut batch, mut wire) = (Vec::with_capacity(BATCH), Vec::new());
    while outgoing.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(fate) = flush(&mut batch, &mut wire, &mut to_agent).await {
            if let Some(shared) = shared.upgrade() {
                shared.doom(fate);
            }
            return;
        }
    }
}

async fn flush(
    batch: &mut Vec<Outgoing>,
    wire: &mut Vec<u8>,
    to_agent: &mut (impl AsyncWrite + Unpin),
) -> Result<(), Fate> {
    for frame in batch.drain(..).filter(|frame| !frame.is_stale()) {
        wire.extend_from_slice(&frame.head);
        if wire.len() + frame.body.len() <= GATHER {
            wire.extend_from_slice(&frame.body);
            continue;
        }
        write_all(to_agent, wire).await?;
        wire.clear();
        write_all(to_agent, &frame.body).await?;
    }
    if !wire.is_empty() {
        write_all(to_agent, wire).await?;
        wire.clear();
    }
    in_time(to_agent.flush()).await
}

async fn write_all(to_agent: &mut (impl AsyncWrite + Unpin), mut bytes: &[u8]) -> Result<(), Fate> {
    while !bytes.is_empty() {
        let size = in_time(to_agent.write(bytes)).await?;
        if size == 0 {
            return Err(refused(&io::ErrorKind::WriteZero.into()));
        }
        bytes = &bytes[size..];
    }
    Ok(())
}

async fn in_time<T>(writing: impl Future<Output = io::Result<T>>) -> Result<T, Fate> {
    match timeout(STALL, writing).await {
        Ok(written) => written.map_err(|error| refused(&error)),
        Err(_) => Err(Fate::Misbehaved(format!("it read nothing for {STALL:?}"))),
    }
}

fn refused(error: &io::Error) -> Fate {
    Fate::Died(Some(format!("its stream takes no more: {error}")))
}
