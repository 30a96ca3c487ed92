//! What of this process's surroundings says where an engine is.

use std::{collections::HashMap, env, ffi::OsString, path::PathBuf};

use llm_sandbox_core::Error;

/// Every variable that is looked at.
const VARIABLES: [&str; 12] = [
    "CONTAINER_HOST",
    "CONTAINERS_CONF",
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
    "HOME",
    "PODMAN_CONNECTIONS_CONF",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
];

/// The variables that are set, and the user.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    variables: HashMap<&'static str, OsString>,
    user: u32,
}

impl Surroundings {
    /// Those of this process.
    pub(super) fn here() -> Self {
        let variables = VARIABLES.into_iter().filter_map(|name| Some((name, env::var_os(name)?)));
        Self::new(variables, rustix::process::getuid().as_raw())
    }

    /// Variables that are empty count as absent.
    pub(super) fn new(variables: impl IntoIterator<Item = (&'static str, OsString)>, user: u32) -> Self {
        Self { variables: variables.into_iter().filter(|(_, value)| !value.is_empty()).collect(), user }
    }

    pub(super) fn is_root(&self) -> bool {
        self.user == 0
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// A variable as a path.
    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        self.variables.get(name).map(PathBuf::from)
    }

    /// A variable as text.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Error> {
        let Some(value) = self.variables.get(name) else { return Ok(None) };
        value.to_str().map(Some).ok_or_else(|| Error::invalid(format!("the variable {name}"), "it is not UTF-8"))
    }

    /// Where the user's sockets lie.
    pub(super) fn runtime_directory(&self) -> PathBuf {
        self.path("XDG_RUNTIME_DIR").unwrap_or_else(|| PathBuf::from(format!("/run/user/{}", self.user)))
    }

    /// Where Docker's client keeps its configuration.
    pub(super) fn docker_directory(&self) -> Option<PathBuf> {
        self.path("DOCKER_CONFIG").or_else(|| Some(self.path("HOME")?.join(".docker")))
    }

    /// Where Podman keeps its user's configuration.
    pub(super) fn containers_directory(&self) -> Option<PathBuf> {
        let configuration = self.path("XDG_CONFIG_HOME").or_else(|| Some(self.path("HOME")?.join(".config")));
        Some(configuration?.join("containers"))
    }
}
