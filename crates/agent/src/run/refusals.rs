use llm_sandbox_protocol::RunRefusals;
use rustix::fs::statvfs;

use crate::enclosure::Enclosure;
use crate::jail::RunGroup;

/// Room on the disk that is as good as none, in bytes: less than one write of most programs.
const NO_ROOM: u64 = 64 << 10;

/// What the kernel had counted when a run began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    enclosure: Enclosure,
    unroutable: u64,
}

impl Before {
    pub(super) fn now(enclosure: Enclosure) -> Self {
        Self { enclosure, unroutable: unroutable(enclosure) }
    }

    /// What the run was refused since.
    pub(super) fn refusals(self, group: &RunGroup) -> RunRefusals {
        let files = self.enclosure.files_in_memory().and_then(|root| statvfs(root).ok());
        let is_full = files.is_some_and(|root| root.f_bavail * root.f_frsize < NO_ROOM || root.f_ffree == 0);
        let network = unroutable(self.enclosure) > self.unroutable;
        RunRefusals { processes: group.was_refused_processes(), disk: is_full, network }
    }
}

/// Packets that had no way out, in a network namespace of the sandbox's own.
fn unroutable(enclosure: Enclosure) -> u64 {
    if enclosure == Enclosure::Descent {
        return 0;
    }
    let read = |file: &str| std::fs::read_to_string(enclosure.proc().join("self/net").join(file)).unwrap_or_default();
    version4(&read("snmp")) + version6(&read("snmp6"))
}

/// A line of names and below it one of values.
fn version4(text: &str) -> u64 {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix("Ip: "));
    let (Some(names), Some(values)) = (lines.next(), lines.next()) else { return 0 };
    let mut pairs = names.split(' ').zip(values.split(' '));
    pairs.find(|(name, _)| *name == "OutNoRoutes").and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}

/// A name and a value in each line.
fn version6(text: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix("Ip6OutNoRoutes"));
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_found_by_name() {
        let text = "Ip: Forwarding OutDiscards OutNoRoutes ReasmTimeout\nIp: 1 0 17 0\nIcmp: InMsgs\nIcmp: 3\n";
        assert_eq!(version4(text), 17);
        assert_eq!(version4("Ip: Forwarding\n"), 0);
        assert_eq!(version6("Ip6OutRequests  \t3\nIp6OutNoRoutes                  \t5\n"), 5);
        assert_eq!(version6(""), 0);
    }
}
