//! What users hold: a sandbox with a language and defaults.

mod builder;
mod builds;
mod checks;
mod defaults;
mod detached;
mod download;
mod entry;
mod files;
mod gate;
mod identity;
mod info;
mod lifetime;
mod policy;
mod runs;
mod shared;
mod transfer;
mod unpack;
mod upload;
mod watch;

use std::{
    borrow::Cow,
    fmt,
    path::{Path, PathBuf},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

pub use builder::SessionBuilder;
pub(crate) use builds::Build;
pub(crate) use checks::deadline_of_seconds;
pub use entry::{FileInfo, FileKind};
pub use info::SessionInfo;
pub use lifetime::Expiry;
pub(crate) use runs::Record;
pub use runs::{RunInfo, RunState};
use tokio::runtime::Handle;
pub use transfer::Transferred;
pub use watch::{RunEvent, Watch};

use builds::Builds;
use defaults::{Defaults, Options};
use identity::Identity;
use lifetime::Lifetime;
use policy::Guard;
use runs::Runs;
use shared::{Owner, Shares};

use crate::{
    Backend, Capabilities, Error, ImageDefaults, InterpreterOrigin, LanguageSpec, Limits, Run, RunHandle, RunResult,
    Sandbox, Step,
    connection::{Connection, Fate},
    run,
};

/// How long destroying a sandbox may take before it is called failed.
const DESTROY_PATIENCE: Duration = Duration::from_secs(30);

/// How long a process that has a shared session may take nothing while another one hangs up.
const FLUSH_PATIENCE: Duration = Duration::from_secs(5);

/// An open sandbox with a language. Clones share it; runs may overlap; files in `/sandbox` stay between them.
///
/// Dropping the last clone destroys the sandbox in the background; [`Session::close`] does so at once and says how
/// it went.
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    connection: Connection,
    sandbox: Arc<dyn Sandbox>,
    closed: AtomicBool,
    /// Borrowed where this process opened it.
    backend: Cow<'static, str>,
    origin: InterpreterOrigin,
    language: Arc<LanguageSpec>,
    guard: Guard,
    programs: Vec<PathBuf>,
    options: Options,
    builds: Builds,
    defaults: Defaults,
    image: ImageDefaults,
    steps: Vec<Step>,
    capabilities: Capabilities,
    identity: Identity,
    opened: Instant,
    runs: Arc<Runs>,
    lifetime: Lifetime,
    /// Where its tasks live.
    runtime: Handle,
    shares: Shares,
    /// The process that opened it, where that is another one.
    owner: Option<Owner>,
}

impl Inner {
    /// The backend's name for errors.
    fn driver(&self) -> &'static str {
        match self.backend {
            Cow::Borrowed(name) => name,
            Cow::Owned(_) => "shared session",
        }
    }
}

/// A session that this does not keep open.
#[derive(Clone)]
pub(crate) struct WeakSession {
    inner: Weak<Inner>,
}

