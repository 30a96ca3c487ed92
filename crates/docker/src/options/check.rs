//! What options may not say together, or with the session.

use std::path::{Component, Path, PathBuf};

use llm_sandbox_core::{Error, SandboxSpec};

use super::{ContainerOptions, set::invalid};
use crate::container::{AGENT_DIRECTORY, CAPABILITIES, OWNER, is_capability};

impl ContainerOptions {
    /// Refuses what does not go together.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.check_places()?;
        self.check_processors()?;
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

    /// Refuses a directory for the code that is not the session's: it would be of no effect.
    pub(crate) fn check_session(&self, spec: &SandboxSpec) -> Result<(), Error> {
        match &self.working_dir {
            Some(directory) if *directory != spec.directory => {
                let reason = format!("the session works in {}", spec.directory.display());
                let remedy = "name it by SessionBuilder::directory, or pass the builder to ContainerOptions::apply_to";
                Err(invalid("working_dir", reason).with_remedy(remedy))
            }
            _ => Ok(()),
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
    pub(super) fn check_places(&self) -> Result<(), Error> {
        if self.labels.contains_key(OWNER) {
            let reason = format!("{OWNER} is how containers of a session are known");
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
