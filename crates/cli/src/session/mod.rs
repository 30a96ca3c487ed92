//! Sessions that live on between calls of this program.
//!
//! `open` starts a process that has the session and serves it on sockets named after its id and its name, in a directory
//! of the user's alone. The other commands attach to one of them.

mod copy;
mod exec;
mod kill;
mod list;
mod name;
mod open;
mod owner;
mod place;
mod shell;
mod wait;

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::net::UnixStream,
    path::Path,
};

use llm_sandbox::{
    Error, ErrorKind,
    core::{Session, nearest},
};

pub(crate) use copy::cp;
pub(crate) use exec::exec;
pub(crate) use kill::kill;
pub(crate) use list::ps;
pub(crate) use open::open;
pub(crate) use shell::shell;
pub(crate) use wait::wait;

use crate::text;
use name::Name;
use place::Place;

/// The label that holds a session's name.
const NAME_LABEL: &str = "name";

/// Attaches to the session of this name or id.
async fn attach(name: &OsStr) -> Result<Session, Error> {
    let name = Name::of_session(name)?;
    let place = Place::find()?;
    let socket = place.socket(&name);
    if !socket.exists() {
        return Err(unknown(&name, &place.names()?));
    }
    Session::attach(&socket).await.map_err(|error| match is_abandoned(&error, &socket) {
        true => gone(&name),
        false => error,
    })
}

/// Where the numbers of runs are found.
const LISTED: &str = "llm-sandbox ps SESSION lists the runs by their numbers";

fn run_number(word: &OsString) -> Result<u64, Error> {
    let word = text(word);
    word.parse().map_err(|_| Error::invalid("run", format!("{word:?} is no number")).with_remedy(LISTED))
}

/// Whether the process that had the session has gone and left its socket.
fn is_abandoned(error: &Error, socket: &Path) -> bool {
    error.kind() == ErrorKind::SandboxDied
        && UnixStream::connect(socket)
            .is_err_and(|error| matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound))
}

fn gone(name: &Name) -> Error {
    let remedy = "open a new one by llm-sandbox open";
    Error::invalid(format!("session {name}"), "the process that had it has gone, and the sandbox with it")
        .with_remedy(remedy)
}

fn unknown(name: &Name, others: &[Name]) -> Error {
    let named: Vec<_> = others.iter().map(Name::as_str).collect();
    let remedy = match nearest(name.as_str(), named.iter().copied()) {
        Some(nearest) => format!("did you mean {nearest:?}? llm-sandbox ps lists them"),
        None if named.is_empty() => "none is open: llm-sandbox open opens one".to_owned(),
        None => "llm-sandbox ps lists those that there are".to_owned(),
    };
    Error::invalid(format!("session {name}"), "there is none of that name or id").with_remedy(remedy)
}
