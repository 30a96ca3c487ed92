//! What a container is asked to be.

use std::collections::HashMap;

use bollard::models::{ContainerCreateBody, HostConfig, HostConfigLogConfig, Mount, MountType};
use llm_sandbox_core::{Access, SandboxSpec};

use crate::archive;

/// Where the agent lies inside: a volume, which can be filled before the container starts whatever its root is.
pub(crate) const AGENT_DIRECTORY: &str = "/.llm-sandbox";

/// The user that code runs as, inside.
const USER: u32 = 1000;

/// The agent, and for each of a few runs its init and one made ahead.
const OWN_PROCESSES: i64 = 8;

/// What the agent needs to start runs as another user and to end them; to make its directories in a root whose mode lets
/// nobody write; and to give up all of it for good.
const CAPABILITIES: [&str; 6] = ["SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE", "SETPCAP"];

/// The label by which containers of this program are known; its value is the process that opened them.
pub(crate) const OWNER: &str = "io.github.llm-sandbox.owner";

/// What an engine is to create for a spec.
pub(crate) fn body(spec: &SandboxSpec, image: &str) -> ContainerCreateBody {
    let directory = spec.directory.display().to_string();
    let agent = format!("{AGENT_DIRECTORY}/{}", archive::NAME);
    let owner = format!("{}", std::process::id());
    ContainerCreateBody {
        image: Some(image.to_owned()),
        hostname: Some(spec.hostname.clone()),
        user: Some("0:0".to_owned()),
        entrypoint: Some(vec![agent, "serve".to_owned(), USER.to_string(), directory]),
        cmd: Some(Vec::new()),
        working_dir: Some("/".to_owned()),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        open_stdin: Some(true),
        // The end of this process is the end of the agent's input.
        stdin_once: Some(true),
        tty: Some(false),
        labels: Some(HashMap::from([(OWNER.to_owned(), owner)])),
        host_config: Some(host(spec)),
        ..ContainerCreateBody::default()
    }
}

fn host(spec: &SandboxSpec) -> HostConfig {
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
        cap_add: Some(CAPABILITIES.map(str::to_owned).to_vec()),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        auto_remove: Some(true),
        // Or every frame of the pipe would land on the engine's disk.
        log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
        mounts: Some(mounts(spec)),
        ..HostConfig::default()
    }
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
