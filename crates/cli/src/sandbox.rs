//! What a sandbox is to be, for every command that opens one.

use std::{convert::Infallible, ffi::OsString, time::Duration};

use llm_sandbox::{Error, Guarantee, Language, Limits, Session, SessionBuilder};

use crate::{
    arguments::SandboxArguments,
    engine, limits, policy,
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
    builder = builder.compiler_options(&arguments.compiler_options).runtime_options(&arguments.runtime_options);
    for variable in &arguments.env {
        let (name, value) = shared::variable(variable)?;
        builder = builder.env(name, value);
    }
    builder = policy::apply(builder, arguments)?;
    Ok((container.apply_to(builder), progress))
}

/// How long opening a session may take before somebody who looks on is told why.
const LONG: Duration = Duration::from_secs(2);

/// What came of opening a session.
pub(crate) enum Opened {
    /// It is open.
    Session(Session),
    /// A signal told this program to stop before.
    Interrupted(i32),
}

/// Opens the session, and shows how that comes on.
pub(crate) async fn open(described: &Described, signals: &mut Signals) -> Result<Opened, Error> {
    let told = async {
        tokio::time::sleep(LONG).await;
        described.progress.iter().for_each(ProgressLine::opening_takes_long);
        std::future::pending::<Infallible>().await
    };
    let opened = tokio::select! {
        opened = described.builder.clone().open() => opened.map(Opened::Session),
        never = told => match never {},
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
