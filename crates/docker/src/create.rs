use std::time::{Duration, Instant};

use bollard::{
    Docker as Client, body_full,
    errors::Error as EngineError,
    models::{ContainerCreateBody, ContainerCreateResponse},
    query_parameters::{
        AttachContainerOptionsBuilder, CreateContainerOptions, StartContainerOptions, UploadToContainerOptionsBuilder,
    },
};
use llm_sandbox_agent_bytes::{Platform, for_platform};
use llm_sandbox_core::{Created, Error, Sandbox, SandboxSpec, Step};
use tokio::sync::oneshot;

use crate::{
    Docker, Engine, archive,
    container::{AGENT_DIRECTORY, body, parameters},
    docker::check,
    engine::{Connection, Facts},
    guest,
    image::{Image, Images},
    image_defaults::image_defaults,
    limits, promises,
    sandbox::Container,
    stream::Attached,
    trouble::{failed, is_missing},
};

impl Docker {
    pub(crate) async fn create_container(&self, spec: &SandboxSpec) -> Result<Created, Error> {
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
        let (mut container, warnings) = self.create_from_image((&client, &facts), spec, &mut image).await?;
        container.holds(image.template);
        let id = container.id();
        steps.done("create");
        self.options.check_warnings(self.engine, &warnings)?;
        let place = UploadToContainerOptionsBuilder::default().path(AGENT_DIRECTORY).build();
        let archive = body_full(archive::of_program(agent(self.engine)?).into());
        let (placed, found) = futures_util::join!(
            client.upload_to_container(id, Some(place), archive),
            client.inspect_container(id, None)
        );
        placed.map_err(at("put the agent in place"))?;
        let found = found.map_err(at("look at the container"))?;
        steps.done("agent");
        let streams =
            AttachContainerOptionsBuilder::default().stdin(true).stdout(true).stderr(true).stream(true).build();
        let streams = client.attach_container(id, Some(streams)).await.map_err(at("attach to the container"))?;
        client.start_container(id, None::<StartContainerOptions>).await.map_err(at("start the container"))?;
        steps.done("start");
        let variables = found.config.and_then(|config| config.env);
        let name = Some(image.name);
        let mut image = image_defaults(self.engine, variables, self.micromamba.as_deref());
        image.name = name;
        let given = self.options.environment.iter();
        image.environment.extend(given.map(|(name, value)| (name.into(), value.into())));
        let mounted = spec.mounts.iter().map(|mount| mount.source.as_path());
        let promised = limits::promised(promises::with_mounts(&self.options, mounted), &facts);
        Ok(Created {
            stream: Box::new(Attached::new(streams, container.line())),
            sandbox: Box::new(container) as Box<dyn Sandbox>,
            steps: steps.0,
            capabilities: promised,
            root: None,
            image,
        })
    }

    /// Creates a container, pulling its image first where that is absent.
    async fn create_from_image(
        &self,
        (client, facts): (&Client, &Facts),
        spec: &SandboxSpec,
        image: &mut Image,
    ) -> Result<(Container, Vec<String>), Error> {
        let create = || {
            let asked = limits::asked(body(self.engine, spec, &image.name, &self.options), facts);
            claimed((self.engine, client.clone()), parameters(&self.options), asked)
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

/// Creates a container. One that nobody waits for any more when the engine has made it is removed again: the engine makes it
/// whether or not somebody does.
async fn claimed(
    (engine, client): (Engine, Client),
    parameters: Option<CreateContainerOptions>,
    asked: ContainerCreateBody,
) -> Result<(Container, Vec<String>), EngineError> {
    let (made, awaited) = oneshot::channel();
    tokio::spawn(async move {
        let created = client.create_container(parameters, asked).await;
        let created =
            created.map(|ContainerCreateResponse { id, warnings }| (Container::new(engine, client, id), warnings));
        // Dropped where nobody takes it, which removes it.
        let _ = made.send(created);
    });
    // The task ends early only with its runtime.
    awaited.await.unwrap_or(Err(EngineError::RequestTimeoutError))
}

/// The program that serves inside.
pub(crate) fn agent(engine: Engine) -> Result<&'static [u8], Error> {
    for_platform(Platform::HERE)
        .ok_or_else(|| Error::backend(engine.name(), "put the agent in place", "there is none for this platform"))
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
