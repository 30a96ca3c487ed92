//! The process that asks for sandboxes, and whether it may have what it asks for.

use std::io;
use std::os::fd::OwnedFd;

use rustix::process::{Pid, PidfdFlags, getppid, pidfd_open};
use rustix::thread::{sched_getaffinity, sched_setaffinity};

/// What of /proc/PID/status tells whom a process acts for and what it may do.
const LINES: [&str; 11] = [
    "Uid:",
    "Gid:",
    "Groups:",
    "CapInh:",
    "CapPrm:",
    "CapEff:",
    "CapBnd:",
    "CapAmb:",
    "NoNewPrivs:",
    "Seccomp:",
    "Seccomp_filters:",
];

/// Whose links tell what a process sees.
const NAMESPACES: [&str; 3] = ["user", "mnt", "cgroup"];

/// The parent process of a fork server.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) pid: Pid,
    /// Stands for it, whatever becomes of its number.
    pub(super) pidfd: OwnedFd,
    rights: String,
    sights: String,
}

impl Host {
    /// The parent process. Whether it lives is not told by a stream: a forked child of it may hold that open.
    pub(super) fn watch() -> io::Result<Self> {
        let pid = getppid().ok_or(io::ErrorKind::NotFound)?;
        let pidfd = pidfd_open(pid, PidfdFlags::empty())?;
        let (rights, sights) = (rights(pid).unwrap_or_default(), sights(pid));
        // It may have given privileges away since it started this process, which has them still.
        let is_equal = ids_of(&pid.to_string()).is_none_or(|theirs| ids_of("self").is_some_and(|own| own == theirs));
        // Had it died before the descriptor was made, this process would have another parent by now.
        match getppid() == Some(pid) && is_equal {
            true => Ok(Self { pid, pidfd, rights, sights }),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Whether it may still do what this process may: what a host has given away it must not have here. Landlock's
    /// restrictions cannot be seen from outside.
    pub(super) fn is_as_it_was(&self) -> bool {
        rights(self.pid).unwrap_or_default() == self.rights && sights(self.pid) == self.sights
    }

    /// The same as far as a process can tell that has left the host's namespaces, or has laid restrictions on itself.
    pub(super) fn has_its_rights(&self) -> bool {
        rights(self.pid).is_none_or(|now| now == self.rights)
    }

    /// Runs where it may run: this process was started by a thread that may have been kept to a processor.
    pub(super) fn follow_affinity(&self) {
        // Where that is refused, all stays on the processors of that thread.
        if let Ok(processors) = sched_getaffinity(Some(self.pid)) {
            let _ = sched_setaffinity(None, &processors);
        }
    }
}

/// Whom a process acts for and what it may do.
fn rights(pid: Pid) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let told = |line: &&str| LINES.iter().any(|name| line.starts_with(name));
    Some(status.lines().filter(told).collect::<Vec<_>>().join("\n"))
}

/// What a process sees. What cannot be read is the same as long as it cannot.
fn sights(pid: Pid) -> String {
    let path = |name: &str| format!("/proc/{pid}/{name}");
    let links = NAMESPACES.map(|name| std::fs::read_link(path(&format!("ns/{name}"))).unwrap_or_default());
    let root = rustix::fs::stat(path("root")).map_or((0, 0), |root| (root.st_dev, root.st_ino));
    format!("{links:?} {root:?}")
}

/// Real and effective ids, groups, and restrictions that a program passes on to those that it starts.
fn ids_of(process: &str) -> Option<Vec<String>> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let told = status.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        match words.next()? {
            "Uid:" | "Gid:" => Some(words.take(2).collect::<Vec<_>>().join(" ")),
            "Groups:" | "NoNewPrivs:" | "Seccomp:" => Some(words.collect::<Vec<_>>().join(" ")),
            _ => None,
        }
    });
    Some(told.collect())
}
