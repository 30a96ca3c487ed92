//! What a container is asked to be.

use std::collections::HashMap;

use bollard::{
    models::ContainerCreateBody,
    query_parameters::{CreateContainerOptions, CreateContainerOptionsBuilder},
};
use llm_sandbox_core::SandboxSpec;

use crate::{
    ContainerOptions, Engine, archive, host,
    owner::{Owner, session_labels},
};

/// Where the agent lies inside: a volume, which can be filled before the container starts whatever its root is.
pub(crate) const AGENT_DIRECTORY: &str = "/.llm-sandbox";

/// The user that code runs as, inside.
pub(crate) const USER: u32 = 1000;

/// The code's home.
pub(crate) const HOME: &str = "/home/sandbox";

/// What the agent needs to start runs as another user and to end them; to make its directories in a root whose mode lets
/// nobody write; and to give up all of it for good.
pub(crate) const CAPABILITIES: [&str; 6] = ["SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE", "SETPCAP"];

/// Whether this is the name of a capability, which engines take in either case and with or without a prefix.
pub(crate) fn is_capability(word: &str, name: &str) -> bool {
    let word = word.to_ascii_uppercase();
    word.strip_prefix("CAP_").unwrap_or(&word) == name
}

/// What an engine is to create for a spec.
pub(crate) fn body(engine: Engine, spec: &SandboxSpec, image: &str, options: &ContainerOptions) -> ContainerCreateBody {
    let directory = spec.directory.display().to_string();
    let agent = format!("{AGENT_DIRECTORY}/{}", archive::NAME);
    let code = options.user.map_or(USER, |(user, _)| user);
    let environment = options.environment.iter().map(|(name, value)| format!("{name}={value}"));
    ContainerCreateBody {
        image: Some(image.to_owned()),
        hostname: hostname(spec, options),
        domainname: options.domainname.clone(),
        user: Some(options.user.map_or("0:0".to_owned(), |(user, group)| format!("{user}:{group}"))),
        env: Some(environment.collect::<Vec<_>>()).filter(|environment| !environment.is_empty()),
        entrypoint: Some(vec![agent, "serve".to_owned(), code.to_string(), directory]),
        cmd: Some(Vec::new()),
        working_dir: Some("/".to_owned()),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        open_stdin: Some(true),
        // The end of this process is the end of the agent's input.
        stdin_once: Some(true),
        tty: Some(false),
        labels: Some(labels(spec, options)),
        host_config: Some(host::host(engine, spec, options)),
        networking_config: host::networking(options),
        ..ContainerCreateBody::default()
    }
}

/// The name inside, unless it is that of the host or of another container.
fn hostname(spec: &SandboxSpec, options: &ContainerOptions) -> Option<String> {
    let is_of_other = options.network_named().is_some_and(|(_, network)| network.starts_with("container:"));
    let is_foreign = is_of_other || options.uts_mode.as_deref() == Some("host");
    options.hostname.clone().or((!is_foreign).then(|| spec.hostname.clone()))
}

fn labels(spec: &SandboxSpec, options: &ContainerOptions) -> HashMap<String, String> {
    options.labels.clone().into_iter().chain(Owner::here().labels()).chain(session_labels(spec)).collect()
}

/// What is asked for beside the body.
pub(crate) fn parameters(options: &ContainerOptions) -> Option<CreateContainerOptions> {
    let platform = options.platform.as_ref()?;
    Some(CreateContainerOptionsBuilder::default().platform(platform).build())
}
