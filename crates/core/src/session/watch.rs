//! Runs seen by somebody who did not start them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::{RunInfo, RunState, Session, shared::Feed};
use crate::{Error, OutputEvent, connection::Pulse};

/// How many bytes of output may wait for one watcher.
const BYTES_MOST: usize = 8 << 20;

/// How many events may wait for one watcher.
const EVENTS_MOST: usize = 4096;

/// Something that happened in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RunEvent {
    /// A run was started.
    Started {
        /// What there is to know of it.
        run: RunInfo,
    },
    /// A run has written something.
    Output {
        /// The run's number.
        run: u64,
        /// What it wrote.
        event: OutputEvent,
    },
    /// A run is over.
    Ended {
        /// The run's number.
        run: u64,
        /// What has become of it: [`RunState::Failed`] where nobody knows, as where its handle was dropped.
        state: RunState,
    },
    /// The watcher was too slow for what came here.
    Missed {
        /// How many events are missing.
        events: u64,
    },
}

/// Receives what happens in a session. Dropping it ends the watching.
pub struct Watch {
    source: Source,
}

enum Source {
    Own { queue: Arc<Queue>, pulse: Pulse },
    Shared(Feed),
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Watch").finish_non_exhaustive()
    }
}

impl Watch {
    /// The next event; `None` when the session is over. Safe to cancel.
    pub async fn next_event(&mut self) -> Option<RunEvent> {
        match &mut self.source {
            Source::Own { queue, pulse } => loop {
                let came = queue.came.notified();
                if let Some(event) = queue.take() {
                    return Some(event);
                }
                tokio::select! {
                    () = came => {}
                    _ = pulse.over() => return queue.take(),
                }
            },
            Source::Shared(feed) => feed.next().await,
        }
    }
}

/// What waits for one watcher. Whoever puts something in never waits.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<Waiting>,
    came: Notify,
}

#[derive(Default)]
struct Waiting {
    events: VecDeque<RunEvent>,
    bytes: usize,
    missed: u64,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, event: RunEvent) {
        let mut state = self.state();
        let size = size_of(&event);
        if state.events.len() >= EVENTS_MOST || state.bytes + size > BYTES_MOST {
            state.missed += 1;
        } else {
            if state.missed > 0 {
                let events = std::mem::take(&mut state.missed);
                state.events.push_back(RunEvent::Missed { events });
            }
            state.bytes += size;
            state.events.push_back(event);
        }
        drop(state);
        self.came.notify_one();
    }

    fn take(&self) -> Option<RunEvent> {
        let mut state = self.state();
        match state.events.pop_front() {
            Some(event) => {
                state.bytes -= size_of(&event);
                Some(event)
            }
            None if state.missed > 0 => Some(RunEvent::Missed { events: std::mem::take(&mut state.missed) }),
            None => None,
        }
    }
}

fn size_of(event: &RunEvent) -> usize {
    match event {
        RunEvent::Output { event, .. } => event.bytes.len(),
        _ => 0,
    }
}

impl Session {
    /// Watches all runs that start from now on, whoever starts them: their output as it comes, their starts and ends.
    ///
    /// At most 8 MiB of output and 4096 events wait for a watcher; one that is slower misses some and is told how many.
    /// No run ever waits for a watcher.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Expired`] and others where the session is over.
    pub async fn watch(&self) -> Result<Watch, Error> {
        let pulse = self.connection()?.pulse();
        let source = match &self.inner.owner {
            Some(owner) => Source::Shared(owner.watch().await?),
            None => return Ok(self.own_watch(pulse)),
        };
        Ok(Watch { source })
    }

    /// Watches in the process that has the session, which this does not keep open.
    pub(super) fn own_watch(&self, pulse: Pulse) -> Watch {
        let queue = Arc::default();
        self.inner.runs.watch(&queue);
        Watch { source: Source::Own { queue, pulse } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_watchers_are_told_what_they_missed() {
        let queue = Queue::default();
        let ended = |run| RunEvent::Ended { run, state: RunState::Failed };
        for run in 0..EVENTS_MOST as u64 + 3 {
            queue.push(ended(run));
        }
        for run in 0..EVENTS_MOST as u64 {
            assert_eq!(queue.take(), Some(ended(run)));
        }
        queue.push(ended(7));
        assert_eq!(queue.take(), Some(RunEvent::Missed { events: 3 }));
        assert_eq!((queue.take(), queue.take()), (Some(ended(7)), None));
    }
}
