use std::sync::Arc;

use llm_sandbox_protocol::{Channel, Control, Frame, Kind};

use super::{
    Fate, Shared,
    inbox::{Credit, Inbox, Item},
    writer::Outgoing,
};
use crate::Error;

/// The most bytes of one data frame.
const CHUNK: usize = 256 << 10;

/// The host's end of one stream. Dropping it before its last item ends what it was doing.
pub(crate) struct Stream {
    sender: Sender,
}

impl Stream {
    pub(super) fn new(sender: Sender) -> Self {
        Self { sender }
    }

    /// What sends on this stream, from anywhere.
    pub(crate) fn sender(&self) -> &Sender {
        &self.sender
    }

    /// The next item, in order. Safe to cancel.
    pub(crate) async fn next(&mut self) -> Result<Item, Error> {
        let Sender { number, inbox, shared } = &self.sender;
        loop {
            match inbox.take() {
                Some(Ok((item, 0))) => return Ok(item),
                Some(Ok((item, grant))) => {
                    shared.post(Outgoing::frame(&Frame::credit(*number, grant)));
                    return Ok(item);
                }
                Some(Err(fate)) => return Err(fate.error()),
                None => inbox.arrived.notified().await,
            }
        }
    }

    /// Says that what the stream brought was taken, to a side that keeps it until then.
    pub(crate) fn acknowledge(&self) {
        let Sender { number, shared, .. } = &self.sender;
        shared.post(Outgoing::frame(&Frame::message(*number, Kind::Control, &Control::Taken)));
    }

    /// Ends the whole sandbox because the agent broke the rules on this stream.
    pub(crate) fn misbehaved(&self, reason: impl Into<String>) -> Error {
        let fate = Fate::Misbehaved(reason.into());
        let error = fate.error();
        self.sender.shared.doom(fate);
        error
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let Sender { number, inbox, shared } = &self.sender;
        if !inbox.is_over() {
            shared.forget(*number, true);
            shared.post(Outgoing::frame(&Frame::reset(*number)));
        }
        inbox.abandon();
    }
}

/// Sends on one stream.
#[derive(Clone)]
pub(crate) struct Sender {
    number: u32,
    inbox: Arc<Inbox>,
    shared: Arc<Shared>,
}

impl Sender {
    pub(super) fn new(number: u32, inbox: Arc<Inbox>, shared: Arc<Shared>) -> Self {
        Self { number, inbox, shared }
    }

    /// Sends bytes as credit comes. `false` where the stream is over.
    pub(crate) async fn send(&self, channel: Channel, bytes: Vec<u8>) -> bool {
        self.send_slice(channel, &bytes).await
    }

    /// Sends a copy of borrowed bytes, piece by piece.
    pub(crate) async fn send_slice(&self, channel: Channel, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        while !rest.is_empty() {
            let credited = self.inbox.credited.notified();
            tokio::pin!(credited);
            credited.as_mut().enable();
            match self.inbox.take_credit(rest.len().min(CHUNK)) {
                Credit::Over => return false,
                Credit::None => credited.await,
                Credit::Some(size) => {
                    let (piece, behind) = rest.split_at(size);
                    if !self.transmit(channel, piece.to_vec()).await {
                        return false;
                    }
                    rest = behind;
                }
            }
        }
        true
    }

    async fn transmit(&self, channel: Channel, bytes: Vec<u8>) -> bool {
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(&self.shared.room).acquire_many_owned(size).await else { return false };
        let outgoing = Outgoing::data(self.number, channel, bytes);
        self.shared.post(outgoing.holding(Some(permit)).unless_over(&self.inbox));
        true
    }

    /// Closes a channel behind what was sent on it.
    pub(crate) fn end(&self, channel: Channel) {
        if !self.inbox.is_over() {
            let frame = Frame::end(self.number, channel);
            self.shared.post(Outgoing::frame(&frame).unless_over(&self.inbox));
        }
    }

    /// Adds to the request, no faster than the agent reads. `false` where the stream is over.
    pub(crate) async fn control(&self, control: &Control) -> bool {
        let frame = Frame::message(self.number, Kind::Control, control);
        let size = u32::try_from(frame.payload.len()).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(&self.shared.room).acquire_many_owned(size).await else { return false };
        if self.inbox.is_over() {
            return false;
        }
        self.shared.post(Outgoing::frame(&frame).holding(Some(permit)).unless_over(&self.inbox));
        true
    }
}
