//! What a container is asked to be.

use std::collections::HashMap;

use bollard::models::{ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType};
use llm_sandbox_core::{Access, SandboxSpec};

use crate::{archive, owner::Owner};

/// Where the agent lies inside: a volume, which can be filled before the container starts whatever its root is.
pub(crate) const AGENT_DIRECTORY: &str = "/.llm-sandbox";

/// The user that code runs as, inside.
pub(crate) const USER: u32 = 1000;

/// The code's home.
const HOME: &str = "/home/sandbox";

/// The agent, and for each of a few runs its init and one made ahead.
const OWN_PROCESSES: i64 = 8;

/// What the agent needs to start runs as another user and to end them; to make its directories in a root whose mode lets
/// nobody write; and to give up all of it for good.
pub(crate) const CAPABILITIES: [&str; 6] = ["SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE", "SETPCAP"];

/// What is asked of the engine beside the spec.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) image: String,
    /// User and group of agent and code, in the place of root and one of the code's own.
    pub(crate) user: Option<(u32, u32)>,
    pub(crate) read_only: bool,
}

impl Options {
    /// The user that code runs as.
    pub(crate) fn code(&self) -> u32 {
        self.user.map_or(USER, |(user, _)| user)
    }

    /// Whether the agent may not be more than the code.
    pub(crate) fn is_shared(&self) -> bool {
        self.user.is_some()
    }
}

/// What an engine is to create for a spec.
pub(crate) fn body(spec: &SandboxSpec, options: &Options) -> ContainerCreateBody {
    let directory = spec.directory.display().to_string();
    let agent = format!("{AGENT_DIRECTORY}/{}", archive::NAME);
    ContainerCreateBody {
        image: Some(options.image.clone()),
        hostname: Some(spec.hostname.clone()),
        user: Some(options.user.map_or("0:0".to_owned(), |(user, group)| format!("{user}:{group}"))),
        entrypoint: Some(vec![agent, "serve".to_owned(), options.code().to_string(), directory]),
        cmd: Some(Vec::new()),
        working_dir: Some("/".to_owned()),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        open_stdin: Some(true),
        // The end of this process is the end of the agent's input.
        stdin_once: Some(true),
        tty: Some(false),
        labels: Some(Owner::here().labels()),
        host_config: Some(host(spec, options)),
        ..ContainerCreateBody::default()
    }
}

fn host(spec: &SandboxSpec, options: &Options) -> HostConfig {
    let limits = &spec.limits;
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    HostConfig {
        memory: Some(whole(limits.memory_bytes)),
        // Memory and swap together.
        memory_swap: Some(whole(limits.memory_bytes)),
        // Validated: positive and far below the largest number.
        nano_cpus: Some((limits.cpus * 1e9) as i64),
        pids_limit: Some(i64::from(limits.processes).saturating_add(OWN_PROCESSES)),
        network_mode: Some("none".to_owned()),
        cap_drop: Some(vec!["ALL".to_owned()]),
        cap_add: Some(if options.is_shared() { Vec::new() } else { CAPABILITIES.map(str::to_owned).to_vec() }),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        auto_remove: Some(true),
        // Or every frame of the pipe would land on the engine's disk.
        log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
        mounts: Some(mounts(spec)),
        readonly_rootfs: Some(options.read_only),
        tmpfs: (options.read_only || options.is_shared()).then(|| writable(spec, options)),
        ..HostConfig::default()
    }
}

/// Directories in memory where the root can be written by nobody, or not by the agent.
fn writable(spec: &SandboxSpec, options: &Options) -> HashMap<String, String> {
    let size = spec.limits.disk_bytes;
    let (user, group) = options.user.unwrap_or((USER, USER));
    let own = format!("rw,exec,nosuid,nodev,mode=0755,uid={user},gid={group},size={size}");
    let shared = format!("rw,exec,nosuid,nodev,mode=1777,size={size}");
    let directory = spec.directory.display().to_string();
    HashMap::from([("/tmp".to_owned(), shared), (HOME.to_owned(), own.clone()), (directory, own)])
}

fn mounts(spec: &SandboxSpec) -> Vec<Mount> {
    let agent = Mount { target: Some(AGENT_DIRECTORY.to_owned()), typ: Some(MountType::VOLUME), ..Mount::default() };
    let shared = spec.mounts.iter().map(|mount| Mount {
        source: Some(mount.source.display().to_string()),
        target: Some(mount.target.display().to_string()),
        typ: Some(MountType::BIND),
        read_only: Some(mount.access == Access::ReadOnly),
        ..Mount::default()
    });
    [agent].into_iter().chain(shared).collect()
}
