//! Whose a container is: by its labels, so that what a process has left can be told from what another still uses.

use std::{collections::HashMap, fs};

use llm_sandbox_core::SandboxSpec;
use rustix::{
    io::Errno,
    process::{Pid, test_kill_process},
};

/// The process that opened it.
const OWNER: &str = "io.github.llm-sandbox.owner";

/// Where that process lives: the machine since its last boot, and a namespace of processes on it.
const HOST: &str = "io.github.llm-sandbox.host";

/// When it began, in the kernel's ticks since boot: its number may be another's by now.
const SINCE: &str = "io.github.llm-sandbox.since";

/// What the session is known by.
const ID: &str = "io.github.llm-sandbox.id";

/// When its lifetime ends, in seconds since 1970; it may have been put off.
const DEADLINE: &str = "io.github.llm-sandbox.deadline";

/// What a session's own labels begin with.
const LABEL: &str = "io.github.llm-sandbox.label.";

/// The labels that a session has by itself or was given.
pub(crate) fn session_labels(spec: &SandboxSpec) -> impl Iterator<Item = (String, String)> {
    let id = (!spec.id.is_empty()).then(|| (ID.to_owned(), spec.id.clone()));
    let deadline = spec.deadline.map(|deadline| (DEADLINE.to_owned(), deadline.to_string()));
    let given = spec.labels.iter().map(|(name, value)| (format!("{LABEL}{name}"), value.clone()));
    id.into_iter().chain(deadline).chain(given)
}

/// Whether a label says whose a container is, or which session's.
pub(crate) fn is_ours(name: &str) -> bool {
    [OWNER, HOST, SINCE, ID, DEADLINE].contains(&name) || name.starts_with(LABEL)
}

/// A process that opens containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    process: u32,
    /// Empty where it cannot be told.
    host: String,
    since: u64,
}

impl Owner {
    /// This process.
    pub(crate) fn here() -> Self {
        let process = std::process::id();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        let host = match (boot.trim(), namespace.to_string_lossy()) {
            ("", _) => String::new(),
            (boot, namespace) => format!("{boot}/{namespace}"),
        };
        Self { process, host, since: beginning(process).unwrap_or_default() }
    }

    pub(crate) fn labels(&self) -> HashMap<String, String> {
        let labels = [(OWNER, self.process.to_string()), (HOST, self.host.clone()), (SINCE, self.since.to_string())];
        labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// As labels tell; `None` where they are not ours.
    pub(crate) fn of(labels: &HashMap<String, String>) -> Option<Self> {
        let (process, since) = (labels.get(OWNER)?.parse().ok()?, labels.get(SINCE)?.parse().ok()?);
        Some(Self { process, host: labels.get(HOST)?.clone(), since })
    }

    /// Whether it is known to be gone; what lives elsewhere is not known.
    pub(crate) fn is_gone(&self) -> bool {
        let here = Self::here();
        let is_here = !here.host.is_empty() && self.host == here.host;
        is_here && beginning(self.process).map_or_else(|| !exists(self.process), |since| since != self.since)
    }

    /// The label that all containers have, to ask an engine for.
    pub(crate) fn filter() -> HashMap<String, Vec<String>> {
        HashMap::from([("label".to_owned(), vec![OWNER.to_owned()])])
    }
}

/// Whether there is such a process, though nothing may be read of it.
fn exists(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
}

/// When a process began; field 22 of proc_pid_stat(5).
fn beginning(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Names may hold anything, closing brackets too.
    let (_, after) = text.rsplit_once(')')?;
    after.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_known_by_labels() {
        let spec = SandboxSpec {
            id: "0123456789abcdef".to_owned(),
            deadline: Some(7),
            labels: [("team".to_owned(), "a".to_owned())].into(),
            ..SandboxSpec::default()
        };
        let labels: Vec<_> = session_labels(&spec).collect();
        assert!(labels.iter().all(|(name, _)| is_ours(name)));
        let expected = [("id", "0123456789abcdef"), ("deadline", "7"), ("label.team", "a")];
        assert_eq!(labels, expected.map(|(name, value)| (format!("io.github.llm-sandbox.{name}"), value.to_owned())));
        assert_eq!(session_labels(&SandboxSpec::default()).count(), 0);
        assert!(!is_ours("io.github.llm-sandbox.test") && is_ours(OWNER));
    }

    #[test]
    fn only_what_is_known_to_be_gone_is_gone() {
        let here = Owner::here();
        assert_eq!(Owner::of(&here.labels()), Some(here.clone()));
        assert!(!here.is_gone());
        assert!(Owner { since: here.since + 1, ..here.clone() }.is_gone(), "another has its number");
        assert!(Owner { process: u32::MAX, ..here.clone() }.is_gone());
        assert!(!Owner { process: u32::MAX, host: "elsewhere".to_owned(), ..here.clone() }.is_gone());
        assert!(!Owner { process: u32::MAX, host: String::new(), ..here }.is_gone());
        assert_eq!(Owner::of(&HashMap::new()), None);
    }
}
