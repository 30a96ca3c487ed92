//! All runs of a session, whoever started them.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, SystemTime},
};

use llm_sandbox_protocol::{Channel, Event, RunEnded};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::watch::{Queue, RunEvent};
use crate::{
    Error, Outcome, OutputEvent, OutputStream, RunControl, RunResult, Usage, connection::Observer, run::outcome_of,
};

/// How many results of detached runs are kept.
pub(crate) const KEPT_MOST: usize = 64;

/// How many bytes of output they hold together; the newest is kept whatever it holds.
const KEPT_BYTES: usize = 256 << 20;

/// A run of a session, as [`Session::runs`](crate::Session::runs) lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Its number among all runs of the session, from 1.
    pub number: u64,
    /// What is run: the language of a program text, or a command's program.
    pub what: String,
    /// Since when.
    pub started: SystemTime,
    /// Whether it goes on when nobody holds its handle.
    pub is_detached: bool,
    /// What has become of it.
    pub state: RunState,
}

/// What has become of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RunState {
    /// It goes on.
    Running,
    /// It has ended, and its result waits to be taken.
    Ended {
        /// How.
        outcome: Outcome,
    },
    /// The sandbox has given it up; taking it says why.
    Failed,
}

/// The runs of one session.
#[derive(Default)]
pub(crate) struct Runs {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    begun: u64,
    ended: u64,
    used: Usage,
    live: BTreeMap<u64, Live>,
    kept: VecDeque<Kept>,
    watchers: Vec<Weak<Queue>>,
}

/// A run whose result nobody has yet.
struct Live {
    info: RunInfo,
    control: Option<RunControl>,
}

/// A detached run that has ended.
struct Kept {
    info: RunInfo,
    result: Result<RunResult, Error>,
}

/// What becomes of a run's result.
pub(super) enum Taken {
    Result(Box<Result<RunResult, Error>>),
    /// It is yet to come.
    Awaited,
    /// It belongs to whoever has the run's handle.
    NotDetached,
    Unknown,
}

/// How much was run so far.
pub(super) struct Tally {
    pub(super) begun: u64,
    pub(super) live: u64,
    pub(super) used: Usage,
}

