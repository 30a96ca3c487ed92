use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, Timespec, eventfd, poll};
use rustix::fs::{AtFlags, CWD, Gid, Mode, OFlags, Uid, chownat, mkdirat, openat};

use super::super::{CPU_PERIOD, GroupLimits, open, remove_tree, write};
use super::{Hierarchies, limit_tcp};
use crate::jail::Trouble;

/// The file of a group that bounds memory and files together.
const MEMORY_BOUND: &str = "memory.limit_in_bytes";

/// A sandbox's group in every hierarchy it needs. Not removed on drop: whoever is outside calls [`SandboxGroup::remove`].
#[derive(Debug)]
pub(crate) struct SandboxGroup {
    paths: Vec<PathBuf>,
    pub(crate) limits: GroupLimits,
    pub(super) memory: OwnedFd,
    /// Sets the limit of memory and files together; opened by root.
    pub(super) memory_bound: OwnedFd,
    pub(super) processes: OwnedFd,
    pub(super) accounting: OwnedFd,
    /// The group that bounds the CPU; the supervisor's alone.
    cpu: Option<OwnedFd>,
    /// Joins the group that bounds the CPU; opened by root, whose right to move processes it carries.
    pub(super) cpu_joiner: OwnedFd,
    /// Readable when the kernel killed for lack of memory.
    pub(crate) out_of_memory: OwnedFd,
    /// Readable when more is in use than the code may have without files.
    pub(crate) memory_crossed: OwnedFd,
}

impl SandboxGroup {
    /// Makes the group, without limits yet. On failure nothing is left of it.
    pub(crate) fn create(hierarchies: &Hierarchies, name: &str, (owner, group): (Uid, Gid)) -> Result<Self, Trouble> {
        let mut paths = Vec::new();
        let made = Self::build(hierarchies, name, &mut paths, (owner, group));
        made.inspect_err(|_| remove(&paths, Duration::ZERO))
    }

    fn build(
        hierarchies: &Hierarchies,
        name: &str,
        paths: &mut Vec<PathBuf>,
        owner: (Uid, Gid),
    ) -> Result<Self, Trouble> {
        let mut make = |controller: &'static str| {
            let hierarchy = hierarchies.controller(controller).ok_or_else(|| missing(controller))?;
            let path = hierarchy.own.join(name);
            let made = make_directory(&path, owner, paths);
            made.map_err(|error| Trouble::new("make the cgroup", error).at(&path).hint(NOT_WRITABLE))
        };
        let (memory, processes, cpu, accounting) = (make("memory")?, make("pids")?, make("cpu")?, make("cpuacct")?);
        let watch = |error| Trouble::new("watch the cgroup's memory", error);
        let out_of_memory = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK).map_err(|e| watch(e.into()))?;
        notify(&memory, &out_of_memory, "memory.oom_control", "").map_err(watch)?;
        let memory_crossed = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK).map_err(|e| watch(e.into()))?;
        let memory_bound = open(&memory, MEMORY_BOUND, OFlags::WRONLY).map_err(watch)?;
        let cpu_joiner = open(&cpu, "tasks", OFlags::WRONLY).map_err(watch)?;
        let paths = std::mem::take(paths);
        let limits = GroupLimits::default();
        Ok(Self {
            paths,
            limits,
            memory,
            memory_bound,
            processes,
            accounting,
            cpu: Some(cpu),
            cpu_joiner,
            out_of_memory,
            memory_crossed,
        })
    }

    /// Sets what all runs may use together.
    pub(crate) fn limit(&mut self, limits: GroupLimits) -> Result<(), Trouble> {
        let set = |error| Trouble::new("set the cgroup's limits", error);
        let cpu = self.cpu.as_ref().ok_or_else(|| set(io::ErrorKind::NotFound.into()))?;
        set_limits(&self.memory, &self.processes, cpu, &limits).map_err(set)?;
        self.limits = limits;
        Ok(())
    }

    /// Has the kernel tell when the memory limit is crossed. For the supervisor once the jail stands: the kernel takes
    /// ten milliseconds and more over it.
    pub(crate) fn watch_memory(&self) -> io::Result<()> {
        notify(&self.memory, &self.memory_crossed, "memory.usage_in_bytes", &self.limits.memory.to_string())?;
        // What was crossed before is told by nobody else.
        rustix::io::write(&self.memory_crossed, &1u64.to_ne_bytes())?;
        Ok(())
    }

    /// What the agent needs of the group: all but the right to remove it.
    pub(crate) fn descriptors(&self) -> Vec<BorrowedFd<'_>> {
        let files = [&self.memory, &self.memory_bound, &self.processes, &self.accounting, &self.cpu_joiner];
        files.into_iter().chain([&self.out_of_memory, &self.memory_crossed]).map(AsFd::as_fd).collect()
    }

    /// The group that the supervisor made, from its descriptors.
    pub(crate) fn from_descriptors(descriptors: Vec<OwnedFd>, limits: GroupLimits) -> io::Result<Self> {
        let descriptors: [OwnedFd; 7] = descriptors.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        let [memory, memory_bound, processes, accounting, cpu_joiner, out_of_memory, memory_crossed] = descriptors;
        let paths = Vec::new();
        Ok(Self {
            paths,
            limits,
            memory,
            memory_bound,
            processes,
            accounting,
            cpu: None,
            cpu_joiner,
            out_of_memory,
            memory_crossed,
        })
    }

    /// Removes the group and all below it, once its last process is gone.
    pub(crate) fn remove(&self) {
        remove(&self.paths, Duration::from_secs(2));
    }
}

