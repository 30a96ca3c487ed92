//! The sandbox that the arguments describe.

use std::ffi::OsString;

use llm_sandbox::{Error, Guarantee, Language, Session, SessionBuilder};

use crate::{
    arguments::SandboxArguments,
    engine, limits,
    progress::ProgressLine,
    shared::{self, Copied},
    signals::Signals,
    text,
};

/// A session to be opened.
#[derive(Debug)]
pub(crate) struct Described {
    /// The session; opening it checks the rest.
    pub(crate) builder: SessionBuilder,
    /// What is copied into the sandbox first.
    pub(crate) copied: Vec<Copied>,
    /// Where opening the session tells how it comes on.
    pub(crate) progress: Option<ProgressLine>,
}

/// Reads the arguments, and whether named files are there. Creates nothing.
pub(crate) fn describe(arguments: &SandboxArguments, language: Language, is_quiet: bool) -> Result<Described, Error> {
    let mut builder = limits::name(Session::builder(language), limits::read(arguments)?, arguments);
    builder = builder.require(guarantees(&arguments.require)?);
    builder = builder.accept_weaker(guarantees(&arguments.accept_weaker)?);
    let container = engine::container_options(arguments)?;
    let progress = ProgressLine::begin(is_quiet);
    if let Some(backend) = engine::backend(arguments, &container, progress.as_ref())? {
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
    for variable in &arguments.env {
        let (name, value) = shared::variable(variable)?;
        builder = builder.env(name, value);
    }
    Ok(Described { builder: container.apply_to(builder), copied, progress })
}

/// What came of opening a session.
pub(crate) enum Opened {
    /// It is open.
    Session(Session),
    /// A signal told this program to stop before.
    Interrupted(i32),
}

/// Opens the session, and shows how that comes on.
pub(crate) async fn open(described: &Described, signals: &mut Signals) -> Result<Opened, Error> {
    let opened = tokio::select! {
        opened = described.builder.clone().open() => opened.map(Opened::Session),
        // What stands of the sandbox so far goes with the future.
        signal = signals.next() => Ok(Opened::Interrupted(signal)),
    };
    if let Some(progress) = &described.progress {
        progress.end();
    }
    opened
}

fn guarantees(words: &[OsString]) -> Result<Vec<Guarantee>, Error> {
    words.iter().map(|word| text(word).parse()).collect()
}
