//! Options of a container, as engines and the Docker SDK for Python name them.

mod check;
mod kinds;
mod read;
mod read_kinds;
mod refused;
mod set;
mod table;
mod warnings;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::PathBuf};

use llm_sandbox_core::SessionBuilder;

pub use kinds::{ContainerMount, Device, Gpus, MountKind, Propagation, Ulimit, Volume};

/// What an engine is asked for beside the session's spec, under the names of the Docker SDK for Python.
///
/// What is `None`, empty or false is not asked for: limits are the session's then, and the container has no network, no
/// swap and no capabilities but the agent's. Where an option and a limit of the session both speak, the option wins.
/// [`Capabilities`](llm_sandbox_core::Capabilities) tell what an option takes away.
///
/// ```
/// use llm_sandbox_docker::ContainerOptions;
///
/// let mut options = ContainerOptions::default();
/// options.set("mem_limit", &"512m".into())?;
/// options.pids_limit = Some(64);
/// assert_eq!(options.mem_limit, Some(512 << 20));
/// assert!(options.set("mem_limits", &"512m".into()).unwrap_err().hint().unwrap().contains("\"mem_limit\""));
/// # Ok::<(), llm_sandbox_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ContainerOptions {
    /// Memory, files in memory included, in bytes; zero or -1 is no limit.
    pub mem_limit: Option<i64>,
    /// Memory and swap together, in bytes; -1 is no limit. By default there is no swap.
    pub memswap_limit: Option<i64>,
    /// Memory that the kernel tries to shrink the container to where it gets scarce, in bytes.
    pub mem_reservation: Option<i64>,
    /// How readily the kernel swaps, from 0 to 100.
    pub mem_swappiness: Option<i64>,
    /// How readily the kernel kills the container's processes where the host runs out of memory, from -1000 to 1000.
    pub oom_score_adj: Option<i64>,
    /// Processors, whole ones. Engines count them on Windows only, so that they are asked for as time of processors, too.
    pub cpu_count: Option<i64>,
    /// The period that [`cpu_quota`](Self::cpu_quota) is of, in microseconds.
    pub cpu_period: Option<i64>,
    /// The time of processors in each period, in microseconds; zero or -1 is no limit. With a period alone it is so much
    /// that the session's processors stay as many.
    pub cpu_quota: Option<i64>,
    /// Processors, in billionths; zero is no limit.
    pub nano_cpus: Option<i64>,
    /// The weight against other containers, where processors are scarce; 1024 is usual.
    pub cpu_shares: Option<i64>,
    /// The processors to run on, such as `0-2,4`.
    pub cpuset_cpus: Option<String>,
    /// The memory nodes to use, such as `0,1`.
    pub cpuset_mems: Option<String>,
    /// Processes and threads, the agent's few included; zero or -1 is no limit.
    pub pids_limit: Option<i64>,
    /// Limits of each process. Those of open files and of a file's size are the session's where it has one:
    /// [`ContainerOptions::apply_to`] tells it, and opening is refused where it says otherwise.
    pub ulimits: Vec<Ulimit>,
    /// The size of `/dev/shm`, in bytes.
    pub shm_size: Option<i64>,
    /// Devices of the host that are shown inside. The code can open what their modes let its user open.
    pub devices: Vec<Device>,
    /// Rules about devices for the control group, such as `c 10:229 rwm`.
    pub device_cgroup_rules: Vec<String>,
    /// Graphics processors, by a runtime that knows of them.
    pub gpus: Option<Gpus>,
    /// The kind of network: `none`, `bridge`, `host`, `container:NAME`, or a network's name.
    pub network_mode: Option<String>,
    /// The network to join, by name; excludes [`network_mode`](Self::network_mode).
    pub network: Option<String>,
    /// Lines of the hosts file, as `NAME:ADDRESS`.
    pub extra_hosts: Vec<String>,
    /// Name servers, by address. Podman has them only where there is a network.
    pub dns: Vec<String>,
    /// Options of the resolver.
    pub dns_opt: Vec<String>,
    /// Domains that names are looked for in.
    pub dns_search: Vec<String>,
    /// The host name inside, over the session's.
    pub hostname: Option<String>,
    /// The domain name inside.
    pub domainname: Option<String>,
    /// What is mounted, in the engine's newer form.
    pub mounts: Vec<ContainerMount>,
    /// Host directories and named volumes that are mounted; writable unless they say `ro`.
    pub volumes: Vec<Volume>,
    /// Directories in memory, with their mount options, such as `size=64m`.
    pub tmpfs: BTreeMap<String, String>,
    /// Lets nobody write to the root; working directory, home and `/tmp` lie in memory then.
    pub read_only: bool,
    /// Options of the engine's storage, such as `size`.
    pub storage_opt: BTreeMap<String, String>,
    /// User and group of agent and code, in the place of root and one of the code's own. A number alone is both.
    pub user: Option<(u32, u32)>,
    /// More groups of [`user`](Self::user), without which code belongs to none but its own.
    pub group_add: Vec<String>,
    /// Capabilities of the container. They have no effect on code: the agent gives up all but its own before it serves,
    /// and code has none.
    pub cap_add: Vec<String>,
    /// Capabilities to take away. All but the agent's own are taken already; those it cannot do without, unless
    /// [`user`](Self::user) is given, for then it has none.
    pub cap_drop: Vec<String>,
    /// Options of the engine's security, such as `seccomp=unconfined`. The sandbox's own filter stays, and code gains no
    /// privileges whatever is said here.
    pub security_opt: Vec<String>,
    /// Gives the container all capabilities and the host's devices. Code has no capability even so.
    pub privileged: bool,
    /// Settings of the kernel that belong to the container's namespaces.
    pub sysctls: BTreeMap<String, String>,
    /// Whose System V objects and `/dev/shm` it has: `none`, `private`, `shareable`, `host` or `container:NAME`.
    pub ipc_mode: Option<String>,
    /// Whose processes it sees: `host` or `container:NAME`.
    pub pid_mode: Option<String>,
    /// `host`, where the engine maps users of containers and this one is to be left alone.
    pub userns_mode: Option<String>,
    /// `host`, to have the host's name.
    pub uts_mode: Option<String>,
    /// The runtime, such as `runsc`.
    pub runtime: Option<String>,
    /// The image's platform, such as `linux/amd64`.
    pub platform: Option<String>,
    /// Puts the engine's init before the agent.
    pub init: Option<bool>,
    /// Labels of the container.
    pub labels: BTreeMap<String, String>,
    /// Variables of the container, which its programs see over those of the image. What every session sets itself, such as
    /// `HOME`, is the session's: [`ContainerOptions::apply_to`] tells it.
    pub environment: BTreeMap<String, String>,
    /// The directory in which code runs. It is the session's, which [`ContainerOptions::apply_to`] tells; opening is
    /// refused where it is another.
    pub working_dir: Option<PathBuf>,
}

