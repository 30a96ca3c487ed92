//! What options take away of what a container holds.

use std::{
    borrow::Cow,
    path::{Component, Path, PathBuf},
};

use llm_sandbox_core::{Guarantee, Strength};

use crate::{ContainerOptions, MountKind};

/// A guarantee that holds less firmly, and why: «the option OPTION FORM».
#[derive(Debug, PartialEq)]
pub(crate) struct Loss {
    pub(crate) guarantee: Guarantee,
    pub(crate) strength: Strength,
    pub(crate) option: &'static str,
    pub(crate) form: Cow<'static, str>,
}

/// Whether the engine's own filter of system calls is there.
pub(crate) fn has_engine_filter(options: &ContainerOptions) -> bool {
    let is_off = |option: &String| matches!(option.as_str(), "seccomp=unconfined" | "seccomp:unconfined");
    !options.privileged && !options.security_opt.iter().any(is_off)
}

pub(crate) fn losses<'a>(options: &ContainerOptions, mounted: impl IntoIterator<Item = &'a Path>) -> Vec<Loss> {
    let mut losses = Losses(Vec::new());
    for (option, source) in shared(options) {
        losses.by_path(option, &source);
    }
    for source in mounted {
        losses.by_path("mount", &real(source));
    }
    losses.by_network(options);
    losses.by_limits(options);
    losses.by_privileges(options);
    losses.by_devices(options);
    losses.by_namespaces(options);
    losses.0
}

/// The host's paths that are mounted, as they are when links are followed.
fn shared(options: &ContainerOptions) -> Vec<(&'static str, PathBuf)> {
    let mounts = options.mounts.iter().filter(|mount| mount.kind == MountKind::Bind);
    let mounts = mounts.filter_map(|mount| Some(("mounts", mount.source.as_ref()?)));
    let volumes = options.volumes.iter().filter(|volume| volume.source.starts_with('/'));
    let volumes = volumes.map(|volume| ("volumes", &volume.source));
    mounts.chain(volumes).map(|(option, source)| (option, real(Path::new(source)))).collect()
}

fn real(path: &Path) -> PathBuf {
    // What is not on this host may be on the engine's.
    path.canonicalize().unwrap_or_else(|_| path.components().filter(|part| *part != Component::CurDir).collect())
}

/// Where engines listen.
const SOCKETS: [&str; 5] = [
    "/run/docker.sock",
    "/var/run/docker.sock",
    "/run/podman/podman.sock",
    "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
];

/// Where engines of ordinary users listen, below a directory of each.
const OF_USERS: &str = "/run/user";

fn reaches_engine(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let names = ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"];
    let users = Path::new(OF_USERS);
    let is_of_user = path.strip_prefix(users).is_ok_and(|below| below.components().count() < 2 || name == "podman");
    let is_above = SOCKETS.iter().any(|socket| Path::new(socket).starts_with(path)) || users.starts_with(path);
    names.contains(&name) || is_of_user || is_above
}

struct Losses(Vec<Loss>);

impl Losses {
    fn lose(
        &mut self,
        guarantees: impl IntoIterator<Item = Guarantee>,
        strength: Strength,
        option: &'static str,
        form: impl Into<Cow<'static, str>>,
    ) {
        let form = form.into();
        let lost = guarantees.into_iter().map(|guarantee| Loss { guarantee, strength, option, form: form.clone() });
        self.0.extend(lost);
    }

    fn by_path(&mut self, option: &'static str, path: &Path) {
        use Guarantee::*;
        let shown = path.display();
        if reaches_engine(path) {
            let form = format!("shows {shown}, where an engine listens: who reaches it commands the host");
            self.lose(Guarantee::ALL.iter().copied(), Strength::Absent, option, form);
        }
        if path.starts_with("/proc") {
            let lost = [HostHidden, ProcessesHidden];
            self.lose(lost, Strength::Absent, option, format!("shows {shown}, which tells of the host's processes"));
        }
        if path.starts_with("/dev") || path.starts_with("/sys") {
            let lost = [HostFiles, HostHidden];
            self.lose(lost, Strength::Absent, option, format!("shows {shown}, which leads to all of the host"));
        }
    }

