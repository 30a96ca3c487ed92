use std::{env, path::Path, time::Duration};

use bollard::{API_DEFAULT_VERSION, Docker as Client};
use llm_sandbox_core::Error;

use crate::trouble;

/// How long an engine may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take to say that it is there.
const FIRST_WORD: Duration = Duration::from_secs(10);

/// Which engine runs the containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// Docker.
    #[default]
    Docker,
    /// Podman, by the interface that it shares with Docker.
    Podman,
}

impl Engine {
    /// The name that users choose it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }

    /// The variable that says where it listens.
    fn variable(self) -> &'static str {
        match self {
            Self::Docker => "DOCKER_HOST",
            Self::Podman => "CONTAINER_HOST",
        }
    }

    /// Where it listens, best first.
    fn addresses(self) -> Vec<String> {
        if let Some(address) = env::var(self.variable()).ok().filter(|address| !address.is_empty()) {
            return vec![address];
        }
        let own =
            env::var("XDG_RUNTIME_DIR").unwrap_or_else(|_| format!("/run/user/{}", rustix::process::getuid().as_raw()));
        match self {
            Self::Docker => vec!["unix:///var/run/docker.sock".to_owned(), format!("unix://{own}/docker.sock")],
            Self::Podman if rustix::process::getuid().is_root() => vec!["unix:///run/podman/podman.sock".to_owned()],
            Self::Podman => vec![format!("unix://{own}/podman/podman.sock")],
        }
    }

    /// Finds the engine and agrees on a version with it.
    pub(crate) async fn connect(self) -> Result<Client, Error> {
        let mut tried = Vec::new();
        for address in self.addresses() {
            match connect_to(&address).await {
                Ok(client) => return Ok(client),
                Err(reason) => tried.push(format!("{address}: {reason}")),
            }
        }
        let remedy = match self {
            Self::Docker => "start it, join the group docker, or say where it listens by DOCKER_HOST",
            Self::Podman => {
                "start its service (systemctl start podman.socket, as an ordinary user with --user), or say where it \
                 listens by CONTAINER_HOST"
            }
        };
        Err(Error::backend(self.name(), "find the engine", tried.join("; ")).with_remedy(remedy))
    }
}

async fn connect_to(address: &str) -> Result<Client, String> {
    if let Some(path) = address.strip_prefix("unix://")
        && !Path::new(path).exists()
    {
        return Err("no such socket".to_owned());
    }
    let seconds = PATIENCE.as_secs();
    let client = match address.strip_prefix("unix://") {
        Some(_) => Client::connect_with_unix(address, seconds, API_DEFAULT_VERSION),
        None => Client::connect_with_http(address, seconds, API_DEFAULT_VERSION),
    };
    let client = client.map_err(|error| trouble::words(&error))?;
    match tokio::time::timeout(FIRST_WORD, client.negotiate_version()).await {
        Ok(client) => client.map_err(|error| trouble::words(&error)),
        Err(_) => Err(format!("it does not answer within {FIRST_WORD:?}")),
    }
}
