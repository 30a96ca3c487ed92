use std::{
    ffi::OsString,
    fmt,
    marker::PhantomData,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use llm_sandbox_protocol::Hello;
use tokio::runtime::Handle;

use super::{
    Builds, Defaults, Guard, Inner, Lifetime, Options, Session, Shares, checks, destroy, identity::Identity,
    lifetime::Keeping,
};
use crate::{
    Access, Backend, Created, Error, Guarantee, InterpreterOrigin, Isolation, LanguageSpec, Limits, Mount, Sandbox,
    SandboxSpec,
    connection::Connection,
    input,
    language::{self, Toolchain},
    run::Deadline,
};

/// How an agent leaves nothing of a run alive where the backend could not tell whether its kernel lets it.
const TREES_KILLED: &str =
    "Landlock: a run's first process may signal the run and nobody else, and kills all of it at once";

/// Describes a session to be opened. Nothing is checked before [`SessionBuilder::open`].
///
/// `S` is what opening gives: a [`Session`], or what a crate above wraps around one.
pub struct SessionBuilder<S = Session> {
    language: Arc<LanguageSpec>,
    options: Options,
    backend: Option<Arc<dyn Backend>>,
    spec: SandboxSpec,
    environment: Vec<(OsString, OsString)>,
    interpreter: Option<PathBuf>,
    wall_time: Deadline,
    /// What enforces the limits that were named.
    named: Vec<Guarantee>,
    accepted: Vec<Guarantee>,
    pub(super) guard: Guard,
    pub(super) keeping: Keeping,
    opens: PhantomData<fn() -> S>,
}

impl<S> Clone for SessionBuilder<S> {
    fn clone(&self) -> Self {
        Self {
            language: Arc::clone(&self.language),
            options: self.options.clone(),
            backend: self.backend.clone(),
            spec: self.spec.clone(),
            environment: self.environment.clone(),
            interpreter: self.interpreter.clone(),
            wall_time: self.wall_time,
            named: self.named.clone(),
            accepted: self.accepted.clone(),
            guard: self.guard.clone(),
            keeping: self.keeping.clone(),
            opens: PhantomData,
        }
    }
}

impl<S> fmt::Debug for SessionBuilder<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { language, spec, .. } = self;
        formatter
            .debug_struct("SessionBuilder")
            .field("language", &language.name)
            .field("spec", spec)
            .finish_non_exhaustive()
    }
}

impl<S> SessionBuilder<S> {
    /// Starts with the defaults: 512 MiB of memory, 1 CPU, 128 processes, 256 MiB of disk, 60 seconds a run and 8 MiB
    /// of each output stream.
    pub fn new(language: impl Into<Arc<LanguageSpec>>) -> Self {
        Self {
            language: language.into(),
            options: Options::default(),
            backend: None,
            spec: SandboxSpec::default(),
            environment: Vec::new(),
            interpreter: None,
            wall_time: Deadline::Inherited,
            named: Vec::new(),
            accepted: Vec::new(),
            guard: Guard::default(),
            keeping: Keeping::default(),
            opens: PhantomData,
        }
    }

