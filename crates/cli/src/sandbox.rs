//! The sandbox that the arguments describe.

use std::ffi::OsString;

use llm_sandbox::{Error, Guarantee, Language, Session, SessionBuilder};

use crate::{
    arguments::SandboxArguments,
    engine, limits,
    progress::ProgressLine,
    shared::{self, Copied},
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

fn guarantees(words: &[OsString]) -> Result<Vec<Guarantee>, Error> {
    words.iter().map(|word| text(word).parse()).collect()
}