impl ContainerOptions {
    /// Passes on what runs have from their session and not from the container, over the builder's own: environment,
    /// working directory, and how many files may be open and how large they may be.
    #[must_use]
    pub fn apply_to<S>(&self, mut builder: SessionBuilder<S>) -> SessionBuilder<S> {
        for (name, value) in &self.environment {
            builder = builder.env(name, value);
        }
        if let Some(directory) = &self.working_dir {
            builder = builder.directory(directory);
        }
        if let Some(files) = self.soft_limit("nofile") {
            builder = builder.open_files(files);
        }
        if let Some(bytes) = self.soft_limit("fsize") {
            builder = builder.file_size_bytes(bytes);
        }
        builder
    }

    /// What holds of this name among [`ulimits`](Self::ulimits); the largest number where that is no limit.
    fn soft_limit(&self, name: &str) -> Option<u64> {
        let limit = self.ulimits.iter().rfind(|limit| limit.name == name)?;
        Some(u64::try_from(limit.soft).unwrap_or(u64::MAX))
    }

    /// The network's name, and the option that says so.
    pub(crate) fn network_named(&self) -> Option<(&'static str, &str)> {
        let network = self.network.as_deref().map(|name| ("network", name));
        network.or(self.network_mode.as_deref().map(|mode| ("network_mode", mode)))
    }
}
