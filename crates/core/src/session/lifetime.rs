use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep_until},
};

use super::{Inner, Session, SessionBuilder, destroy};
use crate::{
    Error,
    connection::{Fate, Pulse},
};

/// Which of a session's times ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiry {
    /// The time without a run or a file operation.
    Idle,
    /// The time from its opening to its end.
    Lifetime,
}

impl fmt::Display for Expiry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Idle => "its idle timeout",
            Self::Lifetime => "its lifetime",
        })
    }
}

/// How a session is kept, as the caller described it.
#[derive(Debug, Clone, Default)]
pub(super) struct Keeping {
    pub(super) labels: Vec<(String, String)>,
    pub(super) idle: Option<Duration>,
    pub(super) lifetime: Option<Duration>,
}

impl Keeping {
    pub(super) fn check(&self) -> Result<(), Error> {
        for (what, given) in [("idle timeout", self.idle), ("lifetime", self.lifetime)] {
            if given.is_some_and(|given| given.is_zero()) {
                return Err(Error::invalid(what, "it is zero, which leaves no time for anything")
                    .with_remedy("give a longer time, or leave it out for none"));
            }
        }
        Ok(())
    }

    /// When a lifetime that begins now ends, in seconds since 1970.
    pub(super) fn deadline(&self) -> Option<u64> {
        let end = SystemTime::now().checked_add(self.lifetime?)?;
        end.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
    }
}

/// When a session ends by itself.
pub(super) struct Lifetime {
    idle: Option<Duration>,
    total: Mutex<Option<Total>>,
    task: OnceLock<AbortHandle>,
}

#[derive(Clone, Copy)]
struct Total {
    /// So far away that it cannot be told is never.
    end: Option<Instant>,
    whole: Duration,
}

impl Lifetime {
    /// Begins to count.
    pub(super) fn begin(keeping: &Keeping) -> Self {
        let total = keeping.lifetime.map(|whole| Total { end: Instant::now().checked_add(whole), whole });
        Self { idle: keeping.idle, total: Mutex::new(total), task: OnceLock::new() }
    }

    /// Has the session ended in time; one that asks for no end has no task.
    pub(super) fn enforce(session: &Arc<Inner>) {
        let Self { idle, task, .. } = &session.lifetime;
        if idle.is_some() || session.lifetime.total().is_some() {
            let pulse = session.connection.pulse();
            task.get_or_init(|| tokio::spawn(keep(Arc::downgrade(session), pulse)).abort_handle());
        }
    }

    fn total(&self) -> MutexGuard<'_, Option<Total>> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which time is over first, when, and how long it was.
    fn next(&self, idle_since: Option<Instant>) -> Option<(Instant, Expiry, Duration)> {
        let total = self.total().and_then(|Total { end, whole }| Some((end?, Expiry::Lifetime, whole)));
        let idle = self.idle.and_then(|idle| Some((idle_since?.checked_add(idle)?, Expiry::Idle, idle)));
        total.into_iter().chain(idle).min_by_key(|(at, ..)| *at)
    }

    /// Puts the end of the lifetime off; how long it is from now.
    fn extend(&self, by: Duration) -> Option<Duration> {
        let mut total = self.total();
        let Total { end, whole } = total.as_mut()?;
        *whole = whole.saturating_add(by);
        *end = end.and_then(|end| end.checked_add(by));
        Some(end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now())))
    }
}

impl Drop for Lifetime {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

/// Waits for one of a session's times to run out, and ends it.
async fn keep(session: Weak<Inner>, pulse: Pulse) {
    loop {
        let quiet = pulse.quiet();
        tokio::pin!(quiet);
        quiet.as_mut().enable();
        let idle_since = pulse.idle_since();
        let next = match session.upgrade() {
            Some(inner) => inner.lifetime.next(idle_since),
            None => return,
        };
        match next {
            Some((at, limit, after)) if at <= Instant::now() => return expire(&session, limit, after).await,
            next => tokio::select! {
                () = until(next.map(|(at, ..)| at)) => {}
                () = &mut quiet => {}
                _ = pulse.over() => return,
            },
        }
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn expire(session: &Weak<Inner>, limit: Expiry, after: Duration) {
    let Some(inner) = session.upgrade() else { return };
    inner.connection.end(Fate::Expired(limit, after));
    // Whoever closes the session is told how that goes, which tries again.
    let _ = destroy(inner.sandbox.as_ref(), inner.driver()).await;
}

impl<S> SessionBuilder<S> {
    /// Destroys the sandbox once nothing was done in it for so long: no run is open, detached or not, and no file
    /// operation. Every call gives [`Error::Expired`] from then on.
    #[must_use]
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.keeping.idle = Some(idle);
        self
    }

    /// Destroys the sandbox so long after it was opened, with all runs that go on then. Every call gives
    /// [`Error::Expired`] from then on. [`Session::extend`] puts it off.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.keeping.lifetime = Some(lifetime);
        self
    }
}

impl Session {
    /// Puts the end of the session's lifetime off by so much; how long it lives from now.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where it has no lifetime; [`Error::Expired`], [`Error::Closed`] and others where it is over.
    pub async fn extend(&self, by: Duration) -> Result<Duration, Error> {
        self.connection()?;
        if let Some(owner) = &self.inner.owner {
            return owner.extend(by).await;
        }
        self.inner.lifetime.extend(by).ok_or_else(|| Error::Unsupported {
            operation: "extending the session".to_owned(),
            reason: "it has no lifetime that could end".to_owned(),
            remedy: Some("give it one by lifetime() before it opens".to_owned()),
        })
    }

    /// Waits until the session is over; the error that every call gives from then on: [`Error::Closed`],
    /// [`Error::Expired`], [`Error::SandboxDied`] or [`Error::AgentMisbehaved`].
    pub async fn wait_closed(&self) -> Error {
        self.inner.connection.pulse().over().await.error()
    }
}
