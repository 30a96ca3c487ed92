//! What a sandbox is to be, for every command that opens one.

use std::ffi::OsString;

use llm_sandbox::{Error, Guarantee, Language, Limits, Session, SessionBuilder};

use crate::{arguments::SandboxArguments, engine, limits, progress::ProgressLine, shared, text};

/// A builder with everything that the arguments say, and where opening tells how it comes on.
pub(crate) fn builder(
    arguments: &SandboxArguments,
    language: Language,
    limits: Limits,
    is_quiet: bool,
) -> Result<(SessionBuilder, Option<ProgressLine>), Error> {
    let mut builder = limits::name(Session::builder(language), limits, arguments);
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
    for variable in &arguments.env {
        let (name, value) = shared::variable(variable)?;
        builder = builder.env(name, value);
    }
    Ok((container.apply_to(builder), progress))
}

fn guarantees(words: &[OsString]) -> Result<Vec<Guarantee>, Error> {
    words.iter().map(|word| text(word).parse()).collect()
}
