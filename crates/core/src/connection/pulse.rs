use std::sync::Arc;

use tokio::{sync::futures::Notified, time::Instant};

use super::{Fate, Shared};

/// Tells whether a connection is in use and when it is over, without keeping it.
#[derive(Clone)]
pub(crate) struct Pulse {
    shared: Arc<Shared>,
}

impl Pulse {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared) }
    }

    /// Since when nothing is open; `None` while something is.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        self.shared.streams().idle_since
    }

    /// Ends when nothing is open any more.
    pub(crate) fn quiet(&self) -> Notified<'_> {
        self.shared.quiet.notified()
    }

    /// Waits for the end, and says why it is over.
    pub(crate) async fn over(&self) -> Fate {
        loop {
            let over = self.shared.over.notified();
            tokio::pin!(over);
            over.as_mut().enable();
            if let Some(fate) = self.fate() {
                return fate;
            }
            over.await;
        }
    }

    /// Why it is over, if it is.
    pub(crate) fn fate(&self) -> Option<Fate> {
        self.shared.streams().fate.clone()
    }

    /// Keeps it from being idle as long as the value lives.
    pub(crate) fn busy(&self) -> Busy {
        let mut streams = self.shared.streams();
        streams.busy += 1;
        streams.idle_since = None;
        drop(streams);
        Busy { pulse: self.clone() }
    }
}

/// Something that goes on without a stream.
pub(crate) struct Busy {
    pulse: Pulse,
}

impl Drop for Busy {
    fn drop(&mut self) {
        let shared = &self.pulse.shared;
        let mut streams = shared.streams();
        streams.busy -= 1;
        let is_quiet = streams.settle();
        drop(streams);
        if is_quiet {
            shared.quiet.notify_waiters();
        }
    }
}
