//! What is to be done: read from the arguments, checked as far as that is this program's part.

use std::{ffi::OsString, sync::Arc};

use llm_sandbox::{Backend, Docker, Engine, Error, Guarantee, Run, Session, SessionBuilder};

use crate::{
    arguments::RunArguments,
    input::Input,
    limits,
    program::Origin,
    shared::{self, Copied},
    terminal, text,
};

/// A run in a session of its own.
#[derive(Debug)]
pub(crate) struct Request {
    /// The session; opening it checks the rest.
    pub(crate) builder: SessionBuilder,
    /// What runs in it.
    pub(crate) run: Run,
    /// What the run reads.
    pub(crate) input: Input,
    /// What is copied into the sandbox before.
    pub(crate) copied: Vec<Copied>,
    /// Whether the run has a terminal.
    pub(crate) has_terminal: bool,
}

impl Request {
    /// Reads the arguments, the program text and whether named files are there. Creates nothing.
    pub(crate) fn new(arguments: RunArguments) -> Result<Self, Error> {
        let origin = Origin::of(&arguments)?;
        let language = origin.language(arguments.language.as_ref())?;
        let mut builder = limits::name(Session::builder(language), limits::read(&arguments)?, &arguments);
        builder = builder.require(guarantees(&arguments.require)?);
        builder = builder.accept_weaker(guarantees(&arguments.accept_weaker)?);
        if let Some(backend) = backend(&arguments)? {
            builder = builder.backend(backend);
        }
        if let Some(isolation) = &arguments.isolation {
            builder = builder.isolation(text(isolation).parse()?);
        }
        for mount in &arguments.mount {
            builder = shared::mount(builder, mount)?;
        }
        if let Some(directory) = &arguments.workdir {
            builder = builder.directory(directory);
        }
        if let Some(interpreter) = &arguments.interpreter {
            builder = builder.interpreter(interpreter);
        }
        let copied = arguments.files.iter().map(|file| shared::copied(file, language)).collect::<Result<_, _>>()?;
        let environment = arguments.env.iter().map(|variable| shared::variable(variable));
        let environment: Vec<_> = environment.collect::<Result<_, _>>()?;
        let input = Input::of(origin, arguments.stdin.as_deref())?;
        // Last, as it may wait for somebody to type.
        let mut run = Run::code(origin.read()?);
        for (name, value) in environment {
            builder = builder.env(name, value);
        }
        if !input.is_empty() {
            run = run.stdin_stream();
        }
        if arguments.tty {
            let (rows, columns) = terminal::size();
            run = run.terminal(rows, columns);
        }
        run = run.args(arguments.arguments);
        Ok(Self { builder, run, input, copied, has_terminal: arguments.tty })
    }
}

/// The backend that was named; an image or a container stands for one that has such.
fn backend(arguments: &RunArguments) -> Result<Option<Arc<dyn Backend>>, Error> {
    let name = arguments.backend.as_ref().map(text);
    let engine = match name.as_deref() {
        Some("podman") => Engine::Podman,
        Some("docker" | "micromamba") => Engine::Docker,
        other => {
            let option = [
                ("image", &arguments.image),
                ("container", &arguments.container),
                ("environment", &arguments.environment),
            ];
            return match (option.into_iter().find(|(_, value)| value.is_some()), other) {
                (Some((option, _)), name) => {
                    let words = format!("the backend {} has none", name.unwrap_or("native"));
                    let remedy = "name one that has: --backend docker or --backend podman";
                    Err(Error::invalid(option, words).with_remedy(remedy))
                }
                (None, Some(name)) => llm_sandbox::backend(name).map(Some),
                (None, None) => Ok(None),
            };
        }
    };
    let mut docker = Docker::new(engine);
    match (name.as_deref(), &arguments.environment) {
        (Some("micromamba"), environment) => {
            docker = docker.micromamba(environment.as_ref().map_or("base".into(), text));
        }
        (_, Some(_)) => {
            let remedy = "name the backend that has environments: --backend micromamba";
            return Err(Error::invalid("environment", format!("{} has none", engine.name())).with_remedy(remedy));
        }
        _ => {}
    }
    if let Some(image) = &arguments.image {
        docker = docker.image(text(image));
    }
    if let Some(container) = &arguments.container {
        docker = docker.container(text(container));
    }
    Ok(Some(Arc::new(docker)))
}

fn guarantees(words: &[OsString]) -> Result<Vec<Guarantee>, Error> {
    words.iter().map(|word| text(word).parse()).collect()
}
