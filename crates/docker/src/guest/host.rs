use bollard::models::{ContainerInspectResponse, HostConfig};
use llm_sandbox_core::{Assurance, Capabilities, Guarantee, Strength};

use crate::container::CAPABILITIES;

/// A container that somebody else has made.
pub(crate) struct Host {
    settings: HostConfig,
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
        Some(user).filter(|user| !matches!(*user, "" | "0" | "root"))
    }

    /// Whether root is there all that an agent needs to run code as another user.
    pub(crate) fn has_full_root(&self) -> bool {
        let names = |list: &Option<Vec<String>>| -> Vec<String> {
            let plain = |name: &String| name.to_uppercase().trim_start_matches("CAP_").to_owned();
            list.iter().flatten().map(plain).collect()
        };
        let (dropped, added) = (names(&self.settings.cap_drop), names(&self.settings.cap_add));
        let has = |list: &[String], name: &str| list.iter().any(|one| one == name || one == "ALL");
        let is_given = |name: &str| has(&added, name) || !has(&dropped, name);
        self.settings.privileged == Some(true) || CAPABILITIES.into_iter().all(is_given)
    }

    /// What it holds: what its maker has given it, and what the agent does by itself.
    pub(crate) fn promises(&self, mut own: Capabilities) -> Capabilities {
        for assurance in &mut own.assurances {
            if let Some(form) = self.shortcoming(assurance.guarantee) {
                *assurance = Assurance {
                    guarantee: assurance.guarantee,
                    strength: Strength::Absent,
                    form,
                    remedy: Some("have a container made of an image instead".to_owned()),
                };
            }
        }
        own
    }

    fn shortcoming(&self, guarantee: Guarantee) -> Option<String> {
        let settings = &self.settings;
        let is_privileged = settings.privileged == Some(true);
        let shares = |mode: &Option<String>| mode.as_deref() == Some("host");
        let words = match guarantee {
            Guarantee::MemoryLimit | Guarantee::ProcessLimit | Guarantee::CpuLimit => {
                "the container's own limit, if it has one, not the session's"
            }
            Guarantee::NetworkNone if settings.network_mode.as_deref() != Some("none") => "the container has a network",
            Guarantee::HostFiles | Guarantee::HostHidden if is_privileged => "the container is privileged",
            Guarantee::HostFiles | Guarantee::HostHidden if settings.binds.iter().flatten().next().is_some() => {
                "the container has files of the host's"
            }
            Guarantee::ProcessesHidden if is_privileged || shares(&settings.pid_mode) => {
                "the container sees the host's processes"
            }
            Guarantee::ProcessesHidden => "the container's own processes are seen",
            _ => return None,
        };
        Some(words.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::{ContainerConfig, ContainerState};

    use super::*;
    use crate::{ContainerOptions, promises};

    fn promised(settings: HostConfig) -> Capabilities {
        host("", settings).promises(promises::all(&ContainerOptions::default()))
    }

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
        for (user, own) in [("", None), ("root", None), ("0:5", None), ("app", Some("app")), ("7:8", Some("7"))] {
            assert_eq!(host(user, HostConfig::default()).own_user(), own, "{user}");
        }
    }

    #[test]
    fn only_what_the_container_has_is_promised() {
        let plain = promised(HostConfig::default());
        assert!(!plain.holds(Guarantee::NetworkNone) && !plain.holds(Guarantee::MemoryLimit));
        assert!(plain.holds(Guarantee::HostFiles) && plain.holds(Guarantee::Unprivileged));
        let settings = HostConfig {
            network_mode: Some("none".to_owned()),
            binds: Some(vec!["/:/host".to_owned()]),
            ..HostConfig::default()
        };
        let apart = promised(settings);
        assert!(apart.holds(Guarantee::NetworkNone) && !apart.holds(Guarantee::HostFiles));
    }
}
