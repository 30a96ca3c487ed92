//! Without groups: what runs use is read off their processes, now and then.
//!
//! It can be outrun: memory that is taken and filled between two looks is taken, whatever the limit. So this holds
//! against code that does not know of it, and capabilities say so.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rustix::process::Pid;

use super::{Consumed, GroupLimits};
use crate::jail::PRIVATE;

/// The limits of a sandbox that nothing but a look now and then enforces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sandbox {
    pub(crate) limits: GroupLimits,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn limited(limits: GroupLimits) -> Self {
        Self { limits }
    }

    /// Whether processes hold more than the limit, if what they share is counted for each.
    pub(crate) fn is_near(&self) -> bool {
        let processes = processes();
        let pages = processes.iter().filter(|(pid, _)| **pid != AGENT).map(|(_, process)| process.pages);
        pages.sum::<u64>().saturating_mul(rustix::param::page_size() as u64) > self.limits.memory
    }

    /// Whether they hold more than the limit.
    pub(crate) fn is_exceeded(&self) -> bool {
        held_by(processes().keys().filter(|pid| **pid != AGENT)) > self.limits.memory
    }
}

/// The agent's own number in its namespace.
const AGENT: i32 = 1;

/// A run as the processes that descend from its init.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    init: Option<i32>,
    /// CPU time before the run began, in nanoseconds.
    before: u64,
}

impl Run {
    pub(crate) fn new() -> Self {
        Self::default()
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
        let processes = processes();
        let ticks: u64 = self.members(&processes).map(|pid| processes[pid].ticks).sum();
        ticks.saturating_mul(1_000_000_000 / rustix::param::clock_ticks_per_second().max(1))
    }

    pub(crate) fn taken_memory(&self) -> u64 {
        let processes = processes();
        held_by(self.members(&processes))
    }

    /// Nothing: by the time it is asked for, the processes are gone.
    pub(crate) fn consumed(&self) -> Consumed {
        Consumed::default()
    }

    fn members<'a>(&self, processes: &'a BTreeMap<i32, Process>) -> impl Iterator<Item = &'a i32> {
        processes.keys().filter(move |pid| self.init.is_some_and(|init| descends(processes, **pid, init)))
    }
}

/// What is known of a process.
#[derive(Debug, Clone, Copy)]
struct Process {
    parent: i32,
    /// CPU time of it and of its children that were waited for.
    ticks: u64,
    /// Resident memory, shared pages included.
    pages: u64,
}

fn descends(processes: &BTreeMap<i32, Process>, pid: i32, ancestor: i32) -> bool {
    let found = (0..processes.len()).try_fold(pid, |pid, _| {
        if pid == ancestor {
            return ControlFlow::Break(true);
        }
        match processes.get(&pid) {
            Some(process) => ControlFlow::Continue(process.parent),
            None => ControlFlow::Break(false),
        }
    });
    found == ControlFlow::Break(true)
}

/// All processes of the sandbox.
fn processes() -> BTreeMap<i32, Process> {
    let Ok(entries) = std::fs::read_dir(format!("{PRIVATE}/proc")) else { return BTreeMap::new() };
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    numbers.filter_map(|pid| Some((pid, parse(&read(pid, "stat")?)?))).collect()
}

/// A line of /proc/PID/stat; the name in it may hold anything.
fn parse(line: &str) -> Option<Process> {
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Process { parent: fields.get(1)?.parse().ok()?, ticks, pages: number(21)? })
}

/// Bytes that these hold, what they share divided among them.
fn held_by<'a>(pids: impl Iterator<Item = &'a i32>) -> u64 {
    let share = |text: String| {
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")?.strip_suffix("kB")?.trim().parse().ok());
        line.unwrap_or(0u64)
    };
    pids.filter_map(|pid| read(*pid, "smaps_rollup")).map(share).sum::<u64>().saturating_mul(1024)
}

fn read(pid: i32, file: &str) -> Option<String> {
    let bytes = std::fs::read(format!("{PRIVATE}/proc/{pid}/{file}")).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_it_is_called() {
        let line = "17 (a) b (c)) S 4 17 17 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 99 1000 25 18446744073709551615";
        let process = parse(line).unwrap();
        assert_eq!((process.parent, process.ticks, process.pages), (4, 26, 25));
        assert!(parse("17 (x").is_none());
    }

    #[test]
    fn descent_ends_where_it_loops_or_leads_nowhere() {
        let process = |parent| Process { parent, ticks: 0, pages: 0 };
        let processes = BTreeMap::from([(2, process(1)), (3, process(2)), (4, process(5)), (5, process(4))]);
        assert!(descends(&processes, 3, 2));
        assert!(descends(&processes, 2, 2));
        assert!(!descends(&processes, 4, 2));
        assert!(!descends(&processes, 2, 3));
    }
}
