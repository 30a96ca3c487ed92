//! A client's side of what is asked by lines.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::de::DeserializeOwned;
use tokio::{io::BufReader, net::UnixStream};

use super::{
    forms::{ANSWER_MOST, Answer, Want},
    line,
};
use crate::{Error, RunEvent, RunInfo, RunResult, SessionInfo};

/// The longest event of a watched session: what one frame can hold, in JSON.
const EVENT_MOST: usize = 8 << 20;

/// The process that has a session, by the socket it serves it on.
#[derive(Debug, Clone)]
pub(in crate::session) struct Owner {
    path: PathBuf,
}

impl Owner {
    pub(super) fn at(path: &Path) -> Result<Self, Error> {
        let absolute = std::path::absolute(path);
        let failed = |source| Error::HostFile { operation: "find the socket", path: path.to_owned(), source };
        Ok(Self { path: absolute.map_err(failed)? })
    }

    /// Asks for something, and gives the connection with the answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, want: &Want) -> Result<(T, BufReader<UnixStream>), Error> {
        let mut line = Vec::new();
        let asked = async {
            let mut stream = BufReader::new(UnixStream::connect(&self.path).await?);
            line::write(&mut stream, want).await?;
            let is_whole = line::read(&mut stream, &mut line, ANSWER_MOST).await?;
            is_whole.then_some(stream).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
        };
        let stream = asked.await.map_err(|error| self.silent(&error))?;
        match serde_json::from_slice(&line) {
            Ok(Answer::Ok(answer)) => Ok((answer, stream)),
            Ok(Answer::Error(told)) => Err(told.into()),
            Err(error) => Err(Error::Unsupported {
                operation: format!("talking to the process that has the session at {}", self.path.display()),
                reason: format!("its answer cannot be read: {error}"),
                remedy: Some("use the same release of this library in both".to_owned()),
            }),
        }
    }

    async fn answer<T: DeserializeOwned>(&self, want: Want) -> Result<T, Error> {
        self.ask(&want).await.map(|(answer, _)| answer)
    }

    fn silent(&self, error: &io::Error) -> Error {
        let words = format!("the process that has it does not answer at {}: {error}", self.path.display());
        Error::SandboxDied { words: Some(words) }
    }

    pub(in crate::session) async fn info(&self) -> Result<SessionInfo, Error> {
        self.answer(Want::Info).await
    }

    pub(in crate::session) async fn runs(&self) -> Result<Vec<RunInfo>, Error> {
        self.answer(Want::Runs).await
    }

    pub(in crate::session) async fn take(&self, run: u64) -> Result<RunResult, Error> {
        self.answer(Want::Take { run }).await
    }

    pub(in crate::session) async fn stop(&self, run: u64) -> Result<(), Error> {
        self.answer(Want::Stop { run }).await
    }

    pub(in crate::session) async fn extend(&self, seconds: Duration) -> Result<Duration, Error> {
        self.answer(Want::Extend { seconds }).await
    }

    pub(in crate::session) async fn close(&self) -> Result<(), Error> {
        self.answer(Want::Close).await
    }

    pub(in crate::session) async fn watch(&self) -> Result<Feed, Error> {
        let ((), stream) = self.ask(&Want::Watch).await?;
        Ok(Feed { stream, line: Vec::new() })
    }
}

/// What happens in a session of another process, as it tells.
pub(in crate::session) struct Feed {
    stream: BufReader<UnixStream>,
    line: Vec<u8>,
}

impl Feed {
    /// The next event; `None` when no more comes. Safe to cancel.
    pub(in crate::session) async fn next(&mut self) -> Option<RunEvent> {
        let is_whole = line::read(&mut self.stream, &mut self.line, EVENT_MOST).await.ok()?;
        let event = is_whole.then(|| serde_json::from_slice(&self.line).ok()).flatten();
        self.line.clear();
        event
    }
}
