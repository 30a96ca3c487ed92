use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{AtFlags, CWD, Gid, Mode, OFlags, Uid, chownat, mkdirat, openat};
use rustix::process::getuid;

use super::super::{CPU_PERIOD, GroupLimits, field, open, read_text, remove_tree, write};
use super::place::{Controllers, Place};
use crate::jail::Trouble;

/// A sandbox's groups. Not removed on drop: whoever is outside calls [`SandboxGroup::remove`].
#[derive(Debug)]
pub(crate) struct SandboxGroup {
    pub(crate) limits: GroupLimits,
    /// The group that has the limits, with a group per run in it.
    pub(super) runs: OwnedFd,
    controllers: Controllers,
    memory_events: Option<OwnedFd>,
    /// The supervisor's alone.
    outside: Option<Outside>,
}

#[derive(Debug)]
struct Outside {
    path: PathBuf,
    agent: OwnedFd,
    directory: OwnedFd,
}

/// Files of a group by which it is divided.
const DIVIDED_BY: [&str; 3] = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"];

/// How long the last processes of a sandbox may take to leave its groups.
const PATIENCE: Duration = Duration::from_secs(2);

impl SandboxGroup {
    /// Makes the groups, without limits yet. On failure nothing is left of them.
    pub(crate) fn create(name: &str, owner: (Uid, Gid)) -> Result<Self, Trouble> {
        let Place { parent, controllers } = Place::find()?;
        let path = parent.join(name);
        Self::build(path.clone(), controllers, owner).map_err(|error| {
            remove_tree(&path);
            Trouble::new("make the cgroup", error).at(&path)
        })
    }

    fn build(path: PathBuf, controllers: Controllers, owner: (Uid, Gid)) -> io::Result<Self> {
        mkdirat(CWD, &path, Mode::from_raw_mode(0o755))?;
        let directory = openat(CWD, &path, DIRECTORY, Mode::empty())?;
        controllers.hand_down(&directory)?;
        let (agent, runs) = (make(&directory, "agent")?, make(&directory, "runs")?);
        Controllers { cpu: false, ..controllers }.hand_down(&runs)?;
        for divided in [&directory, &runs] {
            give(divided, owner)?;
        }
        let memory_events = events(&runs, controllers)?;
        let outside = Some(Outside { path, agent, directory });
        Ok(Self { limits: GroupLimits::default(), runs, controllers, memory_events, outside })
    }

    /// The group that the supervisor made, from its descriptors.
    pub(crate) fn from_descriptors(
        descriptors: Vec<OwnedFd>,
        controllers: Controllers,
        limits: GroupLimits,
    ) -> io::Result<Self> {
        let [runs]: [OwnedFd; 1] = descriptors.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        let memory_events = events(&runs, controllers)?;
        Ok(Self { limits, runs, controllers, memory_events, outside: None })
    }

    /// What the agent needs.
    pub(crate) fn descriptors(&self) -> Vec<BorrowedFd<'_>> {
        vec![self.runs.as_fd()]
    }

    /// The group for the agent itself.
    pub(crate) fn entry(&self) -> Option<BorrowedFd<'_>> {
        self.outside.as_ref().map(|outside| outside.agent.as_fd())
    }

    pub(crate) fn controllers(&self) -> Controllers {
        self.controllers
    }

    /// Which limits cannot be had here, and what would help; empty where all can.
    pub(crate) fn shortcoming(&self) -> (String, String) {
        self.controllers.shortcoming()
    }

    /// Changes where the kernel killed for lack of memory.
    pub(crate) fn memory_events(&self) -> Option<BorrowedFd<'_>> {
        self.memory_events.as_ref().map(AsFd::as_fd)
    }

    /// Sets what all runs may use together.
    pub(crate) fn limit(&mut self, limits: GroupLimits) -> Result<(), Trouble> {
        let set = |error| Trouble::new("set the cgroup's limits", error);
        self.set(&limits).map_err(set)?;
        self.limits = limits;
        Ok(())
    }

    fn set(&self, limits: &GroupLimits) -> io::Result<()> {
        if self.controllers.memory {
            write(&self.runs, "memory.max", &limits.bound().to_string())?;
            match write(&self.runs, "memory.swap.max", "0") {
                // A kernel that accounts no swap has none to give.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => other?,
            }
        }
        if self.controllers.processes {
            write(&self.runs, "pids.max", &limits.all_processes().to_string())?;
        }
        if self.controllers.cpu {
            write(&self.runs, "cpu.max", &format!("{} {CPU_PERIOD}", limits.cpu_quota))?;
        }
        Ok(())
    }

    /// Kills what is left in the groups and removes them.
    pub(crate) fn remove(&self) {
        let Some(Outside { path, directory, .. }) = &self.outside else { return };
        // Kernels before 5.14 cannot; the end of the jail's pid namespace has killed all before.
        let _ = write(directory, "cgroup.kill", "1");
        let deadline = Instant::now() + PATIENCE;
        while !remove_tree(path) && Instant::now() < deadline {
            await_change(directory);
        }
    }
}

const DIRECTORY: OFlags = OFlags::DIRECTORY.union(OFlags::RDONLY).union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW);

fn make(parent: &OwnedFd, name: &str) -> io::Result<OwnedFd> {
    mkdirat(parent, name, Mode::from_raw_mode(0o755))?;
    Ok(openat(parent, name, DIRECTORY, Mode::empty())?)
}

fn events(runs: &OwnedFd, controllers: Controllers) -> io::Result<Option<OwnedFd>> {
    controllers.memory.then(|| open(runs, "memory.events", OFlags::RDONLY)).transpose()
}

/// Lets another user divide a group: not change its limits.
fn give(group: &OwnedFd, (user, owner_group): (Uid, Gid)) -> io::Result<()> {
    if user == getuid() {
        return Ok(());
    }
    let change = |name: &str, flags| chownat(group, name, Some(user), Some(owner_group), flags);
    change("", AtFlags::EMPTY_PATH)?;
    Ok(DIVIDED_BY.iter().try_for_each(|file| change(file, AtFlags::SYMLINK_NOFOLLOW))?)
}

/// Waits until the last process has left, or a moment.
fn await_change(directory: &OwnedFd) {
    let Ok(events) = open(directory, "cgroup.events", OFlags::RDONLY) else { return };
    if read_text(&events).and_then(|text| field(&text, "populated")) == Some(0) {
        // It is empty, and still not to be removed: something is on its way out of the kernel.
        let _ = poll(&mut [], Some(&Timespec { tv_sec: 0, tv_nsec: 1_000_000 }));
        return;
    }
    let mut watched = [PollFd::new(&events, PollFlags::PRI)];
    let _ = poll(&mut watched, Some(&Timespec { tv_sec: 0, tv_nsec: 50_000_000 }));
}
