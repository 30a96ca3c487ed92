use bollard::models::{ContainerInspectResponse, HostConfig, MountPoint};
use llm_sandbox_core::{Capabilities, Guarantee, Strength};

use crate::{
    ContainerOptions, Volume,
    container::{CAPABILITIES, is_capability},
    promises,
};

/// A container that somebody else has made.
pub(crate) struct Host {
    settings: HostConfig,
    mounts: Vec<MountPoint>,
    /// The image that it was made of.
    pub(crate) image: String,
    /// What that was called then.
    pub(crate) image_name: Option<String>,
    user: String,
    /// `NAME=VALUE`.
    pub(crate) variables: Option<Vec<String>>,
    pub(crate) is_running: bool,
    pub(crate) is_paused: bool,
    /// Seconds.
    pub(crate) stop_patience: Option<i64>,
}

impl Host {
    pub(crate) fn new(found: ContainerInspectResponse) -> Self {
        let state = found.state.unwrap_or_default();
        let config = found.config.unwrap_or_default();
        Self {
            settings: found.host_config.unwrap_or_default(),
            mounts: found.mounts.unwrap_or_default(),
            image: found.image.unwrap_or_default(),
            image_name: config.image,
            user: config.user.unwrap_or_default(),
            is_running: state.running.unwrap_or_default(),
            is_paused: state.paused.unwrap_or_default(),
            variables: config.env,
            stop_patience: config.stop_timeout,
        }
    }

    /// The user that its own program runs as, where that is not root.
    pub(crate) fn own_user(&self) -> Option<&str> {
        let user = self.user.split(':').next().unwrap_or_default();
        let is_root = user.is_empty() || user == "root" || user.parse() == Ok(0u32);
        Some(user).filter(|_| !is_root)
    }

    /// Whether root is there all that an agent needs to run code as another user.
    pub(crate) fn has_full_root(&self) -> bool {
        let has = |list: &Option<Vec<String>>, name: &str| {
            list.iter().flatten().any(|one| is_capability(one, name) || is_capability(one, "ALL"))
        };
        let is_given = |name: &str| has(&self.settings.cap_add, name) || !has(&self.settings.cap_drop, name);
        self.settings.privileged == Some(true) || CAPABILITIES.into_iter().all(is_given)
    }

    /// What it holds: what its maker has given it, and what the agent does by itself.
    pub(crate) fn promises(&self, is_shared: bool) -> Capabilities {
        let mut own = promises::all(&self.as_options(is_shared));
        for assurance in &mut own.assurances {
            if let Some(form) = self.shortcoming(assurance.guarantee) {
                assurance.strength = Strength::Absent;
                assurance.form = form.to_owned();
                assurance.remedy = Some("have a container made of an image instead".to_owned());
            }
        }
        own
    }

    /// The options by which a container would have been made like this one, as far as they take something away.
    fn as_options(&self, is_shared: bool) -> ContainerOptions {
        let settings = &self.settings;
        let is_set = |mode: &&String| !mode.is_empty();
        let mode = |mode: &Option<String>| mode.as_ref().filter(is_set).cloned();
        let mounts = self.mounts.iter().filter(|mount| mount.typ.as_deref() != Some("volume"));
        ContainerOptions {
            user: is_shared.then_some((0, 0)),
            privileged: settings.privileged == Some(true),
            pid_mode: mode(&settings.pid_mode),
            ipc_mode: mode(&settings.ipc_mode),
            cap_add: settings.cap_add.clone().unwrap_or_default(),
            security_opt: settings.security_opt.clone().unwrap_or_default(),
            device_cgroup_rules: settings.devices.iter().flatten().map(|device| format!("{device:?}")).collect(),
            volumes: mounts
                .map(|mount| Volume {
                    source: mount.source.clone().unwrap_or_default(),
                    target: mount.destination.clone().unwrap_or_default(),
                    mode: String::new(),
                })
                .collect(),
            ..ContainerOptions::default()
        }
    }

    fn shortcoming(&self, guarantee: Guarantee) -> Option<&'static str> {
        let has_files = self.mounts.iter().any(|mount| mount.typ.as_deref() != Some("volume"));
        Some(match guarantee {
            Guarantee::MemoryLimit | Guarantee::ProcessLimit | Guarantee::CpuLimit => {
                "the container's own limit, if it has one, not the session's"
            }
            Guarantee::NetworkNone if self.settings.network_mode.as_deref() != Some("none") => {
                "the container has a network"
            }
            Guarantee::HostFiles | Guarantee::HostHidden if has_files => "the container has files of the host's",
            Guarantee::ProcessesHidden => "the container's own processes are seen",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::{ContainerConfig, ContainerState};

    use super::*;

    fn host(user: &str, settings: HostConfig) -> Host {
        Host::new(ContainerInspectResponse {
            config: Some(ContainerConfig { user: Some(user.to_owned()), ..ContainerConfig::default() }),
            host_config: Some(settings),
            state: Some(ContainerState { running: Some(true), ..ContainerState::default() }),
            ..ContainerInspectResponse::default()
        })
    }

    #[test]
    fn root_is_full_unless_something_is_taken() {
        let dropped = |names: &[&str]| HostConfig {
            cap_drop: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..HostConfig::default()
        };
        assert!(host("", HostConfig::default()).has_full_root());
        assert!(host("", dropped(&["NET_RAW"])).has_full_root());
        assert!(!host("", dropped(&["ALL"])).has_full_root());
        assert!(!host("", dropped(&["CAP_SETUID"])).has_full_root());
        let all = HostConfig { cap_add: Some(vec!["ALL".to_owned()]), ..dropped(&["ALL"]) };
        assert!(host("", all).has_full_root());
        assert!(host("", HostConfig { privileged: Some(true), ..dropped(&["ALL"]) }).has_full_root());
    }

    #[test]
    fn its_own_user_is_found() {
        for (user, own) in
            [("", None), ("root", None), ("0:5", None), ("00", None), ("app", Some("app")), ("7:8", Some("7"))]
        {
            assert_eq!(host(user, HostConfig::default()).own_user(), own, "{user}");
        }
    }

    #[test]
    fn only_what_the_container_has_is_promised() {
        let plain = host("", HostConfig::default()).promises(false);
        assert!(!plain.holds(Guarantee::NetworkNone) && !plain.holds(Guarantee::MemoryLimit));
        assert!(plain.holds(Guarantee::HostFiles) && plain.holds(Guarantee::Unprivileged));
        let network = HostConfig { network_mode: Some("none".to_owned()), ..HostConfig::default() };
        let mut apart = host("", network);
        assert!(apart.promises(false).holds(Guarantee::NetworkNone));
        let mount = |source: &str| MountPoint {
            typ: Some("bind".to_owned()),
            source: Some(source.to_owned()),
            ..MountPoint::default()
        };
        apart.mounts = vec![mount("/home")];
        let some = apart.promises(false);
        assert!(!some.holds(Guarantee::HostFiles) && some.holds(Guarantee::AgentApart));
        apart.mounts = vec![mount("/var/run/docker.sock")];
        assert!(!apart.promises(false).holds(Guarantee::AgentApart));
        let ipc = HostConfig { ipc_mode: Some("host".to_owned()), ..HostConfig::default() };
        assert!(!host("", ipc).promises(false).holds(Guarantee::HostFiles));
    }
}
