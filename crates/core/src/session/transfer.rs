use std::{
    ffi::OsStr,
    future::Future,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::Duration,
};

use llm_sandbox_protocol::{Channel, Entry, EntryKind, Event, FailureKind, FileFailure, TreeBounds};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::{
    Error, FileProblem,
    connection::{Item, Stream},
    input::outside_name,
    text,
};

/// What copying files gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Transferred {
    /// Files, directories and links that were copied.
    pub entries: u64,
    /// Bytes of all files together.
    pub bytes: u64,
    /// What was left out: links that lead outside, pipes, sockets and devices.
    pub skipped: Vec<PathBuf>,
}

/// What one transfer may hold.
pub(super) const BOUNDS: TreeBounds = TreeBounds { bytes: 1 << 30, entries: 100_000, depth: 64 };

/// How many bytes of events a file operation may have.
pub(super) const EVENT_BYTES: usize = 64 << 20;

/// How long an agent may leave a file operation without a sign.
const SILENCE: Duration = Duration::from_secs(60);

/// A file operation under way.
pub(super) struct Transfer<'a> {
    pub(super) stream: Stream,
    /// What was tried, and where inside, for errors.
    pub(super) operation: &'static str,
    pub(super) path: &'a Path,
}

impl Transfer<'_> {
    /// The next item, which has to come before long; a failure is an error.
    pub(super) async fn next(&mut self) -> Result<Item, Error> {
        match timeout(SILENCE, self.stream.next()).await {
            Ok(Ok(Item::Event(Event::Failed(failure)))) => Err(self.failed(&failure)),
            Ok(Ok(Item::Reset)) => Err(Error::Aborted { operation: self.operation.to_owned() }),
            Ok(item) => item,
            Err(_) => Err(self.stream.misbehaved(format!("it was silent for {SILENCE:?} in a file operation"))),
        }
    }

    /// Waits until something was sent; an error where the agent gave up, or takes nothing.
    pub(super) async fn sent(&mut self, sending: impl Future<Output = bool>) -> Result<(), Error> {
        match timeout(SILENCE, sending).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.refused().await),
            Err(_) => Err(self.stream.misbehaved(format!("it took no content for {SILENCE:?}"))),
        }
    }

    /// Why the agent ended it before all was sent.
    pub(super) async fn refused(&mut self) -> Error {
        match self.finish().await {
            Ok(()) => self.stream.misbehaved("it was done with a file operation before all had come"),
            Err(error) => error,
        }
    }

    /// Waits for the agent's last word.
    pub(super) async fn finish(&mut self) -> Result<(), Error> {
        match self.next().await? {
            Item::Event(Event::Done) => Ok(()),
            _ => Err(self.stream.misbehaved("it answered a file operation with something else")),
        }
    }

    fn failed(&self, failure: &FileFailure) -> Error {
        let problem = match failure.kind {
            FailureKind::NotFound => FileProblem::NotFound,
            FailureKind::PermissionDenied => FileProblem::PermissionDenied,
            FailureKind::WrongKind => FileProblem::WrongKind,
            FailureKind::TooLarge => FileProblem::TooLarge,
            FailureKind::NoSpace => FileProblem::NoSpace,
            FailureKind::BadName => FileProblem::BadName,
            _ => FileProblem::Io,
        };
        let system = failure.error.map(|error| std::io::Error::from_raw_os_error(error).to_string());
        let at = String::from_utf8_lossy(&failure.path);
        let is_elsewhere = !failure.path.is_empty() && OsStr::from_bytes(&failure.path) != self.path;
        let told = text::brief(&failure.detail);
        let words = if told.is_empty() { system.unwrap_or_default() } else { told };
        let place = is_elsewhere.then(|| format!("at {}", text::brief(&at)));
        let detail = place.into_iter().chain([words]).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(": ");
        Error::File { operation: self.operation, path: self.path.to_owned(), problem, detail }
    }
}

/// A piece of a tree that comes out of a sandbox, its name and place checked.
pub(super) enum Piece {
    Entry(PathBuf, Entry),
    Bytes(Vec<u8>),
    End,
}

/// Takes a tree out of a sandbox, piece by piece, and lets nothing through that was not asked for.
pub(super) struct Incoming<'a> {
    pub(super) transfer: Transfer<'a>,
    bounds: TreeBounds,
    entries: u64,
    bytes: u64,
    is_in_file: bool,
    /// The thing asked for is no directory and has come: nothing can come besides.
    is_whole: bool,
    contents: bool,
}

impl<'a> Incoming<'a> {
    /// With or without the contents of files.
    pub(super) fn new(transfer: Transfer<'a>, bounds: TreeBounds, contents: bool) -> Self {
        Self { transfer, bounds, entries: 0, bytes: 0, is_in_file: false, is_whole: false, contents }
    }

    /// The next piece; `None` when all has come.
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, Error> {
        let item = self.transfer.next().await?;
        self.check(item).map_err(|reason| self.transfer.stream.misbehaved(reason))
    }

    fn check(&mut self, item: Item) -> Result<Option<Piece>, &'static str> {
        match item {
            Item::Event(Event::Entry(entry)) if !self.is_in_file => self.entry(entry).map(Some),
            Item::Data { channel: Channel::Content, bytes, .. } if self.is_in_file => {
                self.bytes = self.bytes.saturating_add(bytes.len() as u64);
                if self.bytes > self.bounds.bytes {
                    Err("it gave more bytes than were asked for")
                } else {
                    Ok(Some(Piece::Bytes(bytes)))
                }
            }
            Item::End(Channel::Content) if self.is_in_file => {
                self.is_in_file = false;
                Ok(Some(Piece::End))
            }
            Item::Event(Event::Done) if !self.is_in_file => Ok(None),
            _ => Err("it mixed up the parts of a file operation"),
        }
    }

    fn entry(&mut self, entry: Entry) -> Result<Piece, &'static str> {
        let path = outside_name(&entry.path).ok_or("it gave a name that leads elsewhere")?;
        self.entries += 1;
        // The thing asked for itself may come besides what is in it.
        if self.entries > self.bounds.entries.saturating_add(1) {
            return Err("it gave more entries than were asked for");
        }
        if path.components().count() > self.bounds.depth as usize + 1 {
            return Err("it gave entries deeper than was asked for");
        }
        let is_itself = path.as_os_str().is_empty();
        if self.is_whole || (is_itself && self.entries > 1) {
            return Err("it gave a second root");
        }
        self.is_whole = is_itself && entry.kind != EntryKind::Directory;
        self.is_in_file = self.contents && entry.kind == EntryKind::File;
        Ok(Piece::Entry(path, entry))
    }
}
