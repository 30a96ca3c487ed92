use std::{
    path::PathBuf,
    time::{Duration, SystemTime},
};

use llm_sandbox_protocol::{Entry, EntryKind};
use serde::{Deserialize, Serialize};

use crate::form;

/// A file of a sandbox, as its agent describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Where it is, relative to the directory that was listed; empty for the path itself.
    #[serde(with = "form::path")]
    pub path: PathBuf,
    /// What it is.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: u64,
    /// Its permission bits.
    pub mode: u32,
    /// When it last changed.
    pub modified: SystemTime,
    /// Where a symbolic link points.
    pub target: Option<Vec<u8>>,
}

/// What a directory entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A pipe, socket or device.
    Other,
}

impl FileInfo {
    pub(super) fn new(path: PathBuf, entry: Entry) -> Self {
        let modified = SystemTime::UNIX_EPOCH.checked_add(Duration::from_nanos(entry.modified));
        Self {
            path,
            kind: FileKind::of(&entry.kind),
            size: entry.size,
            mode: entry.mode & 0o7777,
            modified: modified.unwrap_or(SystemTime::UNIX_EPOCH),
            target: entry.target,
        }
    }
}

impl FileKind {
    pub(super) fn of(kind: &EntryKind) -> Self {
        match kind {
            EntryKind::File => Self::File,
            EntryKind::Directory => Self::Directory,
            EntryKind::Link => Self::Link,
            _ => Self::Other,
        }
    }
}
