//! What is to be done: read from the arguments, checked as far as that is this program's part.

use std::ffi::OsString;

use llm_sandbox::{Error, Guarantee, Run, Session, SessionBuilder};

use crate::{
    arguments::RunArguments,
    engine,
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
        let container = engine::container_options(&arguments)?;
        let progress = ProgressLine::begin(arguments.quiet);
        if let Some(backend) = engine::backend(&arguments, &container, progress.as_ref())? {
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
        let copied = arguments.files.iter().map(|file| shared::copied(file, language));
        let copied: Vec<Copied> = copied.collect::<Result<_, _>>()?;
        let environment = arguments.env.iter().map(|variable| shared::variable(variable));
        let environment: Vec<_> = environment.collect::<Result<_, _>>()?;
        let sources = copied.iter().filter(|copied| copied.source.is_file());
        let sources: Vec<_> = sources.map(|copied| copied.target.clone()).collect();
        let input = Input::of(origin, arguments.stdin.as_deref())?;
        // Last, as it may wait for somebody to type.
        let mut run = Run::code(origin.read()?);
        for (name, value) in environment {
            builder = builder.env(name, value);
        }
        builder = container.apply_to(builder);
        if !input.is_empty() {
            run = run.stdin_stream();
        }
        if arguments.tty {
            let (rows, columns) = terminal::size();
            run = run.terminal(rows, columns);
        }
        run = sources.into_iter().fold(run, Run::with_source).args(arguments.arguments);
        Ok(Self { builder, run, input, copied, has_terminal: arguments.tty, progress })
    }
}

fn guarantees(words: &[OsString]) -> Result<Vec<Guarantee>, Error> {
    words.iter().map(|word| text(word).parse()).collect()
}
