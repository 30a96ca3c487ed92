//! In a container the engine holds the limits, for all of it together; the agent only tells what came of them.

use rustix::process::Pid;

use super::{Consumed, field, watched};
use crate::enclosure::Enclosure;

/// Where a container sees how often the kernel killed in it for lack of memory: version 2, version 1.
const KILLS: [&str; 2] = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"];

/// A run as the processes that descend from its init.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    processes: watched::Run,
    /// Kills in the container before the run began.
    kills: Option<u64>,
}

impl Run {
    pub(crate) fn new() -> Self {
        Self { processes: watched::Run::new(Enclosure::Descent), kills: None }
    }

    pub(crate) fn follow(&mut self, init: Pid) {
        self.processes.follow(init);
    }

    pub(crate) fn begin(&mut self) {
        self.processes.begin();
        self.kills = kills();
    }

    pub(crate) fn cpu_time(&self) -> u64 {
        self.processes.cpu_time()
    }

    pub(crate) fn taken_memory(&self) -> u64 {
        self.processes.taken_memory()
    }

    pub(crate) fn consumed(&self) -> Consumed {
        self.processes.consumed()
    }

    /// Whether the kernel killed for lack of memory meanwhile: in this run, or in one beside it.
    pub(crate) fn was_out_of_memory(&self) -> bool {
        kills().zip(self.kills).is_some_and(|(now, before)| now > before)
    }
}

fn kills() -> Option<u64> {
    let counted = |path: &&str| field(&std::fs::read_to_string(path).ok()?, "oom_kill");
    KILLS.iter().find_map(counted)
}
