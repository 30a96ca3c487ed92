//! What /proc tells of processes: who descends from whom, and what each uses.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

/// What is known of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) parent: i32,
    pub(crate) session: i32,
    /// It has ended and waits to be reaped.
    pub(crate) is_dead: bool,
    /// CPU time of it and of its children that were waited for.
    pub(crate) ticks: u64,
    /// When it started, in ticks: together with its number that stands for no other process.
    pub(crate) started: u64,
    /// Resident memory, shared pages included.
    pub(crate) pages: u64,
}

impl Process {
    /// One process as this /proc shows it; `None` where it is gone.
    pub(crate) fn read(proc: &Path, pid: i32) -> Option<Self> {
        let bytes = std::fs::read(proc.join(pid.to_string()).join("stat")).ok()?;
        Self::parse(&String::from_utf8_lossy(&bytes))
    }

    /// A line of /proc/PID/stat; the name in it may hold anything.
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        Some(Self {
            is_dead: matches!(*fields.first()?, "Z" | "X"),
            parent: fields.get(1)?.parse().ok()?,
            session: fields.get(3)?.parse().ok()?,
            ticks: number(11)? + number(12)? + number(13)? + number(14)?,
            started: number(19)?,
            pages: number(21)?,
        })
    }
}

/// All processes that a /proc shows, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct ProcessTable(BTreeMap<i32, Process>);

impl ProcessTable {
    pub(crate) fn read(proc: &Path) -> Self {
        let Ok(entries) = std::fs::read_dir(proc) else { return Self::default() };
        let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        Self(numbers.filter_map(|pid| Some((pid, Process::read(proc, pid)?))).collect())
    }

    pub(crate) fn get(&self, pid: i32) -> Option<&Process> {
        self.0.get(&pid)
    }

    /// The processes that descend from one, itself left out.
    pub(crate) fn below(&self, ancestor: i32) -> impl Iterator<Item = (i32, &Process)> {
        self.0.iter().map(|(pid, process)| (*pid, process)).filter(move |(pid, _)| self.descends(*pid, ancestor))
    }

    fn descends(&self, pid: i32, ancestor: i32) -> bool {
        pid != ancestor && self.child_above(pid, ancestor).is_some()
    }

    /// The child of `ancestor` that a process is or descends from.
    pub(crate) fn child_above(&self, pid: i32, ancestor: i32) -> Option<i32> {
        let found = (0..=self.0.len()).try_fold(pid, |pid, _| match self.0.get(&pid) {
            Some(process) if process.parent == ancestor => ControlFlow::Break(Some(pid)),
            Some(process) => ControlFlow::Continue(process.parent),
            None => ControlFlow::Break(None),
        });
        found.break_value().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_it_is_called() {
        let line = "17 (a) b (c)) S 4 17 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 99 1000 25 18446744073709551615";
        let process = Process::parse(line).unwrap();
        let expected = Process { parent: 4, session: 9, is_dead: false, ticks: 26, started: 99, pages: 25 };
        assert_eq!(process, expected);
        assert!(Process::parse("17 (x").is_none());
    }

    #[test]
    fn descent_ends_where_it_loops_or_leads_nowhere() {
        let process = |parent| Process { parent, session: 0, is_dead: false, ticks: 0, started: 0, pages: 0 };
        let table = ProcessTable(BTreeMap::from([
            (2, process(1)),
            (3, process(2)),
            (4, process(5)),
            (5, process(4)),
            (6, process(3)),
        ]));
        assert_eq!(table.below(2).map(|(pid, _)| pid).collect::<Vec<_>>(), [3, 6]);
        assert_eq!(table.child_above(6, 2), Some(3));
        assert!(!table.descends(4, 2));
        assert!(!table.descends(2, 2));
        assert!(!table.descends(2, 3));
    }

    #[test]
    fn this_process_descends_from_its_parent() {
        let table = ProcessTable::read(Path::new("/proc"));
        let own = i32::try_from(std::process::id()).unwrap();
        let parent = table.get(own).unwrap().parent;
        assert!(table.below(parent).any(|(pid, _)| pid == own));
    }
}
