use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use llm_sandbox_protocol::{Channel, Event};
use tokio::sync::Notify;

use super::Fate;

/// From how many waiting items on small neighbours of one channel are joined, so that single bytes don't cost a
/// hundred each.
const JOIN_FROM: usize = 256;

/// Up to which size bytes are joined.
const JOIN_UP_TO: usize = 16 << 10;

/// What arrived on a stream.
#[derive(Debug)]
pub(crate) enum Item {
    /// Bytes of a channel.
    Data { channel: Channel, number: u64, nanoseconds: u64, bytes: Vec<u8> },
    /// The agent closed a channel.
    End(Channel),
    /// The agent reports something.
    Event(Event),
    /// The agent gave the stream up.
    Reset,
}

/// Sees what arrives on a stream, whether or not anybody takes it. It must not wait.
pub(crate) trait Observer: Send + Sync {
    /// Bytes have come; the agent's numbers are not checked yet.
    fn data(&self, channel: Channel, number: u64, nanoseconds: u64, bytes: &[u8]);
    /// The agent has reported something.
    fn event(&self, event: &Event);
    /// Nothing more comes: after the last event, or without one.
    fn over(&self);
}

/// One stream's arrivals and credit, between the reader task and whoever takes.
pub(super) struct Inbox {
    observer: Option<Arc<dyn Observer>>,
    state: Mutex<State>,
    pub(super) arrived: Notify,
    pub(super) credited: Notify,
}

struct State {
    items: VecDeque<Item>,
    /// What the agent may still send, in bytes of data.
    allowance: u64,
    /// What was taken and not granted anew.
    taken: u64,
    /// When that much was taken, it is granted.
    grant_at: u64,
    /// What the host may still send.
    credit: u64,
    /// How many bytes of events the agent may still send.
    event_bytes: usize,
    /// The agent sends nothing more.
    over: bool,
    fate: Option<Fate>,
}

/// What a sender may do now.
pub(super) enum Credit {
    Some(usize),
    None,
    Over,
}

impl Inbox {
    pub(super) fn new(
        window_in: u64,
        window_out: u64,
        event_bytes: usize,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        let state = State {
            items: VecDeque::new(),
            allowance: window_in,
            taken: 0,
            grant_at: (window_in / 4).max(1),
            credit: window_out,
            event_bytes,
            over: false,
            fate: None,
        };
        Self { observer, state: Mutex::new(state), arrived: Notify::new(), credited: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes data in; an error where the agent overran its credit.
    pub(super) fn accept(&self, channel: Channel, (number, nanoseconds, bytes): (u64, u64, &[u8])) -> Result<(), ()> {
        let mut state = self.state();
        state.allowance = state.allowance.checked_sub(bytes.len() as u64).ok_or(())?;
        if !state.joined(channel, number, bytes) && !bytes.is_empty() {
            state.items.push_back(Item::Data { channel, number, nanoseconds, bytes: bytes.to_vec() });
        }
        drop(state);
        if let Some(observer) = &self.observer {
            observer.data(channel, number, nanoseconds, bytes);
        }
        self.arrived.notify_one();
        Ok(())
    }

    /// Takes an event of so many bytes in; an error where there were too many.
    pub(super) fn report(&self, event: Event, size: usize) -> Result<(), ()> {
        let mut state = self.state();
        state.event_bytes = state.event_bytes.checked_sub(size.max(8)).ok_or(())?;
        state.over |= is_last(&event);
        drop(state);
        // Before anybody can know of it by the stream.
        if let Some(observer) = &self.observer {
            observer.event(&event);
        }
        self.state().items.push_back(Item::Event(event));
        self.wake();
        Ok(())
    }

    /// Takes the end of a channel in; it counts as an event.
    pub(super) fn close(&self, channel: Channel) -> Result<(), ()> {
        let mut state = self.state();
        state.event_bytes = state.event_bytes.checked_sub(8).ok_or(())?;
        state.items.push_back(Item::End(channel));
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// The agent gave the stream up.
    pub(super) fn reset(&self) {
        let mut state = self.state();
        state.over = true;
        state.items.push_back(Item::Reset);
        drop(state);
        self.tell_over();
        self.wake();
    }

    /// The agent grants more.
    pub(super) fn grant(&self, bytes: u64) {
        let mut state = self.state();
        state.credit = state.credit.saturating_add(bytes);
        drop(state);
        self.credited.notify_waiters();
    }

    /// Nothing more comes, for this reason.
    pub(super) fn end(&self, fate: Fate) {
        let mut state = self.state();
        state.over = true;
        state.fate.get_or_insert(fate);
        drop(state);
        self.tell_over();
        self.wake();
    }

    /// The host ends it: senders stop.
    pub(super) fn abandon(&self) {
        self.state().over = true;
        self.tell_over();
        self.credited.notify_waiters();
    }

    fn tell_over(&self) {
        if let Some(observer) = &self.observer {
            observer.over();
        }
    }

    fn wake(&self) {
        self.arrived.notify_one();
        self.credited.notify_waiters();
    }

    /// The next item and how much to grant for it; `None` while there is none.
    pub(super) fn take(&self) -> Option<Result<(Item, u64), Fate>> {
        let mut state = self.state();
        let Some(item) = state.items.pop_front() else { return state.fate.clone().map(Err) };
        let mut grant = 0;
        if let Item::Data { bytes, .. } = &item {
            state.taken += bytes.len() as u64;
            if state.taken >= state.grant_at && !state.over {
                grant = std::mem::take(&mut state.taken);
                state.allowance += grant;
            }
        }
        Some(Ok((item, grant)))
    }

    /// Whether the agent's last word has arrived.
    pub(super) fn is_over(&self) -> bool {
        self.state().over
    }

    /// Takes credit for at most so many bytes.
    pub(super) fn take_credit(&self, wanted: usize) -> Credit {
        let mut state = self.state();
        if state.over {
            return Credit::Over;
        }
        let granted = usize::try_from(state.credit).unwrap_or(usize::MAX).min(wanted);
        state.credit -= granted as u64;
        if granted == 0 { Credit::None } else { Credit::Some(granted) }
    }
}

impl State {
    /// Joins bytes to the last item where many small ones wait.
    fn joined(&mut self, channel: Channel, next: u64, more: &[u8]) -> bool {
        if self.items.len() < JOIN_FROM {
            return false;
        }
        match self.items.back_mut() {
            Some(Item::Data { channel: last, number, bytes, .. })
                if *last == channel && *number < next && bytes.len() + more.len() <= JOIN_UP_TO =>
            {
                *number = next;
                bytes.extend_from_slice(more);
                true
            }
            _ => false,
        }
    }
}

pub(super) fn is_last(event: &Event) -> bool {
    matches!(event, Event::RunEnded(_) | Event::Done | Event::Failed(_))
}
