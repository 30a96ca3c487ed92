//! What the host's kernel shows of sandboxes: processes, control groups, leases, mounts, descriptors.

use std::{fs, path::PathBuf};

use llm_sandbox_core::{Run, Session};

use super::printed;

/// The first user id that sandboxes get, and how many each has.
const FIRST_ID: u32 = 0x7000_0000;
const IDS: u32 = 2;

/// All processes, zombies too, but for those that wait for the system's init.
pub(crate) fn processes() -> Vec<i32> {
    let entries = fs::read_dir("/proc").expect("/proc is there").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| exists(*pid)).collect()
}

/// Processes that have this argument; a zombie has none.
pub(crate) fn processes_with(argument: &str) -> Vec<i32> {
    let has = |pid: &i32| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == argument.as_bytes())
    };
    processes().into_iter().filter(has).collect()
}

/// A line of a process's status, without its name.
fn status(pid: i32, name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    text.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim().to_owned()))
}

pub(crate) fn uid(pid: i32) -> Option<u32> {
    status(pid, "Uid")?.split_whitespace().next()?.parse().ok()
}

pub(crate) fn parent(pid: i32) -> Option<i32> {
    status(pid, "PPid")?.parse().ok()
}

/// Whether a process is there. One that has ended is, until its exit status is taken; the system's init, to which
/// orphans fall, takes its time over that.
pub(crate) fn exists(pid: i32) -> bool {
    status(pid, "State").is_some_and(|state| !state.starts_with('Z') || parent(pid) != Some(1))
}

/// Children of this process, zombies too, with those of its fork server in its stead.
pub(crate) fn children() -> Vec<i32> {
    children_of(i32::try_from(std::process::id()).expect("a process id"))
}

/// Children of a process, with those of its fork server in its stead.
pub(crate) fn children_of(host: i32) -> Vec<i32> {
    let of = |host: i32| processes().into_iter().filter(move |pid| parent(*pid) == Some(host));
    let (servers, others): (Vec<_>, Vec<_>) = of(host).partition(|pid| is_fork_server(*pid));
    others.into_iter().chain(servers.into_iter().flat_map(of)).collect()
}

/// Fork servers of this process.
pub(crate) fn fork_servers() -> Vec<i32> {
    let own = i32::try_from(std::process::id()).expect("a process id");
    processes().into_iter().filter(|pid| parent(*pid) == Some(own) && is_fork_server(*pid)).collect()
}

fn is_fork_server(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("\0fork-server\0"))
}

/// Descriptors of a process, by what they lead to.
pub(crate) fn descriptors(pid: impl std::fmt::Display) -> Vec<String> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
    let targets = entries.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.map(|target| target.display().to_string()).collect()
}

pub(crate) fn threads() -> usize {
    fs::read_dir("/proc/self/task").expect("/proc is there").count()
}

/// This process's mounts.
pub(crate) fn mounts() -> String {
    fs::read_to_string("/proc/self/mountinfo").expect("/proc is there")
}

/// One sandbox as the host sees it, by its user ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Trace {
    root: u32,
}

impl Trace {
    /// Of an open session: it is asked for its ids.
    pub(crate) async fn of(session: &Session) -> Self {
        Self::of_map(&printed(session, Run::command("cat").arg("/proc/self/uid_map")).await)
    }

    /// Of a process of a sandbox.
    pub(crate) fn of_process(pid: i32) -> Self {
        Self::of_map(&fs::read_to_string(format!("/proc/{pid}/uid_map")).expect("the process lives"))
    }

    /// From the text of a user id map.
    pub(crate) fn of_map(map: &str) -> Self {
        let root = map.split_whitespace().nth(1).and_then(|root| root.parse().ok());
        let root = root.filter(|root| (FIRST_ID..0x8000_0000).contains(root));
        Self { root: root.unwrap_or_else(|| panic!("{map:?} is no map of a sandbox")) }
    }

    /// The host's ids of its root and of its user.
    pub(crate) fn ids(&self) -> [u32; 2] {
        [self.root, self.root + 1]
    }

    pub(crate) fn slot(&self) -> u32 {
        (self.root - FIRST_ID) / IDS
    }

    /// Processes that run as it, zombies too.
    pub(crate) fn processes(&self) -> Vec<i32> {
        processes().into_iter().filter(|pid| uid(*pid).is_some_and(|uid| self.ids().contains(&uid))).collect()
    }

    /// Its agent and the agent's parent, the supervisor.
    pub(crate) fn agent_and_supervisor(&self) -> (i32, i32) {
        let processes = self.processes();
        let outermost = processes.iter().filter_map(|pid| Some((*pid, parent(*pid)?)));
        let outermost: Vec<_> = outermost.filter(|(_, parent)| !processes.contains(parent)).collect();
        let [pair] = outermost.as_slice() else { panic!("{outermost:?} are not one agent") };
        *pair
    }

    /// The name of its control groups.
    pub(crate) fn name(&self) -> String {
        format!("llm-sandbox-{:07x}", self.slot())
    }

    /// Its control groups.
    pub(crate) fn groups(&self) -> Vec<PathBuf> {
        let name = self.name();
        groups().into_iter().filter(|path| path.file_name().is_some_and(|last| last == name.as_str())).collect()
    }

    /// Whether its user ids are taken.
    pub(crate) fn is_leased(&self) -> bool {
        leases().contains(&self.slot())
    }

    /// All that is still there of it.
    pub(crate) fn left(&self) -> Vec<String> {
        let describe =
            |pid: i32| format!("process {pid} {}", fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default());
        let mut left: Vec<String> = self.processes().into_iter().map(describe).collect();
        left.extend(self.groups().iter().map(|path| path.display().to_string()));
        left.extend(self.is_leased().then(|| format!("the lease {}", self.slot())));
        left
    }
}

/// User ids that are taken: which bytes of the file of leases are locked.
pub(crate) fn leases() -> Vec<u32> {
    let Ok(file) = fs::metadata("/run/llm-sandbox/leases") else { return Vec::new() };
    let inode = format!(":{}", std::os::unix::fs::MetadataExt::ino(&file));
    let locks = fs::read_to_string("/proc/locks").expect("/proc is there");
    let byte = |line: &str| {
        let [.., file, first, last] = line.split_whitespace().collect::<Vec<_>>()[..] else { return None };
        (file.ends_with(&inode) && first == last).then(|| first.parse().expect("a number"))
    };
    locks.lines().filter_map(byte).collect()
}

/// Every control group of a sandbox on this host.
pub(crate) fn groups() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from("/sys/fs/cgroup")];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
            match entry.file_name().to_string_lossy().starts_with("llm-sandbox-") {
                true => found.push(entry.path()),
                false => open.push(entry.path()),
            }
        }
    }
    found
}
