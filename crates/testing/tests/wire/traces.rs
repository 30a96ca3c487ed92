use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What a sandbox is on the host: its processes, its control groups, its entry in the list of ids.
#[derive(Debug)]
pub(crate) struct Traces {
    marker: PathBuf,
    agent: u32,
    root: u32,
    name: String,
}

/// The first id of all sandboxes, each of which has two.
const FIRST: u32 = 0x7000_0000;

impl Traces {
    /// A fresh directory by which a sandbox that mounts it is known.
    pub(crate) fn mark() -> PathBuf {
        let unique = std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), 0);
        let marker = std::env::temp_dir().join(format!("wire-{unique:016x}"));
        fs::create_dir(&marker).expect("a fresh directory");
        marker
    }

    /// Finds the sandbox that mounts it.
    pub(crate) fn find(marker: &Path) -> Self {
        let name = marker.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        let mounts = |process: &u32| fs::read_to_string(format!("/proc/{process}/mountinfo")).unwrap_or_default();
        let agent = processes().into_iter().find(|process| mounts(process).contains(&name)).expect("the agent lives");
        let root = user_of(agent).expect("the agent lives");
        let slot = format!("{:07x}", root.checked_sub(FIRST).expect("an id of a sandbox") / 2);
        Self { marker: marker.to_owned(), agent, root, name: format!("llm-sandbox-{slot}") }
    }

    /// The most memory that the agent ever held, in bytes.
    pub(crate) fn agent_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.agent)).expect("the agent lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory is told");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kilobytes << 10
    }

    /// The processor time that the agent has used.
    pub(crate) fn agent_time(&self) -> Duration {
        let schedule = fs::read_to_string(format!("/proc/{}/schedstat", self.agent)).expect("the agent lives");
        Duration::from_nanos(schedule.split(' ').next().and_then(|time| time.parse().ok()).expect("a number"))
    }

    /// How many pipes, sockets and processes the agent has open. Files are not counted: it keeps groups for later runs.
    fn agent_streams(&self) -> usize {
        let open = fs::read_dir(format!("/proc/{}/fd", self.agent)).expect("the agent lives").flatten();
        let targets = open.filter_map(|entry| fs::read_link(entry.path()).ok()).map(|path| path.display().to_string());
        targets
            .filter(|target| ["pipe:", "socket:", "anon_inode:[pidfd]"].iter().any(|kind| target.starts_with(kind)))
            .count()
    }

    /// Waits until the agent has no more than the pipe to the host, the control stream and the next run's processes.
    pub(crate) async fn until_nothing_is_open(&self) {
        wait("streams are left open", || self.agent_streams() <= 8).await;
    }

    /// Waits until the agent keeps no program text any more, which it does until a run's last process is gone.
    pub(crate) async fn until_no_texts(&self) {
        wait("a text is kept", || self.agent_texts().is_empty()).await;
    }

    fn agent_texts(&self) -> Vec<String> {
        let entries = fs::read_dir(format!("/proc/{}/root/.agent", self.agent)).expect("the agent lives");
        let names = entries.map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("source")).collect()
    }

    /// Whether no code of the sandbox runs.
    fn is_idle(&self) -> bool {
        let words = |process| fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let own = words(self.agent);
        // The agent keeps a copy of itself at hand that is to become the next program.
        let is_code = |process: &u32| {
            user_of(*process) == Some(self.root + 1) && ![vec![], own.clone()].contains(&words(*process))
        };
        !processes().iter().any(is_code)
    }

    /// Waits until no code of the sandbox runs; nobody tells when that is.
    pub(crate) async fn until_idle(&self) {
        wait("a program runs on", || self.is_idle()).await;
    }

    pub(crate) fn assert_gone(&self) {
        let ours = [self.root, self.root + 1];
        let left: Vec<_> = processes()
            .into_iter()
            .filter(|process| user_of(*process).is_some_and(|user| ours.contains(&user)))
            .collect();
        assert_eq!(left, [0; 0], "processes are left");
        assert_eq!(named(Path::new("/sys/fs/cgroup"), &self.name, 8), [""; 0].map(PathBuf::from), "groups are left");
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.marker);
    }
}

async fn wait(failure: &str, until: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !until() {
        assert!(Instant::now() < deadline, "{failure}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn processes() -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("/proc can be read").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The real user id of a process.
fn user_of(process: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().next()?.parse().ok()
}

/// The directories of this name below another.
fn named(directory: &Path, name: &str, depth: u32) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let directories = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let found = directories.flat_map(|entry| {
        let own = (entry.file_name() == name).then(|| entry.path());
        let below = if depth > 0 { named(&entry.path(), name, depth - 1) } else { Vec::new() };
        own.into_iter().chain(below)
    });
    found.collect()
}
