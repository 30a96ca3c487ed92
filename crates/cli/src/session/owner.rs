//! The process that has a session: opens it, serves it on its sockets, and ends with it.

use std::{fs::OpenOptions, io, time::Duration};

use llm_sandbox::{Error, ErrorKind, Language, SessionBuilder, core::Session};
use rustix::{process::setsid, stdio};

use super::{NAME_LABEL, is_abandoned, name::Name, place::Place};
use crate::{
    arguments::OpenArguments,
    attend::broken,
    execute::copy,
    limits,
    print::{in_json, print},
    report::Report,
    sandbox::{self, Described, Opened},
    shared,
    signals::Signals,
    status::ExitStatus,
    text,
};

/// What a process in the background begins with once the session is open.
pub(super) const OPENED: &str = "opened ";

/// How long a session may do nothing, unless that is said.
const IDLE: Duration = Duration::from_secs(3600);

/// Opens the session and has it until it is over.
pub(super) async fn own(arguments: &OpenArguments) -> Result<ExitStatus, Error> {
    let name = arguments.name.as_deref().map(Name::chosen).transpose()?;
    let place = Place::find()?;
    place.make()?;
    if let Some(name) = &name {
        require_free(&place, name).await?;
    }
    if arguments.background {
        // The terminal's keys and its end are for others.
        setsid().map_err(|error| broken("leaving the terminal", &error.into()))?;
    }
    let mut signals = Signals::listen().map_err(|error| broken("listening for signals", &error))?;
    let report = Report::new(arguments.json, false);
    let described = describe(arguments, name.as_ref())?;
    let session = match sandbox::open(&described, &mut signals).await? {
        Opened::Session(session) => session,
        Opened::Interrupted(signal) => return Ok(report.interrupted(signal, None)),
    };
    let served = tokio::select! {
        served = serve(&session, &described, &place, name.as_ref(), arguments) => served,
        signal = signals.next() => Ok(Some(ExitStatus::Signal(signal))),
    };
    let status = match served {
        Ok(None) => wait(&session, &mut signals).await,
        Ok(Some(status)) => Ok(status),
        Err(error) => Err(error),
    };
    let closed = session.close().await;
    let status = status?;
    closed.map(|()| status)
}

fn describe(arguments: &OpenArguments, name: Option<&Name>) -> Result<Described, Error> {
    let language = arguments.language.as_ref().map_or(Ok(Language::Python), |name| text(name).parse())?;
    let limits = limits::read(&arguments.sandbox, arguments.output.as_ref())?;
    let (builder, progress) = sandbox::builder(&arguments.sandbox, language, limits, false)?;
    let copied = arguments.files.iter().map(|file| shared::copied(file, language)).collect::<Result<_, _>>()?;
    Ok(Described { builder: keep(builder, arguments, name)?, copied, progress })
}

/// How long the session lives, and what it is called.
fn keep(mut builder: SessionBuilder, arguments: &OpenArguments, name: Option<&Name>) -> Result<SessionBuilder, Error> {
    let idle = arguments.idle_timeout.as_ref().map(|word| limits::seconds_or_none("idle timeout", word)).transpose()?;
    if let Some(idle) = idle.unwrap_or(Some(IDLE)) {
        builder = builder.idle_timeout(idle);
    }
    if let Some(word) = &arguments.lifetime
        && let Some(lifetime) = limits::seconds_or_none("lifetime", word)?
    {
        builder = builder.lifetime(lifetime);
    }
    for label in &arguments.label {
        let (name, value) = shared::label(label)?;
        if name == NAME_LABEL {
            return Err(Error::invalid("label \"name\"", "it is what the session is called")
                .with_remedy("say --name, which tells names that are taken"));
        }
        builder = builder.label(name, value);
    }
    if let Some(name) = name {
        builder = builder.label(NAME_LABEL, name.as_str());
    }
    Ok(builder)
}

/// Before anything is made; sharing says the same of who comes between.
async fn require_free(place: &Place, name: &Name) -> Result<(), Error> {
    let socket = place.socket(name);
    if !socket.exists() {
        return Ok(());
    }
    match Session::attach(&socket).await {
        Err(error) if is_abandoned(&error, &socket) => Ok(()),
        Ok(_) | Err(_) => {
            let remedy = format!("choose another name, or end that one by llm-sandbox kill {name}");
            Err(Error::invalid(format!("session {name}"), "there is one of that name").with_remedy(remedy))
        }
    }
}

/// Lets others in and says so; a status where nobody listens.
async fn serve(
    session: &Session,
    described: &Described,
    place: &Place,
    name: Option<&Name>,
    arguments: &OpenArguments,
) -> Result<Option<ExitStatus>, Error> {
    copy(session, &described.copied).await?;
    session.share(place.socket(&Name::of_session(session.id())?)).await?;
    if let Some(name) = name {
        session.share(place.socket(name)).await?;
    }
    let answer = if arguments.json { in_json(&session.info().await?)? } else { format!("{}\n", session.id()) };
    let begin = if arguments.background { OPENED } else { "" };
    match print(format!("{begin}{answer}"))? {
        ExitStatus::Code(0) => {}
        status => return Ok(Some(status)),
    }
    if arguments.background {
        leave_streams().map_err(|error| broken("leaving the standard streams", &error))?;
    }
    Ok(None)
}

/// Lets go of what whoever started this program waits to see the end of.
fn leave_streams() -> io::Result<()> {
    let nothing = OpenOptions::new().read(true).write(true).open("/dev/null")?;
    stdio::dup2_stdout(&nothing)?;
    stdio::dup2_stderr(&nothing)?;
    Ok(())
}

/// Waits until the session is over, or this process is told to end it.
async fn wait(session: &Session, signals: &mut Signals) -> Result<ExitStatus, Error> {
    let error = tokio::select! {
        error = session.wait_closed() => error,
        _ = signals.next() => return Ok(ExitStatus::Code(0)),
    };
    match error.kind() {
        // As it was told to.
        ErrorKind::Closed | ErrorKind::Expired => Ok(ExitStatus::Code(0)),
        _ => Err(error),
    }
}
