//! What an engine says that it leaves out of what it was asked for, because the kernel does not have it.

use llm_sandbox_core::Error;

use super::ContainerOptions;
use crate::Engine;

impl ContainerOptions {
    /// Refuses where one of these options was left out: the engine goes on without it, whoever gave it does not.
    pub(crate) fn check_warnings(&self, engine: Engine, warnings: &[String]) -> Result<(), Error> {
        let words = [
            ("memswap_limit", "without swap", self.memswap_limit.is_some()),
            ("mem_swappiness", "swappiness discarded", self.mem_swappiness.is_some()),
            ("mem_reservation", "soft limit", self.mem_reservation.is_some()),
            ("mem_limit", "memory limit capabilities", self.mem_limit.is_some()),
            ("pids_limit", "pids limit discarded", self.pids_limit.is_some()),
            ("cpu_shares", "shares discarded", self.cpu_shares.is_some()),
            ("cpu_period", "period discarded", self.cpu_period.is_some()),
            ("cpu_quota", "quota discarded", self.cpu_quota.is_some()),
            ("cpuset_cpus", "cpuset discarded", self.cpuset_cpus.is_some()),
            ("cpuset_mems", "cpuset discarded", self.cpuset_mems.is_some()),
        ];
        for warning in warnings {
            let lower = warning.to_ascii_lowercase();
            if let Some((name, ..)) = words.iter().find(|(_, part, is_given)| *is_given && lower.contains(part)) {
                return Err(Error::Unsupported {
                    operation: format!("the container option {name}"),
                    reason: format!("{} says: {}", engine.name(), warning.trim()),
                    remedy: Some(format!("leave out the option {name}")),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_leaves_out_is_refused_where_it_was_asked_for() {
        let warnings = [
            "IPv4 forwarding is disabled. Networking will not work.".to_owned(),
            "Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded.".to_owned(),
        ];
        let mut options = ContainerOptions::default();
        options.check_warnings(Engine::Docker, &warnings).unwrap();
        options.cpu_shares = Some(2);
        let error = options.check_warnings(Engine::Docker, &warnings).unwrap_err();
        let words =
            "the container option cpu_shares is not supported: docker says: Your kernel does not support CPU shares";
        assert!(error.to_string().starts_with(words), "{error}");
    }
}