    /// Opens on this backend.
    #[must_use]
    pub fn backend(mut self, backend: Arc<dyn Backend>) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Takes all limits at once.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.spec.limits = limits;
        self
    }

    /// Limits the memory of all runs together, in mebibytes.
    #[must_use]
    pub fn memory_mib(mut self, mebibytes: u64) -> Self {
        self.named.push(Guarantee::MemoryLimit);
        self.spec.limits.memory_bytes = mebibytes.saturating_mul(1 << 20);
        self
    }

    /// Limits the memory of all runs together, in bytes.
    #[must_use]
    pub fn memory_bytes(mut self, bytes: u64) -> Self {
        self.named.push(Guarantee::MemoryLimit);
        self.spec.limits.memory_bytes = bytes;
        self
    }

    /// Limits the processors, in whole ones and fractions.
    #[must_use]
    pub fn cpus(mut self, cpus: f64) -> Self {
        self.named.push(Guarantee::CpuLimit);
        self.spec.limits.cpus = cpus;
        self
    }

    /// Limits processes and threads.
    #[must_use]
    pub fn processes(mut self, processes: u32) -> Self {
        self.named.push(Guarantee::ProcessLimit);
        self.spec.limits.processes = processes;
        self
    }

    /// Limits all written files together, in mebibytes.
    #[must_use]
    pub fn disk_mib(mut self, mebibytes: u64) -> Self {
        self.named.push(Guarantee::DiskLimit);
        self.spec.limits.disk_bytes = mebibytes.saturating_mul(1 << 20);
        self
    }

    /// Limits all written files together, in bytes.
    #[must_use]
    pub fn disk_bytes(mut self, bytes: u64) -> Self {
        self.named.push(Guarantee::DiskLimit);
        self.spec.limits.disk_bytes = bytes;
        self
    }

    /// Limits the largest single file, in bytes.
    #[must_use]
    pub fn file_size_bytes(mut self, bytes: u64) -> Self {
        self.spec.limits.file_size_bytes = Some(bytes);
        self
    }

    /// Limits the open descriptors of one process.
    #[must_use]
    pub fn open_files(mut self, files: u64) -> Self {
        self.spec.limits.open_files = Some(files);
        self
    }

    /// Kills a run's whole tree so long after its start. Zero is a deadline.
    #[must_use]
    pub fn timeout(mut self, deadline: Duration) -> Self {
        self.wall_time = Deadline::After(deadline);
        self
    }

    /// The same in seconds; negative and endless ones are refused when the session opens.
    #[must_use]
    pub fn timeout_seconds(mut self, seconds: f64) -> Self {
        self.wall_time = Deadline::Seconds(seconds);
        self
    }

    /// Lets runs take as long as they like.
    #[must_use]
    pub fn no_timeout(mut self) -> Self {
        self.wall_time = Deadline::Never;
        self
    }

    /// Kills a run's whole tree once it has used so much CPU time.
    #[must_use]
    pub fn cpu_time(mut self, limit: Duration) -> Self {
        self.spec.limits.cpu_time = Some(limit);
        self
    }

    /// Keeps so many bytes of each output stream, head and tail.
    #[must_use]
    pub fn output_limit(mut self, bytes: u64) -> Self {
        self.spec.limits.output_bytes = Some(bytes);
        self
    }

    /// Streams all output of runs as events. Results still keep only head and tail.
    #[must_use]
    pub fn unlimited_output(mut self) -> Self {
        self.spec.limits.output_bytes = None;
        self
    }

    /// Sets an environment variable of every run.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Works in another directory than `/sandbox`.
    #[must_use]
    pub fn directory(mut self, path: impl AsRef<Path>) -> Self {
        self.spec.directory = path.as_ref().to_owned();
        self
    }

    /// Shows a host file or directory inside.
    #[must_use]
    pub fn mount(mut self, source: impl AsRef<Path>, target: impl AsRef<Path>, access: Access) -> Self {
        let (source, target) = (source.as_ref().to_owned(), target.as_ref().to_owned());
        self.spec.mounts.push(Mount { source, target, access });
        self
    }

    /// Keeps the code apart from the host by less than all that the backend has. On a host that forbids what the whole
    /// takes there is no other way, and this is never taken by itself.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.spec.isolation = isolation;
        self
    }

    /// Refuses to open where one of these does not hold against any code.
    ///
    /// Naming a limit requires what enforces it; [`accept_weaker`](Self::accept_weaker) takes that back.
    #[must_use]
    pub fn require(mut self, guarantees: impl IntoIterator<Item = Guarantee>) -> Self {
        self.spec.required.extend(guarantees);
        self
    }

    /// Takes these in a weaker form, too, although a limit was named that they enforce: how firmly they hold is told by
    /// [`Session::capabilities`].
    #[must_use]
    pub fn accept_weaker(mut self, guarantees: impl IntoIterator<Item = Guarantee>) -> Self {
        self.accepted.extend(guarantees);
        self
    }

    /// Gives these to the compiler of every program, such as `-std=c++17`; without one it is an error.
    #[must_use]
    pub fn compiler_options(mut self, options: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.options.compiler.extend(options.into_iter().map(Into::into));
        self
    }

    /// Gives these to the runtime of every program, before its file, such as `-Xss4m` or `-W error`; where programs run by
    /// themselves it is an error.
    #[must_use]
    pub fn runtime_options(mut self, options: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.options.runtime.extend(options.into_iter().map(Into::into));
        self
    }

    /// Runs code by this interpreter of the host, or of the image where the backend uses images: the first of the
    /// language's tools.
    #[must_use]
    pub fn interpreter(mut self, path: impl AsRef<Path>) -> Self {
        self.interpreter = Some(path.as_ref().to_owned());
        self
    }

    /// The same with another language, or all other limits. An interpreter and options that were
    /// named are for their own language only.
    pub(crate) fn for_job(mut self, language: Option<Arc<LanguageSpec>>, limits: Option<Limits>) -> Self {
        if let Some(language) = language.filter(|language| *language != self.language) {
            self.language = language;
            self.options = Options::default();
            self.interpreter = None;
        }
        if let Some(limits) = limits {
            self.spec.limits = limits;
            self.wall_time = Deadline::Inherited;
        }
        self
    }

    fn check(&mut self) -> Result<(), Error> {
        self.spec.limits.wall_time = self.wall_time.resolve("timeout", self.spec.limits.wall_time)?;
        checks::limits(&self.spec.limits)?;
        self.keeping.check()?;
        self.settle_required();
        self.spec.directory = input::inside_directory("working directory", &self.spec.directory, &checks::SYSTEM)?;
        let mounts = self.spec.mounts.iter().map(|mount| checks::mount(mount, &self.spec.directory));
        self.spec.mounts = mounts.collect::<Result<_, _>>()?;
        self.language.check()?;
        checks::options(&self.language, &self.options)?;
        self.guard.settle(&self.language)?;
        self.environment.iter().try_for_each(|(name, value)| input::variable(name, value))
    }

    /// What must hold: what was required, and what enforces a limit that was named.
    fn settle_required(&mut self) {
        self.named.extend(checks::unusual_limits(&self.spec.limits));
        self.named.retain(|named| !self.accepted.contains(named));
        self.spec.required.append(&mut self.named);
        self.spec.required.sort_unstable();
        self.spec.required.dedup();
    }

    pub(crate) async fn open_session(mut self) -> Result<Session, Error> {
        self.check()?;
        let Some(backend) = self.backend else {
            return Err(Error::Unsupported {
                operation: "opening a session without a backend".to_owned(),
                reason: "this platform has no default one".to_owned(),
                remedy: Some("choose one by backend()".to_owned()),
            });
        };
        let origin = backend.interpreters();
        let Toolchain { programs, shown, environment } = toolchain(origin, &self.language, self.interpreter).await?;
        self.spec.toolchains = shown;
        self.environment.splice(0..0, environment);
        self.spec.image.clone_from(&self.language.image);
        let identity = Identity::new(std::mem::take(&mut self.keeping.labels))?;
        (self.spec.id, self.spec.labels) = (identity.id.clone(), identity.labels.clone());
        self.spec.deadline = self.keeping.deadline();
        let Created { stream, sandbox, steps, mut capabilities, root, image } = backend.create(&self.spec).await?;
        let sandbox: Arc<dyn Sandbox> = Arc::from(sandbox);
        let connection = match Connection::connect(stream, Arc::clone(&sandbox), None).await {
            Ok(connection) => connection,
            Err(error) => {
                // The first failure is the one to tell; dropping the sandbox destroys it once more.
                let _ = destroy(sandbox.as_ref(), backend.name()).await;
                return Err(error);
            }
        };
        if connection.has(Hello::KILLS_WHOLE_TREES) {
            capabilities.confirm(Guarantee::TreeKill, TREES_KILLED);
        }
        if let Err(error) = capabilities.require(&self.spec.required) {
            destroy(sandbox.as_ref(), backend.name()).await?;
            return Err(error);
        }
        let SandboxSpec { limits, directory, .. } = self.spec;
        let inner = Arc::new(Inner {
            connection,
            sandbox,
            closed: AtomicBool::new(false),
            backend: backend.name().into(),
            origin,
            language: self.language,
            guard: self.guard,
            programs,
            options: self.options,
            builds: Builds::default(),
            defaults: Defaults::new(limits, self.environment, &directory, root.as_deref()),
            image,
            steps,
            capabilities,
            identity,
            opened: Instant::now(),
            runs: Arc::default(),
            lifetime: Lifetime::begin(&self.keeping),
            runtime: Handle::current(),
            shares: Shares::default(),
            owner: None,
        });
        Lifetime::enforce(&inner);
        Ok(Session { inner })
    }
}