    fn by_network(&mut self, options: &ContainerOptions) {
        let Some((option, network)) = options.network_named().filter(|(_, network)| *network != "none") else { return };
        self.lose([Guarantee::NetworkNone], Strength::Absent, option, format!("names the network {network}"));
        if network == "host" {
            let form = "lets code reach sockets of the host's processes";
            self.lose([Guarantee::HostHidden], Strength::BestEffort, option, form);
        }
    }

    fn by_limits(&mut self, options: &ContainerOptions) {
        let limits = [
            (Guarantee::MemoryLimit, "mem_limit", options.mem_limit.is_some_and(|bytes| bytes <= 0)),
            (Guarantee::MemoryLimit, "memswap_limit", options.memswap_limit.is_some_and(|bytes| bytes < 0)),
            (Guarantee::ProcessLimit, "pids_limit", options.pids_limit.is_some_and(|count| count <= 0)),
            (Guarantee::CpuLimit, "nano_cpus", options.nano_cpus.is_some_and(|cpus| cpus <= 0)),
            (Guarantee::CpuLimit, "cpu_quota", options.cpu_quota.is_some_and(|quota| quota <= 0)),
        ];
        for (guarantee, option, _) in limits.into_iter().filter(|(.., is_off)| *is_off) {
            self.lose([guarantee], Strength::Absent, option, "sets no limit");
        }
    }

    fn by_privileges(&mut self, options: &ContainerOptions) {
        use Guarantee::*;
        if options.privileged {
            // Devices are root's, whatever capabilities it has.
            let is_root = options.user.is_some_and(|(user, _)| user == 0);
            let strength = if is_root { Strength::Absent } else { Strength::BestEffort };
            let form = "gives the host's devices, which only their owners keep from code";
            self.lose([HostFiles, AgentApart], strength, "privileged", form);
            self.lose([HostHidden], Strength::Absent, "privileged", "shows the host's devices and settings");
            self.lose([Unprivileged], Strength::BestEffort, "privileged", PRIVILEGES);
        }
        if !options.cap_add.is_empty() {
            self.lose([Unprivileged], Strength::BestEffort, "cap_add", PRIVILEGES);
        }
        let unmasked = ["systempaths=unconfined", "unmask=ALL", "unmask=all"];
        if options.security_opt.iter().any(|option| unmasked.contains(&option.as_str())) {
            self.lose([HostHidden], Strength::BestEffort, "security_opt", "shows settings of the host");
        }
    }

    fn by_devices(&mut self, options: &ContainerOptions) {
        let devices = [
            ("devices", !options.devices.is_empty()),
            ("device_cgroup_rules", !options.device_cgroup_rules.is_empty()),
            ("gpus", options.gpus.is_some()),
        ];
        for (option, _) in devices.into_iter().filter(|(_, is_given)| *is_given) {
            let form = "gives devices, and what can be done by them is their drivers' to say";
            self.lose([Guarantee::HostFiles, Guarantee::AgentApart], Strength::BestEffort, option, form);
        }
    }

    fn by_namespaces(&mut self, options: &ContainerOptions) {
        use Guarantee::*;
        let own = ["private", "shareable", "none"];
        let foreign = |mode: &Option<String>| mode.clone().filter(|mode| !own.contains(&mode.as_str()));
        if let Some(mode) = foreign(&options.pid_mode) {
            self.lose([ProcessesHidden], Strength::Absent, "pid_mode", format!("shows the processes of {mode}"));
            self.lose([AgentApart], Strength::BestEffort, "pid_mode", "shows processes beside the sandbox's own");
        }
        if let Some(mode) = foreign(&options.ipc_mode) {
            let form = format!("shares memory and /dev/shm with {mode}");
            let lost: &[_] = if mode == "host" { &[HostFiles, HostHidden] } else { &[ProcessesHidden] };
            self.lose(lost.iter().copied(), Strength::Absent, "ipc_mode", form);
        }
    }
}

const PRIVILEGES: &str = "gives the container capabilities, which the agent gives up before code runs";
