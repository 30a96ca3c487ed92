use std::path::PathBuf;

use llm_sandbox_core::{Backend, BoxFuture, Capabilities, Created, Error, InterpreterOrigin, Isolation, SandboxSpec};

use crate::{
    ContainerOptions, Engine, TlsFiles,
    engine::{Connection, Given, Known},
    image::{Choice, ImageProgress, Images},
    limits, promises,
};

/// The image with micromamba in it.
const MICROMAMBA_IMAGE: &str = "mambaorg/micromamba:latest";

/// The backend whose sandboxes are containers.
#[derive(Debug, Clone)]
pub struct Docker {
    pub(crate) engine: Engine,
    pub(crate) given: Given,
    pub(crate) known: Known,
    pub(crate) images: Images,
    /// One that is there already.
    pub(crate) container: Option<String>,
    /// The environment that everything runs inside.
    pub(crate) micromamba: Option<String>,
    pub(crate) options: ContainerOptions,
}

impl Docker {
    /// The backend; nothing is connected to yet.
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            given: Given::default(),
            known: Known::default(),
            images: Images::default(),
            container: None,
            micromamba: None,
            options: ContainerOptions::default(),
        }
    }

    /// Says where the engine listens, whatever its variables and its client's configuration say:
    /// `unix:///path/to/the/socket`, `tcp://host:port`, which anybody on the way can read and change without
    /// [`tls`](Self::tls), or `https://host:port` with it. It is looked at when the first session opens.
    #[must_use]
    pub fn address(mut self, address: impl Into<String>) -> Self {
        self.given.address = Some(address.into());
        self
    }

    /// Speaks TLS to the engine at the [`address`](Self::address).
    #[must_use]
    pub fn tls(mut self, files: TlsFiles) -> Self {
        self.given.tls = Some(files);
        self
    }

    /// Makes sandboxes of another image than the default one of the session's language. It needs nothing but the language's
    /// interpreter. Where it is not here it is pulled, with the credentials that the engine's own client would use. A file
    /// of those that is broken is an error, whether they would be needed or not.
    #[must_use]
    pub fn image(mut self, image: impl Into<String>) -> Self {
        self.images.choice = Choice::Named(image.into());
        self
    }

    /// Makes sandboxes of an image that is built of this file, with its directory as the context: all but what a
    /// `.dockerignore` there names. The image is named after all that is in it, `llm-sandbox-build:…`, so that it is built
    /// once; sessions that are open at once share it.
    ///
    /// The engine runs the file's steps outside of any sandbox and with its network: it has to be one that is trusted. It
    /// builds in its classic way, without `RUN --mount`.
    #[must_use]
    pub fn dockerfile(mut self, path: impl Into<PathBuf>) -> Self {
        self.images.choice = Choice::Built(path.into());
        self
    }

    /// Whether an image that was built stays when the last session of this process on it closes. Unless this says so it is
    /// removed, but never one that was there before. Of a process that is killed the image stays.
    #[must_use]
    pub fn keep_template(mut self, keep: bool) -> Self {
        self.images.keep = keep;
        self
    }

    /// Is told how pulling and building come on, often and from threads of its own; it should not take long.
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(&ImageProgress) + Send + Sync + 'static) -> Self {
        self.images.listen(listener);
        self
    }

    /// Takes all options of the container at once, in the place of what [`Docker::user`] and [`Docker::read_only`] set
    /// before. Opening refuses those that do not go together, and those that this engine would drop.
    #[must_use]
    pub fn options(mut self, options: ContainerOptions) -> Self {
        self.options = options;
        self
    }

    /// Has sessions live in a container that is there, by its id or name, in the place of one that is made for them. It is
    /// started where it is stopped, and left as it was: the working directory and the code's home go where they were not
    /// there before; what the code has put elsewhere stays. Code runs as the container's own user, as an unprivileged one
    /// where that is root. It sees the variables of the image and not those that the container's maker added, which may be
    /// secrets. Image and root are the container's, and of the options only `user`, `environment` and `working_dir` can be
    /// given.
    ///
    /// Sessions in the same container share its files, and directories that are still shared when one closes stay. Its
    /// network, mounts and limits are its own, and [`capabilities`](llm_sandbox_core::Session::capabilities) say what of
    /// them holds.
    #[must_use]
    pub fn container(mut self, id: impl Into<String>) -> Self {
        self.container = Some(id.into());
        self
    }

    /// Runs every program inside this environment of micromamba's, such as `base`, in an image that has it:
    /// `mambaorg/micromamba` unless another is named after this.
    #[must_use]
    pub fn micromamba(mut self, environment: impl Into<String>) -> Self {
        self.micromamba = Some(environment.into());
        self.image(MICROMAMBA_IMAGE)
    }

    /// Starts the container as this user and group, which agent and code then share: for engines or policies that allow no
    /// root. Root is obeyed, too, and then is the code's user.
    #[must_use]
    pub fn user(mut self, user: u32, group: u32) -> Self {
        self.options.user = Some((user, group));
        self
    }

    /// Lets nobody write to the container's root; the working directory, the code's home and `/tmp` lie in memory.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.options.read_only = true;
        self
    }
}

impl Backend for Docker {
    fn name(&self) -> &'static str {
        if self.micromamba.is_some() { "micromamba" } else { self.engine.name() }
    }

    fn interpreters(&self) -> InterpreterOrigin {
        InterpreterOrigin::Image
    }

    /// Whether the engine answers; which image is used makes no difference, so none is pulled to find out.
    fn capabilities(&self, isolation: Isolation) -> BoxFuture<'_, Result<Capabilities, Error>> {
        Box::pin(async move {
            check(isolation)?;
            self.options.check(self.engine)?;
            let Connection { facts, .. } = self.engine.connect(&self.given, &self.known).await?;
            Ok(limits::promised(promises::all(&self.options), &facts))
        })
    }

    fn create<'a>(&'a self, spec: &'a SandboxSpec) -> BoxFuture<'a, Result<Created, Error>> {
        Box::pin(self.create_container(spec))
    }
}

pub(crate) fn check(isolation: Isolation) -> Result<(), Error> {
    match isolation {
        Isolation::Full => Ok(()),
        less => Err(Error::Unsupported {
            operation: format!("the isolation {less}"),
            reason: "containers have namespaces".to_owned(),
            remedy: Some("leave the isolation as it is".to_owned()),
        }),
    }
}
