mod connections;
mod context;
mod facts;
mod patient;
mod place;
mod search;
mod surroundings;
mod tls;
mod transport;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker as Client};
use llm_sandbox_core::Error;

use self::{
    place::{Place, Target},
    surroundings::Surroundings,
    transport::Transport,
};
use crate::trouble;

pub(crate) use self::{
    facts::{Facts, Limit},
    search::Given,
};

pub use self::tls::TlsFiles;

/// How long an engine may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take to say that it is there, and what it is.
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

/// An engine that answers.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) facts: Facts,
}

/// What the engine at a place said of itself, so that it is asked once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known(Arc<Mutex<Option<(Place, Facts)>>>);

impl Known {
    fn of(&self, place: &Place) -> Option<Facts> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(at, _)| at == place).map(|(_, facts)| facts.clone())
    }

    fn keep(&self, place: &Place, facts: &Facts) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((place.clone(), facts.clone()));
    }
}

impl Engine {
    /// The name that users choose it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }

    /// Finds the engine, agrees on a version with it, and learns what it holds.
    pub(crate) async fn connect(self, given: &Given, known: &Known) -> Result<Connection, Error> {
        let mut tried = Vec::new();
        for place in search::places(self, given, &Surroundings::here())? {
            let meeting = tokio::time::timeout(FIRST_WORD, self.meet(&place, known));
            match meeting.await.unwrap_or_else(|_| Err(format!("it does not answer within {FIRST_WORD:?}"))) {
                Ok(connection) => return Ok(connection),
                Err(reason) => tried.push(format!("{place}: {reason}")),
            }
        }
        let remedy = match self {
            Self::Docker => {
                "start it, join the group docker, or say where it listens by DOCKER_HOST or by a context of its client"
            }
            Self::Podman => {
                "start its service (systemctl start podman.socket, as an ordinary user with --user), or say where it \
                 listens by CONTAINER_HOST"
            }
        };
        Err(Error::backend(self.name(), "find the engine", tried.join("; ")).with_remedy(remedy))
    }

    async fn meet(self, place: &Place, known: &Known) -> Result<Connection, String> {
        if matches!(&place.target, Target::Unix(path) if !Path::new(path).exists()) {
            return Err("no such socket".to_owned());
        }
        let transport = Transport::to(place)?;
        let way = transport.clone();
        let send = move |request: BollardRequest| {
            let way = way.clone();
            async move { way.send(request).await }
        };
        let address = Some(format!("http://{}", place.authority()));
        let client = Client::connect_with_custom_transport(send, address, PATIENCE.as_secs(), API_DEFAULT_VERSION);
        let client = client.map_err(|error| trouble::words(&error))?;
        let client = client.negotiate_version().await.map_err(|error| trouble::words(&error))?;
        let facts = match known.of(place) {
            Some(facts) => facts,
            None => Facts::of(self, &transport).await?,
        };
        known.keep(place, &facts);
        Ok(Connection { client, facts })
    }
}
