use std::time::Duration;

use bollard::{
    Docker as Client, body_full,
    container::AttachContainerResults,
    errors::Error as EngineError,
    exec::{CreateExecOptions, StartExecResults},
    query_parameters::{StartContainerOptions, UploadToContainerOptionsBuilder},
};
use llm_sandbox_core::{Created, Error, ImageDefaults, Sandbox, SandboxSpec};
use tokio::{io::AsyncWriteExt, sync::Mutex, time::timeout};

use super::{host::Host, sandbox::Guest};
use crate::{
    ContainerOptions, Engine, archive,
    container::USER,
    create::{Steps, agent},
    image_defaults::image_defaults,
    stream::{Attached, Line},
    trouble::{failed, is_missing, status},
};

/// How long an agent may take to come in.
const ENTERING: Duration = Duration::from_secs(30);

/// What has a shell receive the agent and become it.
const BOOTSTRAP: &str = include_str!("bootstrap.sh");

/// Has an agent serve in a container that is there.
pub(crate) async fn move_in(
    engine: Engine,
    client: Client,
    ((container, micromamba), options): ((&str, Option<&str>), &ContainerOptions),
    spec: &SandboxSpec,
    mut steps: Steps,
) -> Result<Created, Error> {
    check(options)?;
    let at = |step: &'static str| move |error: EngineError| failed(engine, step, &error);
    let found = client.inspect_container(container, None).await.map_err(|error| match is_missing(&error) {
        true => Error::backend(engine.name(), "find the container", format!("there is no container {container:?}"))
            .with_remedy(format!("{} ps -a lists those that there are", engine.name())),
        false => failed(engine, "find the container", &error),
    })?;
    let host = Host::new(found);
    if host.is_paused {
        let words = format!("the container {container:?} is paused");
        return Err(Error::backend(engine.name(), "enter the container", words)
            .with_remedy(format!("resume it first: {} unpause {container}", engine.name())));
    }
    let started = (!host.is_running).then_some(host.stop_patience);
    // From here on it is left, and stopped again where it was started, if anything fails.
    let guest = Guest {
        engine,
        client: client.clone(),
        container: container.to_owned(),
        process: String::new(),
        line: Line::default(),
        started,
        is_gone: Mutex::new(false),
    };
    if started.is_some() {
        client.start_container(container, None::<StartContainerOptions>).await.map_err(at("start the container"))?;
    }
    steps.done("find");
    let variables = variables(&client, &host).await.map_err(at("look at its image"))?;
    let mut entrance = Entrance { stay: Stay::new(&host, options, spec), guest };
    let stream = match timeout(ENTERING, entrance.enter()).await.unwrap_or(Err(Refusal::Late)) {
        Ok(stream) => stream,
        // What does not come in may not leave either; dropping the guest sees to the rest.
        Err(Refusal::Late) => return Err(Refusal::Late.into_error(engine, container)),
        Err(refusal) => {
            // The first failure is the one to tell.
            let _ = entrance.guest.destroy().await;
            return Err(refusal.into_error(engine, container));
        }
    };
    steps.done("enter");
    Ok(Created {
        stream: Box::new(stream),
        sandbox: Box::new(entrance.guest) as Box<dyn Sandbox>,
        steps: steps.0,
        capabilities: host.promises(entrance.stay.is_shared),
        root: None,
        image: ImageDefaults { name: host.image_name, ..image_defaults(engine, Some(variables), micromamba) },
    })
}

/// What its image gives every program; of its maker's own variables, which may be secrets, only where programs are found.
async fn variables(client: &Client, host: &Host) -> Result<Vec<String>, EngineError> {
    let image = client.inspect_image(&host.image).await?.config.unwrap_or_default().env.unwrap_or_default();
    let path = host.variables.iter().flatten().filter(|variable| variable.starts_with("PATH="));
    Ok(image.into_iter().chain(path.cloned()).collect())
}

/// Refuses what only a container can have that is made for a session.
fn check(options: &ContainerOptions) -> Result<(), Error> {
    let ContainerOptions { user, environment, working_dir, .. } = options.clone();
    let applicable = ContainerOptions { user, environment, working_dir, ..ContainerOptions::default() };
    if *options == applicable {
        return Ok(());
    }
    let remedy = "leave all out but user, environment and working_dir, or name an image in the place of the container";
    Err(Error::invalid("container options", "the container is there already, with its own").with_remedy(remedy))
}

/// As whom the agent comes, and what it is told.
struct Stay {
    /// `None`: as the container's own user.
    agent: Option<String>,
    arguments: Vec<String>,
    is_shared: bool,
}

impl Stay {
    fn new(host: &Host, options: &ContainerOptions, spec: &SandboxSpec) -> Self {
        let (agent, code) = match (options.user, host.has_full_root()) {
            (Some((user, group)), _) => (Some(format!("{user}:{group}")), user.to_string()),
            (None, true) => (Some("0:0".to_owned()), host.own_user().map_or(USER.to_string(), str::to_owned)),
            (None, false) => (None, USER.to_string()),
        };
        let is_shared = agent.as_deref() != Some("0:0") || code == "0";
        let arguments = ["serve-as-guest".to_owned(), code, spec.directory.display().to_string()];
        Self { agent, arguments: arguments.to_vec(), is_shared }
    }
}