impl WeakSession {
    pub(crate) fn upgrade(&self) -> Option<Session> {
        self.inner.upgrade().map(|inner| Session { inner })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { backend, language, .. } = self.inner.as_ref();
        formatter
            .debug_struct("Session")
            .field("backend", backend)
            .field("language", &language.name)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Starts to describe a session on this backend.
    pub fn builder_on(backend: Arc<dyn Backend>, language: impl Into<Arc<LanguageSpec>>) -> SessionBuilder {
        SessionBuilder::new(language).backend(backend)
    }

    /// Runs a program text, or a [`Run`], and waits for its result. Dropping the future kills the run.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a run that cannot be; else what [`RunHandle::wait`] says.
    pub async fn run(&self, run: impl Into<Run>) -> Result<RunResult, Error> {
        self.start(run).await?.wait().await
    }

    /// Starts a run to be followed live.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a run that cannot be; [`Error::Closed`], [`Error::SandboxDied`] or
    /// [`Error::AgentMisbehaved`] where the session is over.
    pub async fn start(&self, run: impl Into<Run>) -> Result<RunHandle, Error> {
        run::start(self, run.into()).await
    }

    /// Keeps what the sandbox's files are now as an image of this name, `NAME:TAG`, for later sandboxes to be made of; its
    /// id. Nothing of the session itself is kept but variables and labels that were given as options of the container: a
    /// container of that image starts as one of the image before it would. Files in memory or in what is mounted are not in
    /// it. Runs that go on stand still meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for what is no such name, or the name of an image that is there; [`Error::Unsupported`] on
    /// backends without images; [`Error::Backend`] where the engine refuses; [`Error::Closed`] after closing.
    pub async fn commit(&self, name: &str) -> Result<String, Error> {
        let _busy = self.connection()?.pulse().busy();
        self.inner.sandbox.commit(name).await
    }

    /// Destroys the sandbox and all runs in it; when it returns nothing is left. Closing twice is closing once.
    ///
    /// In a process that [attached](Session::attach) to the session this only hangs up.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] where something could not be removed; closing again tries again.
    pub async fn close(&self) -> Result<(), Error> {
        self.inner.closed.store(true, Ordering::Release);
        if self.inner.owner.is_some() {
            // Runs that go on are to have all that they were given.
            let _ = tokio::time::timeout(FLUSH_PATIENCE, self.inner.connection.flush()).await;
        }
        self.inner.connection.end(Fate::Closed);
        self.inner.shares.remove();
        if self.inner.owner.is_some() {
            self.inner.connection.hang_up();
        }
        destroy(self.inner.sandbox.as_ref(), self.inner.driver()).await
    }

    /// The language.
    pub fn language(&self) -> &LanguageSpec {
        &self.inner.language
    }

    /// The name of the backend.
    pub fn backend(&self) -> &str {
        &self.inner.backend
    }

    /// The working directory, by the path that the code sees. Relative paths stand below it.
    pub fn directory(&self) -> &Path {
        &self.inner.defaults.directory
    }

    /// The programs that compile and run code, as the sandbox has them: by path, or by name where its image is to find them.
    pub fn programs(&self) -> &[PathBuf] {
        &self.inner.programs
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.inner.defaults.limits
    }

    /// What the sandbox promises, and how firmly.
    pub fn capabilities(&self) -> &Capabilities {
        &self.inner.capabilities
    }

    /// What opening took, step by step.
    pub fn opening(&self) -> &[Step] {
        &self.inner.steps
    }

    /// Whether nothing can be run any more.
    pub fn is_over(&self) -> bool {
        self.connection().is_err()
    }

    pub(crate) fn downgrade(&self) -> WeakSession {
        WeakSession { inner: Arc::downgrade(&self.inner) }
    }

    /// Whether this process opened it.
    pub(crate) fn is_own(&self) -> bool {
        self.inner.owner.is_none()
    }

    pub(crate) fn runtime(&self) -> &Handle {
        &self.inner.runtime
    }

    fn all_runs(&self) -> &Arc<Runs> {
        &self.inner.runs
    }

    pub(crate) fn begin_run(&self, what: String) -> Arc<Record> {
        self.inner.runs.begin(what)
    }

    pub(crate) fn connection(&self) -> Result<&Connection, Error> {
        if self.inner.closed.load(Ordering::Acquire) {
            return Err(Error::Closed);
        }
        match self.inner.connection.fate() {
            Some(fate) => Err(fate.error()),
            None => Ok(&self.inner.connection),
        }
    }

    pub(crate) fn defaults(&self) -> &Defaults {
        &self.inner.defaults
    }

    /// What the caller gives to compilers and runtimes.
    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// Where runs compile to.
    pub(crate) fn builds(&self) -> &Builds {
        &self.inner.builds
    }

    pub(crate) fn image(&self) -> &ImageDefaults {
        &self.inner.image
    }

    pub(crate) fn interpreter_origin(&self) -> InterpreterOrigin {
        self.inner.origin
    }
}

/// Destroys a sandbox, unless that takes too long.
async fn destroy(sandbox: &dyn Sandbox, backend: &'static str) -> Result<(), Error> {
    match tokio::time::timeout(DESTROY_PATIENCE, sandbox.destroy()).await {
        Ok(destroyed) => destroyed,
        Err(_) => {
            let message = format!("it was not done within {DESTROY_PATIENCE:?}");
            Err(Error::backend(backend, "destroying the sandbox", message))
        }
    }
}
