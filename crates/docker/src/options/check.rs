//! What options may not say together, or with the session.

use std::path::{Component, Path, PathBuf};

use llm_sandbox_core::{Error, SandboxSpec};

use super::{ContainerOptions, set::invalid};
use crate::{
    Engine,
    container::{AGENT_DIRECTORY, CAPABILITIES, is_capability},
    owner,
};

impl ContainerOptions {
    /// Refuses what does not go together.
    pub(crate) fn check(&self, engine: Engine) -> Result<(), Error> {
        self.check_values()?;
        self.check_processors()?;
        if engine == Engine::Podman {
            self.check_heard()?;
        }
        if self.network.is_some() && self.network_mode.is_some() {
            return Err(invalid("network", "network_mode names another").with_remedy("give one of the two"));
        }
        if self.user.is_some() {
            return Ok(());
        }
        if !self.group_add.is_empty() {
            let reason = "code belongs to no group but its own, unless it shares a user with the agent";
            return Err(invalid("group_add", reason).with_remedy("give user as well, such as 1000"));
        }
        let needed = CAPABILITIES.iter().find(|own| self.cap_drop.iter().any(|dropped| is_capability(dropped, own)));
        match needed {
            Some(own) => Err(invalid("cap_drop", format!("the agent needs {own} to start runs as another user"))
                .with_remedy("give user as well, such as 1000: then there are no capabilities at all")),
            None => Ok(()),
        }
    }

    /// Refuses what the session says otherwise: it would be of no effect on code.
    pub(crate) fn check_session(&self, spec: &SandboxSpec) -> Result<(), Error> {
        let refused = |name, reason: String, setter: &str| {
            let remedy = format!("name it by {setter}, or pass the builder to ContainerOptions::apply_to");
            Err(invalid(name, reason).with_remedy(remedy))
        };
        if self.working_dir.as_ref().is_some_and(|directory| *directory != spec.directory) {
            let reason = format!("the session works in {}", spec.directory.display());
            return refused("working_dir", reason, "SessionBuilder::directory");
        }
        let limits = [
            ("nofile", spec.limits.open_files, "SessionBuilder::open_files"),
            ("fsize", spec.limits.file_size_bytes, "SessionBuilder::file_size_bytes"),
        ];
        for (name, of_session, setter) in limits {
            match (self.soft_limit(name), of_session) {
                (Some(soft), Some(of_session)) if soft != of_session => {
                    return refused("ulimits", format!("the session's own {name} is {of_session}"), setter);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses what Podman drops of what comes over the interface that it shares with Docker.
    fn check_heard(&self) -> Result<(), Error> {
        let is_alone = self.network_named().is_none_or(|(_, network)| network == "none");
        let unheard = [
            ("runtime", self.runtime.is_some(), "set runtime in containers.conf"),
            ("platform", self.platform.is_some(), "name an image of that platform by its digest"),
            ("domainname", self.domainname.is_some(), "leave it out"),
            ("gpus", self.gpus.is_some(), "name the devices by devices"),
            ("device_cgroup_rules", !self.device_cgroup_rules.is_empty(), "name the devices by devices"),
            ("memswap_limit", self.memswap_limit.is_some_and(|bytes| bytes <= 0), "give a number of bytes"),
            ("dns", is_alone && !self.dns.is_empty(), "name a network as well"),
            ("dns_opt", is_alone && !self.dns_opt.is_empty(), "name a network as well"),
            ("dns_search", is_alone && !self.dns_search.is_empty(), "name a network as well"),
            ("mounts", self.mounts.iter().any(|mount| mount.no_copy.is_some()), "leave no_copy out"),
        ];
        match unheard.into_iter().find(|(_, is_given, _)| *is_given) {
            Some((name, _, remedy)) => Err(Error::Unsupported {
                operation: format!("the container option {name}"),
                reason: "podman drops it from what comes over the interface that it shares with docker".to_owned(),
                remedy: Some(format!("{remedy}, or use docker")),
            }),
            None => Ok(()),
        }
    }

    fn check_processors(&self) -> Result<(), Error> {
        let ways = [
            ("nano_cpus", self.nano_cpus.is_some()),
            ("cpu_count", self.cpu_count.is_some()),
            ("cpu_quota", self.cpu_quota.or(self.cpu_period).is_some()),
        ];
        let mut given = ways.into_iter().filter_map(|(name, is_given)| is_given.then_some(name));
        match (given.next(), given.next()) {
            (Some(first), Some(second)) => {
                let reason = format!("{second} says how many processors there are, too");
                Err(invalid(first, reason).with_remedy("give one of the two"))
            }
            _ => Ok(()),
        }
    }

    /// Refuses what would stand in the place of the agent's own.
    pub(super) fn check_values(&self) -> Result<(), Error> {
        let own = [("core", "core files are never written"), ("memlock", "code can lock no memory")];
        if let Some((name, reason)) = own.iter().find(|(name, _)| self.soft_limit(name).is_some()) {
            return Err(invalid("ulimits", *reason).with_remedy(format!("leave {name} out")));
        }
        if let Some(name) = self.labels.keys().find(|name| owner::is_ours(name)) {
            let reason = format!("{name} is how containers of a session are known");
            return Err(invalid("labels", reason).with_remedy("give it another name"));
        }
        let mounts = self.mounts.iter().map(|mount| ("mounts", mount.target.as_str()));
        let volumes = self.volumes.iter().map(|volume| ("volumes", volume.target.as_str()));
        let memory = self.tmpfs.keys().map(|path| ("tmpfs", path.as_str()));
        let mut targets = mounts.chain(volumes).chain(memory);
        let taken = targets.find(|(_, target)| {
            let target = cleaned(target);
            target == Path::new("/") || target.starts_with(AGENT_DIRECTORY)
        });
        match taken {
            Some((name, target)) => Err(invalid(name, format!("{target} is where the agent and its root lie"))
                .with_remedy("mount it elsewhere, such as on /data")),
            None => Ok(()),
        }
    }
}

/// A path inside as the engine will read it: without links, `..` leads up.
fn cleaned(path: &str) -> PathBuf {
    let mut cleaned = PathBuf::from("/");
    for component in Path::new(path).components() {
        match component {
            Component::ParentDir => drop(cleaned.pop()),
            Component::Normal(name) => cleaned.push(name),
            _ => {}
        }
    }
    cleaned
}
