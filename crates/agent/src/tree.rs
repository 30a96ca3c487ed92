//! Killing what descends from a process one by one, where neither a namespace dies with it nor the kernel keeps signals in.
//!
//! Whoever loses its parent becomes a child of the nearest ancestor that is a subreaper, so descent cannot be escaped.
//! Processes are stopped before they are killed: what is stopped does not fork, but for what continues itself by a timer.
//! A process that forks and ends at once, over and over, may never be met; so this is the weaker way.

use std::collections::BTreeSet;
use std::path::Path;

use rustix::process::{Pid, PidfdFlags, Signal, getpid, pidfd_open, pidfd_send_signal};

use crate::process_table::{Process, ProcessTable};
use crate::sys::reap;

const PROC: &str = "/proc";

/// How often processes are looked for at most before those that were found are killed.
const LOOKS_MOST: usize = 1_000;

/// How often orphans are looked for.
const ORPHAN_LOOKS: usize = 100;

/// Kills all that it finds to descend from a process, but not itself.
pub(crate) fn kill_below(ancestor: Pid) {
    let ancestor = ancestor.as_raw_nonzero().get();
    kill(|table| table.below(ancestor).map(|(pid, _)| pid).collect());
}

/// Kills and reaps what runs have left to this process: what became its child without having been started by it. Such
/// have led, or been in, a session of their own; what this process starts stays in its own session. For what nobody else
/// could kill: an init that was killed from outside. Never waits.
pub(crate) fn kill_orphans() {
    let own = getpid().as_raw_nonzero().get();
    let Some(session) = Process::read(Path::new(PROC), own).map(|process| process.session) else { return };
    let is_orphan = |table: &ProcessTable, pid| {
        let child = table.child_above(pid, own).and_then(|child| table.get(child));
        child.is_some_and(|child| child.session != session)
    };
    for _ in 0..ORPHAN_LOOKS {
        kill(|table| table.below(own).map(|(pid, _)| pid).filter(|pid| is_orphan(table, *pid)).collect());
        let table = ProcessTable::read(Path::new(PROC));
        let orphans = table.below(own).filter(|(_, process)| process.parent == own && process.session != session);
        let left = orphans.filter(|(pid, _)| !matches!(reap(Pid::from_raw(*pid), false), Ok(Some(_)))).count();
        if left == 0 {
            return;
        }
    }
}

fn kill(members: impl Fn(&ProcessTable) -> Vec<i32>) {
    let mut stopped = BTreeSet::new();
    for _ in 0..LOOKS_MOST {
        let table = ProcessTable::read(Path::new(PROC));
        let alive = members(&table).into_iter().filter_map(|pid| Some((pid, table.get(pid)?)));
        let alive = alive.filter(|(_, process)| !process.is_dead).map(|(pid, process)| (pid, process.started));
        let fresh: Vec<_> = alive.filter(|one| !stopped.contains(one)).collect();
        if fresh.is_empty() {
            break;
        }
        fresh.iter().for_each(|one| signal(*one, Signal::STOP));
        stopped.extend(fresh);
    }
    stopped.into_iter().for_each(|one| signal(one, Signal::KILL));
}

/// Sends a signal to a process that started at this time; to no other that has its number by now.
fn signal((pid, started): (i32, u64), signal: Signal) {
    let Some(Ok(process)) = Pid::from_raw(pid).map(|pid| pidfd_open(pid, PidfdFlags::empty())) else { return };
    if Process::read(Path::new(PROC), pid).is_some_and(|process| process.started == started) {
        // It may have ended a moment ago.
        let _ = pidfd_send_signal(&process, signal);
    }
}

/// Kills and reaps all that descends from this process, until it has no child.
pub(crate) fn end_all_below() {
    loop {
        kill_below(getpid());
        if reap(None, true).ok().flatten().is_none() {
            return;
        }
        while let Ok(Some(_)) = reap(None, false) {}
    }
}
