use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Mode, OFlags, mkdirat, openat, unlinkat};

use super::super::{Consumed, field, open, read_number, read_text, write};
use super::{SandboxGroup, limit_tcp};

/// The group of one run. Kept for the next run when this one is over.
#[derive(Debug)]
pub(crate) struct RunGroup {
    name: String,
    joiners: [OwnedFd; 4],
    cpu_user: OwnedFd,
    cpu_system: OwnedFd,
    cpu_total: OwnedFd,
    memory: OwnedFd,
    peak_memory: OwnedFd,
    out_of_memory: OwnedFd,
    peak_processes: Option<OwnedFd>,
    process_events: Option<OwnedFd>,
    before: Before,
}

/// What counters that cannot be set back stood at when the run began.
#[derive(Debug, Default, Clone, Copy)]
struct Before {
    cpu_user: u64,
    cpu_system: u64,
    cpu_total: u64,
    killed: u64,
    memory: u64,
}

impl RunGroup {
    /// Makes group number `number` of a sandbox.
    pub(crate) fn create(sandbox: &SandboxGroup, number: u32) -> io::Result<Self> {
        let name = format!("run-{number}");
        let memory = make(&sandbox.memory, &name)?;
        limit_tcp(&memory, sandbox.limits.memory)?;
        let accounting = make(&sandbox.accounting, &name)?;
        let (processes, [peak_processes, process_events]) = make_processes(sandbox, &name)?;
        Ok(Self {
            joiners: [
                open(&memory, "tasks", OFlags::WRONLY)?,
                open(&accounting, "tasks", OFlags::WRONLY)?,
                processes,
                rustix::io::fcntl_dupfd_cloexec(&sandbox.cpu_joiner, 3)?,
            ],
            cpu_user: open(&accounting, "cpuacct.usage_user", OFlags::RDONLY)?,
            cpu_system: open(&accounting, "cpuacct.usage_sys", OFlags::RDONLY)?,
            cpu_total: open(&accounting, "cpuacct.usage", OFlags::RDONLY)?,
            memory: open(&memory, "memory.usage_in_bytes", OFlags::RDONLY)?,
            peak_memory: open(&memory, "memory.max_usage_in_bytes", OFlags::RDWR)?,
            out_of_memory: open(&memory, "memory.oom_control", OFlags::RDONLY)?,
            peak_processes,
            process_events,
            before: Before::default(),
            name,
        })
    }

    /// Makes the group ready for the next run.
    pub(crate) fn renew(&mut self, sandbox: &SandboxGroup) -> io::Result<()> {
        unlinkat(&sandbox.processes, &self.name, AtFlags::REMOVEDIR)?;
        (self.joiners[2], [self.peak_processes, self.process_events]) = make_processes(sandbox, &self.name)?;
        Ok(())
    }

    /// Starts counting what the run uses.
    pub(crate) fn begin(&mut self) {
        // A kernel that does not let the peak be set back shows one that is too high.
        let _ = rustix::io::write(&self.peak_memory, b"0");
        let number = |file| read_number(file).unwrap_or(0);
        self.before = Before {
            cpu_user: number(&self.cpu_user),
            cpu_system: number(&self.cpu_system),
            cpu_total: number(&self.cpu_total),
            killed: self.killed(),
            memory: number(&self.memory),
        };
    }

    /// Moves the calling process in.
    pub(crate) fn join(&self) -> io::Result<()> {
        self.joiners.iter().try_for_each(|joiner| rustix::io::write(joiner, b"0").map(drop))?;
        Ok(())
    }

    /// CPU time since the run began, in nanoseconds.
    pub(crate) fn cpu_time(&self) -> u64 {
        read_number(&self.cpu_total).unwrap_or(0).saturating_sub(self.before.cpu_total)
    }

    /// Memory that the run took since it began, its files included, in bytes. What an earlier one left is not its own.
    pub(crate) fn taken_memory(&self) -> u64 {
        read_number(&self.memory).unwrap_or(0).saturating_sub(self.before.memory)
    }

    /// Whether the kernel killed one of the run's processes for lack of memory.
    pub(crate) fn was_out_of_memory(&self) -> bool {
        self.killed() > self.before.killed
    }

    fn killed(&self) -> u64 {
        read_text(&self.out_of_memory).and_then(|text| field(&text, "oom_kill")).unwrap_or(0)
    }

    /// Whether the run was refused a process or a thread.
    pub(crate) fn was_refused_processes(&self) -> bool {
        let events = self.process_events.as_ref().and_then(read_text);
        events.and_then(|text| field(&text, "max")).is_some_and(|times| times > 0)
    }

    pub(crate) fn consumed(&self) -> Consumed {
        let since = |file, before: u64| Some(read_number(file)?.saturating_sub(before));
        let total = since(&self.cpu_total, self.before.cpu_total);
        let user = since(&self.cpu_user, self.before.cpu_user).unwrap_or(0);
        let system = since(&self.cpu_system, self.before.cpu_system).unwrap_or(0);
        let divided = total.map(|total| divide(total, user, system));
        Consumed {
            user_time: divided.map(|(user, _)| user),
            system_time: divided.map(|(_, system)| system),
            peak_memory: read_number(&self.peak_memory),
            // The run's init is not the code's.
            peak_processes: self.peak_processes.as_ref().and_then(read_number).map(|peak| peak.saturating_sub(1)),
        }
    }
}

/// Divides a time as samples of it were: the kernel measures the whole exactly, but whether it was spent in user mode it
/// only samples, and misses much of a throttled group.
fn divide(total: u64, user: u64, system: u64) -> (u64, u64) {
    let sampled = u128::from(user) + u128::from(system);
    let share = (u128::from(total) * u128::from(user)).checked_div(sampled).unwrap_or(total.into());
    let user = u64::try_from(share).unwrap_or(total).min(total);
    (user, total - user)
}

fn make(parent: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
    match mkdirat(parent, name, Mode::from_raw_mode(0o755)) {
        Err(rustix::io::Errno::EXIST) => {}
        other => other?,
    }
    Ok(openat(parent, name, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?)
}

/// The group that counts processes: made anew for each run, since its peak cannot be set back.
fn make_processes(sandbox: &SandboxGroup, name: &str) -> io::Result<(OwnedFd, [Option<OwnedFd>; 2])> {
    let directory = make(&sandbox.processes, name)?;
    write(&directory, "pids.max", &(sandbox.limits.processes.saturating_add(1)).to_string())?;
    let read = ["pids.peak", "pids.events"].map(|file| open(&directory, file, OFlags::RDONLY).ok());
    Ok((open(&directory, "tasks", OFlags::WRONLY)?, read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_divided_as_sampled() {
        assert_eq!(divide(100, 1, 3), (25, 75));
        assert_eq!(divide(100, 4000, 0), (100, 0));
        assert_eq!(divide(100, 0, 7), (0, 100));
        assert_eq!(divide(100, 0, 0), (100, 0));
        assert_eq!(divide(u64::MAX, u64::MAX, 0), (u64::MAX, 0));
    }
}
