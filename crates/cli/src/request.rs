//! What is to be done: read from the arguments, checked as far as that is this program's part.

use std::{ffi::OsString, sync::Arc};

use llm_sandbox::{Backend, Docker, Engine, Error, Guarantee, Run, Session, SessionBuilder};

use crate::{
    arguments::RunArguments,
    input::Input,
    limits,
    program::Origin,
    progress::ProgressLine,
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
    /// Where opening the session tells how it comes on.
    pub(crate) progress: Option<ProgressLine>,
}

impl Request {
    /// Reads the arguments, the program text and whether named files are there. Creates nothing.
    pub(crate) fn new(arguments: RunArguments) -> Result<Self, Error> {
        let origin = Origin::of(&arguments)?;
        let language = origin.language(arguments.language.as_ref())?;
        let mut builder = limits::name(Session::builder(language), limits::read(&arguments)?, &arguments);
        builder = builder.require(guarantees(&arguments.require)?);
        builder = builder.accept_weaker(guarantees(&arguments.accept_weaker)?);
        let progress = ProgressLine::begin(arguments.quiet);
        if let Some(backend) = backend(&arguments, progress.as_ref())? {
            builder = builder.backend(backend);
        }
        if let Some(isolation) = &arguments.isolation {
            builder = builder.isolation(text(isolation).parse()?);
        }
        builder = arguments.mount.iter().try_fold(builder, |builder, mount| shared::mount(builder, mount))?;
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
        Ok(Self { builder, run, input, copied, has_terminal: arguments.tty, progress })
    }
}

/// The backend that was named; an image stands for one that has images.
fn backend(arguments: &RunArguments, progress: Option<&ProgressLine>) -> Result<Option<Arc<dyn Backend>>, Error> {
    let name = arguments.backend.as_ref().map(text);
    let asked = match (&arguments.image, &arguments.dockerfile) {
        (Some(_), _) => Some("image"),
        (None, Some(_)) => Some("dockerfile"),
        (None, None) => None,
    };
    let engine = match (name.as_deref(), asked) {
        (Some("podman"), _) => Engine::Podman,
        (Some("docker"), _) => Engine::Docker,
        (None, None) => return Ok(None),
        (Some(name), None) => return llm_sandbox::backend(name).map(Some),
        (name, Some(asked)) => {
            let remedy = "name one that has images: --backend docker or --backend podman";
            let reason =
                format!("the {} has none", name.map_or("native backend".to_owned(), |name| format!("backend {name}")));
            return Err(Error::invalid(asked, reason).with_remedy(remedy));
        }
    };
    let mut docker = Docker::new(engine).keep_template(arguments.keep_template);
    if let Some(image) = &arguments.image {
        docker = docker.image(text(image));
    }
    if let Some(path) = &arguments.dockerfile {
        docker = docker.dockerfile(path);
    }
    if let Some(progress) = progress.cloned() {
        docker = docker.on_progress(move |image| progress.show(image));
    }
    Ok(Some(Arc::new(docker)))
}

fn guarantees(words: &[OsString]) -> Result<Vec<Guarantee>, Error> {
    words.iter().map(|word| text(word).parse()).collect()
}