const NOT_WRITABLE: &str = "run as root with the cgroup file systems writable";

fn missing(controller: &'static str) -> Trouble {
    Trouble::unsupported("find the cgroups", format!("the host has no version 1 cgroup controller {controller}"))
        .hint("mount the version 1 controllers memory, pids, cpu and cpuacct, or version 2 instead")
}

/// Makes the directory, once where two controllers share it, and lets the owner divide it.
fn make_directory(path: &Path, (user, group): (Uid, Gid), made: &mut Vec<PathBuf>) -> io::Result<OwnedFd> {
    if !made.iter().any(|known| known == path) {
        mkdirat(CWD, path, Mode::from_raw_mode(0o755))?;
        made.push(path.to_owned());
    }
    let directory = openat(CWD, path, OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    chownat(&directory, "", Some(user), Some(group), AtFlags::EMPTY_PATH)?;
    Ok(directory)
}

/// Memory before memory and swap together: the kernel refuses the other order.
fn set_limits(memory: &OwnedFd, processes: &OwnedFd, cpu: &OwnedFd, limits: &GroupLimits) -> io::Result<()> {
    let bytes = limits.bound().to_string();
    write(memory, MEMORY_BOUND, &bytes)?;
    match write(memory, "memory.memsw.limit_in_bytes", &bytes) {
        // A kernel that accounts no swap has none to give.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => other?,
    }
    write(memory, "memory.swappiness", "0")?;
    limit_tcp(memory, limits.memory)?;
    write(processes, "pids.max", &limits.all_processes().to_string())?;
    write(cpu, "cpu.cfs_period_us", &CPU_PERIOD.to_string())?;
    write(cpu, "cpu.cfs_quota_us", &limits.cpu_quota.to_string())
}

/// Has an event counted up when what `file` tells of happens.
fn notify(directory: &OwnedFd, event: &OwnedFd, file: &str, argument: &str) -> io::Result<()> {
    let watched = open(directory, file, OFlags::RDONLY)?;
    let line = format!("{} {} {argument}", event.as_raw_fd(), watched.as_raw_fd());
    write(directory, "cgroup.event_control", &line)
}

fn remove(paths: &[PathBuf], patience: Duration) {
    let deadline = Instant::now() + patience;
    for path in paths {
        while !remove_tree(path) && Instant::now() < deadline {
            // A version 1 group tells nobody that its last process has left it.
            let pause = Timespec { tv_sec: 0, tv_nsec: 1_000_000 };
            let _ = poll(&mut [], Some(&pause));
        }
    }
}
