use std::time::Duration;

use crate::{Error, Expiry};

/// Why a connection is over.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// The caller closed the session.
    Closed,
    /// One of the session's times ran out.
    Expired(Expiry, Duration),
    /// The stream ended by itself.
    Died(Option<String>),
    /// The agent broke the protocol.
    Misbehaved(String),
}

impl Fate {
    /// The error for whoever still waits.
    pub(crate) fn error(&self) -> Error {
        match self {
            Self::Closed => Error::Closed,
            Self::Expired(limit, after) => Error::Expired { limit: *limit, after: *after },
            Self::Died(words) => Error::SandboxDied { words: words.clone() },
            Self::Misbehaved(reason) => Error::AgentMisbehaved { reason: reason.clone() },
        }
    }
}
