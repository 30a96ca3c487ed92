use std::{ops::Deref, path::Path};

use crate::{BACKENDS, Error, Language, backend, core};

/// An open sandbox with a language, on the default backend unless another was chosen.
///
/// What it can do are the methods of [`core::Session`], to which it dereferences: `run`, `start`, `write`, `read`,
/// `list`, `upload`, `download`, `close` and more.
#[derive(Debug, Clone)]
pub struct Session {
    inner: core::Session,
}

/// Describes a [`Session`] to be opened.
pub type SessionBuilder = core::SessionBuilder<Session>;

impl Session {
    /// Starts to describe a session: set what differs from the defaults, then
    /// [open](core::SessionBuilder::open) it.
    pub fn builder(language: Language) -> SessionBuilder {
        builder(language)
    }

    /// Attaches to a session that another process of the same user shares at this path.
    ///
    /// # Errors
    ///
    /// As [`core::Session::attach`].
    pub async fn attach(path: impl AsRef<Path>) -> Result<Self, Error> {
        core::Session::attach(path).await.map(Self::from)
    }
}

/// A builder of anything around a session, on the default backend of this platform if it has one.
pub(crate) fn builder<S>(language: Language) -> core::SessionBuilder<S> {
    let builder = core::SessionBuilder::new(language);
    match BACKENDS.first().and_then(|name| backend(name).ok()) {
        Some(backend) => builder.backend(backend),
        None => builder,
    }
}

impl From<core::Session> for Session {
    fn from(inner: core::Session) -> Self {
        Self { inner }
    }
}

impl Deref for Session {
    type Target = core::Session;

    fn deref(&self) -> &core::Session {
        &self.inner
    }
}
