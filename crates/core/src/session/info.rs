use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::Session;
use crate::{Error, Language, Usage, form};

/// What there is to know of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// The version of this form, [`SessionInfo::SCHEMA`].
    pub schema: u32,
    /// What it is known by.
    pub id: String,
    /// The labels that it was given.
    pub labels: BTreeMap<String, String>,
    /// The name of its backend.
    pub backend: String,
    /// Its language.
    pub language: Language,
    /// The image that its sandbox is made of, where it is made of one.
    pub image: Option<String>,
    /// How long it has been open.
    #[serde(with = "form::span")]
    pub uptime: Duration,
    /// How many runs were started.
    pub runs_begun: u64,
    /// How many of them are over.
    pub runs_ended: u64,
    /// How many of them go on.
    pub runs_live: u64,
    /// What the runs used that are over: times and output together, the most of memory and of processes. Of a run whose
    /// handle was dropped it is not known.
    pub usage: Usage,
    /// Whether nothing can be run any more.
    pub is_over: bool,
}

impl SessionInfo {
    /// The version of the form.
    pub const SCHEMA: u32 = 1;
}

impl Session {
    /// What there is to know of the session now, also when it is over.
    ///
    /// # Errors
    ///
    /// None in the process that opened it. Elsewhere [`Error::Closed`], [`Error::Expired`] and others where it is over.
    pub async fn info(&self) -> Result<SessionInfo, Error> {
        match &self.inner.owner {
            Some(owner) => {
                self.connection()?;
                owner.info().await
            }
            None => Ok(self.own_info()),
        }
    }

    pub(super) fn own_info(&self) -> SessionInfo {
        let tally = self.inner.runs.tally();
        SessionInfo {
            schema: SessionInfo::SCHEMA,
            id: self.id().to_owned(),
            labels: self.labels().clone(),
            backend: self.backend().to_owned(),
            language: self.language(),
            image: self.image().name.clone(),
            uptime: self.inner.opened.elapsed(),
            runs_begun: tally.begun,
            runs_ended: tally.begun - tally.live,
            runs_live: tally.live,
            usage: tally.used,
            is_over: self.is_over(),
        }
    }
}
