//! Why this host gives no user namespaces, and what would change that.

use std::{fs, path::Path};

/// What a host says of itself.
#[derive(Debug, Default, Clone)]
pub(crate) struct HostFacts {
    /// `user.max_user_namespaces`.
    most_namespaces: Option<u64>,
    /// `kernel.unprivileged_userns_clone`, a setting of Debian's.
    unprivileged_clone: Option<u64>,
    /// `kernel.apparmor_restrict_unprivileged_userns`, a setting of Ubuntu's.
    apparmor_restricts: Option<u64>,
    is_container: bool,
    /// A system-call filter stands around this process.
    is_filtered: bool,
    is_root: bool,
}

/// A reason and its remedy.
pub(crate) type Explanation = (&'static str, &'static str);

impl HostFacts {
    pub(crate) fn gather() -> Self {
        let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse().ok();
        Self {
            most_namespaces: number("/proc/sys/user/max_user_namespaces"),
            unprivileged_clone: number("/proc/sys/kernel/unprivileged_userns_clone"),
            apparmor_restricts: number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            is_container: ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists())
                || std::env::var_os("container").is_some()
                || fs::read("/run/systemd/container").is_ok(),
            is_filtered: fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("Seccomp:\t2")),
            is_root: rustix::process::geteuid().is_root(),
        }
    }

    /// Why a user namespace was refused, as far as the facts tell.
    pub(crate) fn explain(&self) -> Option<Explanation> {
        if self.most_namespaces == Some(0) {
            return Some((
                "user.max_user_namespaces is 0 on this host",
                "as root: sysctl -w user.max_user_namespaces=15000",
            ));
        }
        if !self.is_root && self.unprivileged_clone == Some(0) {
            return Some((
                "kernel.unprivileged_userns_clone is 0 on this host",
                "as root: sysctl -w kernel.unprivileged_userns_clone=1; or run this program as root",
            ));
        }
        if !self.is_root && self.apparmor_restricts == Some(1) {
            return Some((
                "AppArmor gives user namespaces only to programs whose profile allows them",
                "as root: give this program an AppArmor profile with the rule `userns,`, or \
                 sysctl -w kernel.apparmor_restrict_unprivileged_userns=0; or run it as root",
            ));
        }
        if self.is_filtered {
            return Some((
                "a system-call filter around this program, such as a container's, forbids namespaces",
                UNFILTERED,
            ));
        }
        self.is_container.then_some(("the container around this program forbids user namespaces", UNFILTERED))
    }
}

const UNFILTERED: &str =
    "start the container with --security-opt seccomp=unconfined --security-opt systempaths=unconfined";

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(facts: &HostFacts) -> &'static str {
        facts.explain().map_or("", |(reason, _)| reason)
    }

    #[test]
    fn each_way_of_blocking_namespaces_is_recognised() {
        let open = HostFacts { most_namespaces: Some(15000), unprivileged_clone: Some(1), ..HostFacts::default() };
        assert_eq!(open.explain(), None);
        assert!(reason(&HostFacts { most_namespaces: Some(0), ..open.clone() }).contains("max_user_namespaces"));
        assert!(reason(&HostFacts { unprivileged_clone: Some(0), ..open.clone() }).contains("userns_clone"));
        assert!(reason(&HostFacts { apparmor_restricts: Some(1), ..open.clone() }).contains("AppArmor"));
        assert!(reason(&HostFacts { is_container: true, ..open.clone() }).contains("container"));
        assert!(reason(&HostFacts { is_filtered: true, ..open.clone() }).contains("filter"));
        let root = HostFacts { unprivileged_clone: Some(0), apparmor_restricts: Some(1), is_root: true, ..open };
        assert_eq!(root.explain(), None, "neither setting concerns root");
    }
}
