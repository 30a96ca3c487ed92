//! Without groups: what runs use is read off their processes, now and then.
//!
//! It can be outrun: memory that is taken and filled between two looks is taken, whatever the limit. So this holds
//! against code that does not know of it, and capabilities say so.

use rustix::process::{Pid, getpid};

use super::{Consumed, GroupLimits};
use crate::enclosure::Enclosure;
use crate::process_table::ProcessTable;

/// The limits of a sandbox that nothing but a look now and then enforces.
#[derive(Debug, Clone)]
pub(crate) struct Sandbox {
    pub(crate) limits: GroupLimits,
    pub(crate) enclosure: Enclosure,
}

impl Sandbox {
    /// How much less than the limit processes hold, if what they share is counted for each.
    pub(crate) fn headroom(&self) -> u64 {
        let processes = self.enclosure.processes();
        let pages = processes.below(agent()).map(|(_, process)| process.pages);
        let held = pages.sum::<u64>().saturating_mul(rustix::param::page_size() as u64);
        self.limits.memory.saturating_sub(held)
    }

    /// Whether they hold more than the limit.
    pub(crate) fn is_exceeded(&self) -> bool {
        held_by(self.enclosure, self.enclosure.processes().below(agent()).map(|(pid, _)| pid)) > self.limits.memory
    }
}

/// The process that all of a sandbox descends from: this one.
fn agent() -> i32 {
    getpid().as_raw_nonzero().get()
}

/// A run as the processes that descend from its init.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    enclosure: Enclosure,
    init: Option<i32>,
    /// CPU time before the run began, in nanoseconds.
    before: u64,
}

impl Run {
    pub(crate) fn new(enclosure: Enclosure) -> Self {
        Self { enclosure, init: None, before: 0 }
    }

    pub(crate) fn follow(&mut self, init: Pid) {
        self.init = Some(init.as_raw_nonzero().get());
    }

    pub(crate) fn begin(&mut self) {
        self.before = self.time();
    }

    pub(crate) fn cpu_time(&self) -> u64 {
        self.time().saturating_sub(self.before)
    }

    fn time(&self) -> u64 {
        let processes = self.enclosure.processes();
        let ticks: u64 =
            self.members(&processes).filter_map(|pid| processes.get(pid)).map(|process| process.ticks).sum();
        ticks.saturating_mul(1_000_000_000 / rustix::param::clock_ticks_per_second().max(1))
    }

    pub(crate) fn taken_memory(&self) -> u64 {
        let processes = self.enclosure.processes();
        held_by(self.enclosure, self.members(&processes))
    }

    /// Nothing: by the time it is asked for, the processes are gone.
    pub(crate) fn consumed(&self) -> Consumed {
        Consumed::default()
    }

    /// The init and all that descend from it.
    fn members(&self, processes: &ProcessTable) -> impl Iterator<Item = i32> {
        let init = self.init;
        init.into_iter().chain(init.into_iter().flat_map(|init| processes.below(init).map(|(pid, _)| pid)))
    }
}

/// Bytes that these hold, what they share divided among them.
fn held_by(enclosure: Enclosure, pids: impl Iterator<Item = i32>) -> u64 {
    let share = |text: String| {
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")?.strip_suffix("kB")?.trim().parse().ok());
        line.unwrap_or(0u64)
    };
    let read = |pid: i32| std::fs::read_to_string(enclosure.proc().join(pid.to_string()).join("smaps_rollup")).ok();
    pids.filter_map(read).map(share).sum::<u64>().saturating_mul(1024)
}
