use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use bollard::{
    Docker as Client, body_full,
    models::ContainerCreateResponse,
    query_parameters::{AttachContainerOptionsBuilder, StartContainerOptions, UploadToContainerOptionsBuilder},
};
use llm_sandbox_agent_bytes::{Platform, for_platform};
use llm_sandbox_core::{
    Backend, BoxFuture, Capabilities, Created, Error, InterpreterOrigin, Isolation, Sandbox, SandboxSpec, Step,
};

use crate::{
    ContainerOptions, Engine, TlsFiles, archive,
    container::{AGENT_DIRECTORY, body, parameters},
    engine::{Connection, Facts, Given, Known},
    guest,
    image::{Choice, Image, ImageProgress, Images},
    image_defaults::image_defaults,
    limits, promises,
    sandbox::Container,
    stream::{Attached, Line},
    trouble::{failed, is_missing},
};

/// The image with micromamba in it.
const MICROMAMBA_IMAGE: &str = "mambaorg/micromamba:latest";

/// The backend whose sandboxes are containers.
#[derive(Debug, Clone)]
pub struct Docker {
    pub(crate) engine: Engine,
    pub(crate) given: Given,
    pub(crate) known: Known,
    images: Images,
    /// One that is there already.
    container: Option<String>,
    /// The environment that everything runs inside.
    micromamba: Option<String>,
    options: ContainerOptions,
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
    /// started where it is stopped, and left as it was: what the code has put outside the working directory and its home
    /// stays, of these only what was there before. Code runs as the container's own user, as an unprivileged one where
    /// that is root. Image and read-only root are the container's.
    ///
    /// Sessions in the same container share its files. Its network, mounts and limits are its own, and
    /// [`capabilities`](llm_sandbox_core::Session::capabilities) say what of them holds.
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

    async fn create_container(&self, spec: &SandboxSpec) -> Result<Created, Error> {
        check(spec.isolation)?;
        self.options.check(self.engine)?;
        self.options.check_session(spec)?;
        let at = |step: &'static str| move |error| failed(self.engine, step, &error);
        let mut steps = Steps::begin();
        let Connection { client, facts } = self.engine.connect(&self.given, &self.known).await?;
        steps.done("connect");
        if let Some(container) = &self.container {
            let within = (container.as_str(), self.micromamba.as_deref());
            return guest::move_in(self.engine, client, (within, &self.options), spec, steps).await;
        }
        let place = self.given.address.as_deref().unwrap_or_default();
        let mut image = self.images.prepare((self.engine, place), &client, spec.language).await?;
        steps.done("image");
        let created = self.create_from_image((&client, &facts), spec, &mut image).await?;
        let ContainerCreateResponse { id, warnings } = created;
        let line = Line::default();
        // From here on it is removed where anything fails.
        let container = Container::new(self.engine, client.clone(), id.clone(), line.clone(), image.template);
        steps.done("create");
        self.options.check_warnings(self.engine, &warnings)?;
        let place = UploadToContainerOptionsBuilder::default().path(AGENT_DIRECTORY).build();
        let archive = body_full(archive::of_program(agent(self.engine)?).into());
        let (placed, found) = futures_util::join!(
            client.upload_to_container(&id, Some(place), archive),
            client.inspect_container(&id, None)
        );
        placed.map_err(at("put the agent in place"))?;
        let found = found.map_err(at("look at the container"))?;
        steps.done("agent");
        let streams =
            AttachContainerOptionsBuilder::default().stdin(true).stdout(true).stderr(true).stream(true).build();
        let streams = client.attach_container(&id, Some(streams)).await.map_err(at("attach to the container"))?;
        client.start_container(&id, None::<StartContainerOptions>).await.map_err(at("start the container"))?;
        steps.done("start");
        Ok(Created {
            stream: Box::new(Attached::new(streams, &line)),
            sandbox: Box::new(container) as Box<dyn Sandbox>,
            steps: steps.0,
            capabilities: limits::promised(promises::all(&self.options), &facts),
            root: None,
            image: image_defaults(found.config.and_then(|config| config.env), self.micromamba.as_deref()),
        })
    }

    /// Creates a container, pulling its image first where that is absent.
    async fn create_from_image(
        &self,
        (client, facts): (&Client, &Facts),
        spec: &SandboxSpec,
        image: &mut Image,
    ) -> Result<ContainerCreateResponse, Error> {
        let create = || {
            let asked = limits::asked(body(self.engine, spec, &image.name, &self.options), facts);
            client.create_container(parameters(&self.options), asked)
        };
        let mut created = create().await;
        if created.as_ref().is_err_and(is_missing) && image.template.is_none() {
            let platform = self.options.platform.as_deref();
            self.images.pull(self.engine, client, (&image.name, platform)).await?;
            created = create().await;
            if created.as_ref().is_err_and(is_missing) {
                return Err(Images::came_to_nothing(&image.name));
            }
        }
        match (created, &mut image.template) {
            (Ok(created), _) => Ok(created),
            (Err(error), template) => {
                if let Some(template) = template {
                    // The first failure is the one to tell.
                    let _ = template.release().await;
                }
                Err(failed(self.engine, "create the container", &error))
            }
        }
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

/// The program that serves inside.
pub(crate) fn agent(engine: Engine) -> Result<&'static [u8], Error> {
    for_platform(Platform::HERE)
        .ok_or_else(|| Error::backend(engine.name(), "put the agent in place", "there is none for this platform"))
}

fn check(isolation: Isolation) -> Result<(), Error> {
    match isolation {
        Isolation::Full => Ok(()),
        less => Err(Error::Unsupported {
            operation: format!("the isolation {less}"),
            reason: "containers have namespaces".to_owned(),
            remedy: Some("leave the isolation as it is".to_owned()),
        }),
    }
}

/// What creating a container took, step by step.
pub(crate) struct Steps(pub(crate) Vec<Step>, Instant);

impl Steps {
    fn begin() -> Self {
        Self(Vec::new(), Instant::now())
    }

    pub(crate) fn done(&mut self, name: &str) {
        let duration: Duration = self.1.elapsed();
        self.0.push(Step { name: name.to_owned(), duration });
        self.1 = Instant::now();
    }
}
