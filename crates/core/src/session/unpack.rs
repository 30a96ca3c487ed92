use std::{
    collections::hash_map::RandomState,
    fs::{self, File, OpenOptions, Permissions},
    hash::BuildHasher,
    io::{self, Write},
    os::unix::{ffi::OsStringExt, fs::PermissionsExt, fs::symlink},
    path::{Path, PathBuf},
};

use llm_sandbox_protocol::{Entry, EntryKind};
use tokio::sync::mpsc;

use super::{Transferred, transfer::Piece, upload::stays_inside};
use crate::Error;

/// What reaches the unpacking thread.
pub(super) enum Step {
    Piece(Piece),
    /// All has come.
    Whole,
}

/// Writes a tree beside its destination and moves it there when it is whole.
///
/// The tree is new and only this writes there; links are made last, so nothing is ever written through one.
pub(super) struct Unpacking {
    destination: PathBuf,
    staging: PathBuf,
    root: Option<EntryKind>,
    file: Option<File>,
    links: Vec<(PathBuf, PathBuf)>,
    done: Transferred,
}

impl Unpacking {
    pub(super) fn new(destination: PathBuf) -> Self {
        let mut name = std::ffi::OsString::from(".");
        name.push(destination.file_name().unwrap_or_default());
        name.push(format!(".{:016x}.partial", RandomState::new().hash_one(std::process::id())));
        let staging = destination.with_file_name(name);
        Self { destination, staging, root: None, file: None, links: Vec::new(), done: Transferred::default() }
    }

    /// Unpacks all that comes; an incomplete tree is removed.
    pub(super) fn all(mut self, mut steps: mpsc::Receiver<Step>) -> Result<Transferred, Error> {
        let mut is_whole = false;
        while let Some(step) = steps.blocking_recv() {
            match step {
                Step::Piece(piece) => self.piece(piece)?,
                Step::Whole => is_whole = true,
            }
        }
        if !is_whole {
            return Err(Error::Aborted { operation: "download".to_owned() });
        }
        self.finish()?;
        Ok(std::mem::take(&mut self.done))
    }

    fn piece(&mut self, piece: Piece) -> Result<(), Error> {
        match piece {
            Piece::Entry(path, entry) if self.root.is_none() => self.first(path, entry),
            Piece::Entry(path, entry) => self.below(path, entry),
            Piece::Bytes(bytes) => {
                self.done.bytes += bytes.len() as u64;
                let Some(file) = &mut self.file else { return Ok(()) };
                file.write_all(&bytes).map_err(|source| self.failed("write", &self.staging, source))
            }
            Piece::End => {
                self.file = None;
                Ok(())
            }
        }
    }

    /// The first entry says whether a file or a directory comes.
    fn first(&mut self, path: PathBuf, entry: Entry) -> Result<(), Error> {
        let is_itself = path.as_os_str().is_empty();
        match (&entry.kind, is_itself) {
            (EntryKind::File, true) => {
                self.check_place(false)?;
                self.root = Some(EntryKind::File);
                self.done.entries += 1;
                self.create(self.staging.clone(), entry.mode)
            }
            (EntryKind::Link | EntryKind::Other, true) => {
                Err(Error::invalid("download", "it is neither a file nor a directory"))
            }
            (_, is_itself) => {
                self.make_root()?;
                if is_itself { Ok(()) } else { self.below(path, entry) }
            }
        }
    }

    fn make_root(&mut self) -> Result<(), Error> {
        self.check_place(true)?;
        fs::create_dir(&self.staging).map_err(|source| self.failed("create", &self.staging, source))?;
        self.root = Some(EntryKind::Directory);
        Ok(())
    }

    fn below(&mut self, path: PathBuf, entry: Entry) -> Result<(), Error> {
        let place = self.staging.join(&path);
        let is_copied = match entry.kind {
            EntryKind::Directory => self.make_directories(&place).map(|()| true),
            EntryKind::File => {
                self.make_directories(place.parent().unwrap_or(&self.staging))?;
                self.create(place, entry.mode).map(|()| true)
            }
            EntryKind::Link => self.keep_link(&path, entry.target),
            _ => Ok(false),
        }?;
        if is_copied {
            self.done.entries += 1;
        } else {
            self.done.skipped.push(path);
        }
        Ok(())
    }

    fn make_directories(&self, place: &Path) -> Result<(), Error> {
        fs::create_dir_all(place).map_err(|source| self.failed("create", place, source))
    }

    /// Keeps a harmless link for later; its directory is made now, while no link can stand in for it.
    fn keep_link(&mut self, path: &Path, target: Option<Vec<u8>>) -> Result<bool, Error> {
        let target = target.filter(|target| !target.contains(&0)).map(std::ffi::OsString::from_vec).map(PathBuf::from);
        let Some(target) = target.filter(|target| stays_inside(path, target)) else { return Ok(false) };
        let place = self.staging.join(path);
        self.make_directories(place.parent().unwrap_or(&self.staging))?;
        self.links.push((path.to_owned(), target));
        Ok(true)
    }

    fn create(&mut self, place: PathBuf, mode: u32) -> Result<(), Error> {
        let file = OpenOptions::new().write(true).create_new(true).open(&place);
        let file = file.map_err(|source| self.failed("create", &place, source))?;
        if mode & 0o100 != 0 {
            file.set_permissions(Permissions::from_mode(0o755))
                .map_err(|source| self.failed("create", &place, source))?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Whether the destination can be taken.
    fn check_place(&self, for_directory: bool) -> Result<(), Error> {
        let taken = |reason: &str| {
            let reason = format!("{} {reason}", self.destination.display());
            Err(Error::invalid("host path", reason).with_remedy("give a path that is free"))
        };
        match fs::symlink_metadata(&self.destination) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(self.failed("write", &self.destination, source)),
            Ok(metadata) if metadata.is_symlink() => taken("is a symbolic link"),
            Ok(metadata) if !for_directory && metadata.is_file() => Ok(()),
            Ok(metadata) if for_directory && metadata.is_dir() => match fs::read_dir(&self.destination) {
                Ok(mut entries) => entries.next().map_or(Ok(()), |_| taken("is a directory that is not empty")),
                Err(source) => Err(self.failed("list", &self.destination, source)),
            },
            Ok(_) => taken("is taken"),
        }
    }

    fn finish(&mut self) -> Result<(), Error> {
        if self.root.is_none() {
            self.make_root()?;
        }
        for (path, target) in std::mem::take(&mut self.links) {
            let place = self.staging.join(&path);
            symlink(target, &place).map_err(|source| self.failed("create", &place, source))?;
        }
        fs::rename(&self.staging, &self.destination)
            .map_err(|source| self.failed("write", &self.destination, source))?;
        self.root = None;
        Ok(())
    }

    fn failed(&self, operation: &'static str, path: &Path, source: io::Error) -> Error {
        // The staging place is nothing that callers know.
        let path = match path.strip_prefix(&self.staging) {
            Ok(below) if below.as_os_str().is_empty() => self.destination.clone(),
            Ok(below) => self.destination.join(below),
            Err(_) => path.to_owned(),
        };
        Error::HostFile { operation, path, source }
    }
}

impl Drop for Unpacking {
    fn drop(&mut self) {
        // What was not moved to its place is removed; an error here has nobody to be told.
        let _ = match self.root {
            Some(EntryKind::Directory) => fs::remove_dir_all(&self.staging),
            Some(_) => fs::remove_file(&self.staging),
            None => Ok(()),
        };
    }
}