impl Runs {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends at the next change.
    pub(super) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }

    /// Counts a run that is about to start. Until it is [settled](Record::settle) the record takes it back.
    pub(crate) fn begin(self: &Arc<Self>, what: String) -> Arc<Record> {
        let mut state = self.state();
        state.begun += 1;
        let number = state.begun;
        let info = RunInfo { number, what, started: SystemTime::now(), is_detached: false, state: RunState::Running };
        state.watchers.retain(|watcher| watcher.strong_count() > 0);
        let watchers: Vec<_> = state.watchers.iter().filter_map(Weak::upgrade).collect();
        state.live.insert(number, Live { info: info.clone(), control: None });
        drop(state);
        watchers.iter().for_each(|watcher| watcher.push(RunEvent::Started { run: info.clone() }));
        Arc::new(Record { number, runs: Arc::downgrade(self), watchers })
    }

    /// Lets somebody see the runs that begin from now on.
    pub(super) fn watch(&self, watcher: &Arc<Queue>) {
        self.state().watchers.push(Arc::downgrade(watcher));
    }

    /// All that go on, and those whose results wait.
    pub(super) fn list(&self) -> Vec<RunInfo> {
        let state = self.state();
        let infos = state.live.values().map(|live| &live.info).chain(state.kept.iter().map(|kept| &kept.info));
        let mut infos: Vec<_> = infos.cloned().collect();
        infos.sort_by_key(|info| info.number);
        infos
    }

    /// What steers a run that goes on.
    pub(super) fn control(&self, number: u64) -> Option<RunControl> {
        self.state().live.get(&number)?.control.clone()
    }

    /// Takes a detached run's result.
    pub(super) fn take(&self, number: u64) -> Taken {
        let mut state = self.state();
        if let Some(at) = state.kept.iter().position(|kept| kept.info.number == number) {
            return state.kept.remove(at).map_or(Taken::Unknown, |kept| Taken::Result(Box::new(kept.result)));
        }
        match state.live.get(&number) {
            Some(live) if live.info.is_detached => Taken::Awaited,
            Some(_) => Taken::NotDetached,
            None => Taken::Unknown,
        }
    }

    /// Whether a run goes on.
    pub(super) fn is_running(&self, number: u64) -> bool {
        self.state().live.get(&number).is_some_and(|live| live.info.state == RunState::Running)
    }

    pub(super) fn tally(&self) -> Tally {
        let state = self.state();
        Tally { begun: state.begun, live: state.begun - state.ended, used: state.used.clone() }
    }

    /// Somebody has the run's result.
    pub(crate) fn taken(&self, number: u64) {
        let mut state = self.state();
        state.live.remove(&number);
        state.kept.retain(|kept| kept.info.number != number);
        drop(state);
        self.changed.notify_waiters();
    }

    /// Keeps the result of a detached run that nobody waits for.
    pub(crate) fn keep(&self, number: u64, result: Result<RunResult, Error>) {
        let mut dropped = Vec::new();
        let mut state = self.state();
        if let Some(Live { mut info, .. }) = state.live.remove(&number) {
            info.state = match &result {
                Ok(result) => RunState::Ended { outcome: result.outcome.clone() },
                Err(_) => RunState::Failed,
            };
            state.kept.push_back(Kept { info, result });
            while state.holds_too_much() {
                dropped.extend(state.kept.pop_front());
            }
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// A run's stream is over, with or without its last word.
    fn ended(&self, number: u64, ended: Option<&RunEnded>) -> Option<RunState> {
        let mut state = self.state();
        let live = state.live.get_mut(&number).filter(|live| live.info.state == RunState::Running)?;
        live.control = None;
        let outcome = ended.and_then(|ended| outcome_of(ended).ok());
        live.info.state = outcome.map_or(RunState::Failed, |outcome| RunState::Ended { outcome });
        let became = live.info.state.clone();
        if !live.info.is_detached {
            state.live.remove(&number);
        }
        state.ended += 1;
        if let Some(ended) = ended {
            state.used.add(ended);
        }
        drop(state);
        self.changed.notify_waiters();
        Some(became)
    }

    fn update(&self, number: u64, change: impl FnOnce(&mut Live)) {
        if let Some(live) = self.state().live.get_mut(&number) {
            change(live);
        }
    }
}

impl State {
    fn holds_too_much(&self) -> bool {
        let held = |kept: &Kept| kept.result.as_ref().map_or(0, |run| run.stdout.bytes.len() + run.stderr.bytes.len());
        self.kept.len() > KEPT_MOST || (self.kept.len() > 1 && self.kept.iter().map(held).sum::<usize>() > KEPT_BYTES)
    }
}

impl Usage {
    /// Adds what one more run used: times and output together, the most of memory and processes.
    fn add(&mut self, ended: &RunEnded) {
        let time = |sum: &mut Option<Duration>, more: Option<u64>| {
            if let Some(more) = more {
                *sum = Some(sum.unwrap_or_default().saturating_add(Duration::from_nanos(more)));
            }
        };
        time(&mut self.wall, Some(ended.run_time));
        time(&mut self.user, ended.usage.user_time);
        time(&mut self.system, ended.usage.system_time);
        self.peak_memory_bytes = self.peak_memory_bytes.max(ended.usage.peak_memory);
        self.peak_processes = self.peak_processes.max(ended.usage.peak_processes);
        let written = ended.stdout.written.saturating_add(ended.stderr.written);
        self.output_bytes = Some(self.output_bytes.unwrap_or_default().saturating_add(written));
    }
}

/// One run on its stream: what comes is counted and shown to whoever watches.
pub(crate) struct Record {
    number: u64,
    runs: Weak<Runs>,
    watchers: Vec<Arc<Queue>>,
}

impl Record {
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The run has a stream, and can be steered.
    pub(crate) fn settle(&self, control: RunControl) {
        self.update(|live| {
            if live.info.state == RunState::Running {
                live.control = Some(control);
            }
        });
    }

    /// From now on it goes on without anybody who holds it.
    pub(crate) fn detach(&self) {
        self.update(|live| live.info.is_detached = true);
    }

    pub(crate) fn is_detached(&self) -> bool {
        let mut is_detached = false;
        self.update(|live| is_detached = live.info.is_detached);
        is_detached
    }

    pub(crate) fn taken(&self) {
        self.with(|runs| runs.taken(self.number));
    }

    pub(crate) fn keep(&self, result: Result<RunResult, Error>) {
        self.with(|runs| runs.keep(self.number, result));
    }

    fn update(&self, change: impl FnOnce(&mut Live)) {
        self.with(|runs| runs.update(self.number, change));
    }

    fn with(&self, act: impl FnOnce(&Runs)) {
        if let Some(runs) = self.runs.upgrade() {
            act(&runs);
        }
    }

    fn ended(&self, ended: Option<&RunEnded>) {
        let became = self.runs.upgrade().and_then(|runs| runs.ended(self.number, ended));
        if let Some(state) = became {
            let ended = RunEvent::Ended { run: self.number, state };
            self.watchers.iter().for_each(|watcher| watcher.push(ended.clone()));
        }
    }
}

impl Observer for Record {
    fn data(&self, channel: Channel, number: u64, nanoseconds: u64, bytes: &[u8]) {
        let stream = match channel {
            Channel::Stdout => OutputStream::Stdout,
            Channel::Stderr => OutputStream::Stderr,
            // Whoever takes the run's output says what is wrong with it.
            _ => return,
        };
        for watcher in &self.watchers {
            let time = Duration::from_nanos(nanoseconds);
            let event = OutputEvent { number, time, stream, bytes: bytes.to_vec() };
            watcher.push(RunEvent::Output { run: self.number, event });
        }
    }

    fn event(&self, event: &Event) {
        if let Event::RunEnded(ended) = event {
            self.ended(Some(ended));
        }
    }

    fn over(&self) {
        self.ended(None);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // One that never got a stream; any other has been told that it is over.
        self.ended(None);
    }
}