impl<S: From<Session>> SessionBuilder<S> {
    /// Checks everything, creates the sandbox and greets its agent. Dropping the future leaves nothing.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a value that cannot be used, [`Error::InterpreterMissing`] where the host has no
    /// interpreter, [`Error::Unsupported`] and [`Error::Backend`] where the backend cannot, [`Error::SandboxDied`] and
    /// [`Error::AgentMisbehaved`] where the agent does not answer as it must. Nothing is left then.
    pub async fn open(self) -> Result<S, Error> {
        self.open_session().await.map(S::from)
    }
}

async fn toolchain(
    origin: InterpreterOrigin,
    language: &Arc<LanguageSpec>,
    given: Option<PathBuf>,
) -> Result<Toolchain, Error> {
    match origin {
        InterpreterOrigin::Image => {
            let mut programs: Vec<_> = language.tools.iter().map(|tool| PathBuf::from(&tool.programs[0])).collect();
            if let (Some(first), Some(given)) = (programs.first_mut(), given) {
                *first = given;
            }
            Ok(Toolchain { programs, shown: Vec::new(), environment: Vec::new() })
        }
        InterpreterOrigin::Host => {
            let language = Arc::clone(language);
            let found = tokio::task::spawn_blocking(move || language::find(&language, given.as_deref())).await;
            found.unwrap_or_else(|error| Err(Error::invalid("interpreter", error.to_string())))
        }
    }
}
