use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use bollard::{
    Docker as Client, body_full,
    query_parameters::{AttachContainerOptionsBuilder, StartContainerOptions, UploadToContainerOptionsBuilder},
};
use llm_sandbox_agent_bytes::{Platform, for_platform};
use llm_sandbox_core::{
    Backend, BoxFuture, Capabilities, Created, Error, InterpreterOrigin, Isolation, Sandbox, SandboxSpec, Step,
};

use crate::{
    Engine, archive,
    container::{AGENT_DIRECTORY, Options, body},
    image::{Choice, Image, ImageProgress, Images},
    promises,
    sandbox::Container,
    stream::{Attached, Words},
    trouble::{failed, is_missing},
};

/// The backend whose sandboxes are containers.
#[derive(Debug, Clone)]
pub struct Docker {
    engine: Engine,
    /// Its image is that of the sandbox to be created.
    options: Options,
    images: Images,
}

impl Docker {
    /// The backend; nothing is connected to yet.
    pub fn new(engine: Engine) -> Self {
        let options = Options { image: String::new(), user: None, read_only: false };
        Self { engine, options, images: Images::default() }
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
        let at = |step: &'static str| move |error| failed(self.engine, step, &error);
        let mut steps = Steps::begin();
        let client = self.engine.connect().await?;
        steps.done("connect");
        let mut image = self.images.prepare(self.engine, &client, spec.language).await?;
        steps.done("image");
        let id = self.create_from_image(&client, spec, &mut image).await?;
        let words = Words::default();
        // From here on it is removed where anything fails.
        let container = Container::new(self.engine, client.clone(), id.clone(), words.clone(), image.template);
        steps.done("create");
        let agent = for_platform(Platform::HERE).ok_or_else(|| {
            Error::backend(self.engine.name(), "put the agent in place", "there is none for this platform")
        })?;
        let place = UploadToContainerOptionsBuilder::default().path(AGENT_DIRECTORY).build();
        let archive = body_full(archive::of_program(agent).into());
        client.upload_to_container(&id, Some(place), archive).await.map_err(at("put the agent in place"))?;
        steps.done("agent");
        let streams =
            AttachContainerOptionsBuilder::default().stdin(true).stdout(true).stderr(true).stream(true).build();
        let streams = client.attach_container(&id, Some(streams)).await.map_err(at("attach to the container"))?;
        client.start_container(&id, None::<StartContainerOptions>).await.map_err(at("start the container"))?;
        steps.done("start");
        Ok(Created {
            stream: Box::new(Attached::new(streams, words)),
            sandbox: Box::new(container) as Box<dyn Sandbox>,
            steps: steps.0,
            capabilities: promises::all(&self.options),
            root: None,
        })
    }

    /// Creates a container, pulling its image first where that is absent.
    async fn create_from_image(&self, client: &Client, spec: &SandboxSpec, image: &mut Image) -> Result<String, Error> {
        let options = Options { image: image.name.clone(), ..self.options.clone() };
        let create = || client.create_container(None, body(spec, &options));
        let mut created = create().await;
        if created.as_ref().is_err_and(is_missing) && image.template.is_none() {
            self.images.pull(self.engine, client, &image.name).await?;
            created = create().await;
            if created.as_ref().is_err_and(is_missing) {
                return Err(Images::came_to_nothing(&image.name));
            }
        }
        match (created, &mut image.template) {
            (Ok(created), _) => Ok(created.id),
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
        self.engine.name()
    }

    fn interpreters(&self) -> InterpreterOrigin {
        InterpreterOrigin::Image
    }

    /// Whether the engine answers; which image is used makes no difference, so none is pulled to find out.
    fn capabilities(&self, isolation: Isolation) -> BoxFuture<'_, Result<Capabilities, Error>> {
        Box::pin(async move {
            check(isolation)?;
            self.engine.connect().await?;
            Ok(promises::all(&self.options))
        })
    }

    fn create<'a>(&'a self, spec: &'a SandboxSpec) -> BoxFuture<'a, Result<Created, Error>> {
        Box::pin(self.create_container(spec))
    }
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
struct Steps(Vec<Step>, Instant);

impl Steps {
    fn begin() -> Self {
        Self(Vec::new(), Instant::now())
    }

    fn done(&mut self, name: &str) {
        let duration: Duration = self.1.elapsed();
        self.0.push(Step { name: name.to_owned(), duration });
        self.1 = Instant::now();
    }
}
