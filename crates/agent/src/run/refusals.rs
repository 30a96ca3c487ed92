use llm_sandbox_protocol::RunRefusals;
use rustix::fs::statvfs;

use crate::jail::{PRIVATE, RunGroup};

/// Room on the disk that is as good as none, in bytes: less than one write of most programs.
const NO_ROOM: u64 = 64 << 10;

/// What the kernel had counted when a run began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    unroutable: u64,
}

impl Before {
    pub(super) fn now() -> Self {
        Self { unroutable: unroutable() }
    }

    /// What the run was refused since.
    pub(super) fn refusals(self, group: &RunGroup) -> RunRefusals {
        let is_full = statvfs("/").is_ok_and(|root| root.f_bavail * root.f_frsize < NO_ROOM || root.f_ffree == 0);
        RunRefusals { processes: group.was_refused_processes(), disk: is_full, network: unroutable() > self.unroutable }
    }
}

/// Packets that had no way out, in this network namespace.
fn unroutable() -> u64 {
    let read = |file: &str| std::fs::read_to_string(format!("{PRIVATE}/proc/self/net/{file}")).unwrap_or_default();
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