/// Why an agent did not get in.
enum Refusal {
    /// There is no shell, or none of the programs that it needs, with what was said of that.
    NoShell(String),
    Engine(&'static str, EngineError),
    Other(String),
    /// Nothing has come of it in time.
    Late,
}

impl Refusal {
    fn into_error(self, engine: Engine, container: &str) -> Error {
        let words = match self {
            Self::Engine(step, error) if status(&error) == Some(409) => {
                return failed(engine, step, &error)
                    .with_remedy("the container's own program must go on for as long as the session lives");
            }
            Self::Engine(step, error) => return failed(engine, step, &error),
            Self::NoShell(words) | Self::Other(words) => words,
            Self::Late => format!("it has not said a word within {ENTERING:?}"),
        };
        let remedy = "give the container /bin/sh with mkdir, chmod, head, wc and rm, a directory that files can be written to \
                      and executed in, and a working directory that its user can write to; or have a container made of \
                      its image";
        Error::backend(
            engine.name(),
            "enter the container",
            format!("no agent could be started in {container}: {words}"),
        )
        .with_remedy(remedy)
    }
}

/// How an agent gets in. Wherever it stops, the guest knows what is to be waited for.
struct Entrance {
    stay: Stay,
    guest: Guest,
}

impl Entrance {
    async fn enter(&mut self) -> Result<Attached, Refusal> {
        match self.by_shell().await {
            Err(Refusal::NoShell(_)) => self.by_archive().await,
            other => other,
        }
    }

    /// By the container's own shell, which needs no root that can be written to.
    async fn by_shell(&mut self) -> Result<Attached, Refusal> {
        let agent = self.agent()?;
        let shell = ["/bin/sh", "-c", BOOTSTRAP, "sh"].map(str::to_owned);
        let received = [agent.len().to_string(), directory_name()];
        let command = shell.into_iter().chain(received).chain(self.stay.arguments.iter().cloned());
        let stream = self.start(command.collect()).await?;
        let mut line = self.guest.line.clone();
        let sending = async {
            // Where this fails the shell has ended, or there is none.
            let _ = line.write_all(agent).await;
            let _ = line.flush().await;
            std::future::pending().await
        };
        tokio::select! {
            greeted = self.greet(stream) => greeted,
            never = sending => never,
        }
    }

    /// By the engine, which needs neither shell nor programs, but a root that can be written to.
    async fn by_archive(&mut self) -> Result<Attached, Refusal> {
        let directory = directory_name();
        let at = |error| Refusal::Engine("put the agent into the container", error);
        let place = UploadToContainerOptionsBuilder::default().path("/").build();
        let archive = archive::of_program_in(&directory, self.agent()?);
        self.guest
            .client
            .upload_to_container(&self.guest.container, Some(place), body_full(archive.into()))
            .await
            .map_err(at)?;
        let command =
            [format!("/{directory}/{}", archive::NAME)].into_iter().chain(self.stay.arguments.iter().cloned());
        let stream = self.start(command.collect()).await?;
        self.greet(stream).await
    }

    fn agent(&self) -> Result<&'static [u8], Refusal> {
        agent(self.guest.engine).map_err(|error| Refusal::Other(error.to_string()))
    }

    async fn start(&mut self, command: Vec<String>) -> Result<Attached, Refusal> {
        let at = |error| Refusal::Engine("start the agent", error);
        let process = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            cmd: Some(command),
            user: self.stay.agent.clone(),
            working_dir: Some("/".to_owned()),
            ..CreateExecOptions::default()
        };
        let Guest { client, container, .. } = &self.guest;
        self.guest.process = client.create_exec(container, process).await.map_err(at)?.id;
        match self.guest.client.start_exec(&self.guest.process, None).await {
            Ok(StartExecResults::Attached { output, input }) => {
                Ok(Attached::new(AttachContainerResults { output, input }, &self.guest.line))
            }
            Ok(StartExecResults::Detached) => Err(Refusal::Other("the engine gives no streams".to_owned())),
            Err(error) => Err(at(error)),
        }
    }

    /// Waits for the agent's first word: until then nothing may be sent, for shells' programs read ahead.
    async fn greet(&self, mut stream: Attached) -> Result<Attached, Refusal> {
        let end = match stream.hear().await {
            Ok(true) if stream.begins_like_an_agent() => return Ok(stream),
            Ok(true) => return Err(Refusal::NoShell(stream.rest())),
            Ok(false) => "it ended without a word".to_owned(),
            // Podman leaves so, too, where there is no such program.
            Err(error) => error.to_string(),
        };
        let status =
            self.guest.client.inspect_exec(&self.guest.process).await.ok().and_then(|process| process.exit_code);
        let words = self.guest.line.words().unwrap_or(end);
        // As shells and engines tell that there is no such program.
        Err(if matches!(status, Some(126 | 127)) { Refusal::NoShell(words) } else { Refusal::Other(words) })
    }
}

/// Of a directory that nobody else has made.
fn directory_name() -> String {
    let mut bytes = [0; 8];
    // Without randomness the name is one that was used before at worst, which the bootstrap notices.
    let _ = rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty());
    format!(".llm-sandbox-{:016x}", u64::from_ne_bytes(bytes))
}
