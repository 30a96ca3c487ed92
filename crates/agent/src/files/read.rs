use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use llm_sandbox_protocol::{Entry, EntryKind, Event, FailureKind, GetFiles, ListFiles, StatFile, TreeBounds};
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, readlinkat, statat};

use super::failure::Failure;
use super::peer::Peer;
use crate::link::CHUNK;

/// Never waits for the other end of a pipe, never becomes anyone's terminal.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// Sends a file's bytes, or a whole directory.
pub(super) fn get(request: &GetFiles, peer: &mut Peer) -> Result<(), Failure> {
    let path = &request.path;
    let file = openat(CWD, path.as_slice(), READ, Mode::empty()).map_err(|error| Failure::io(path, error))?;
    let status = fstat(&file).map_err(|error| Failure::io(path, error))?;
    let mut walk = Walk { peer, bounds: request.bounds.clone(), with_content: true, is_recursive: true };
    match FileType::from_raw_mode(status.st_mode) {
        FileType::RegularFile => walk.file(&file, Vec::new(), &status),
        FileType::Directory if request.recursive => walk.directory(&file, &mut Vec::new(), 0),
        FileType::Directory => {
            Err(Failure::refused(FailureKind::WrongKind, path, "it is a directory, and only a file was asked for"))
        }
        _ => Err(Failure::refused(FailureKind::WrongKind, path, "it is neither a file nor a directory")),
    }
}

/// Sends the entries of a directory.
pub(super) fn list(request: &ListFiles, peer: &mut Peer) -> Result<(), Failure> {
    let path = &request.path;
    let directory = openat(CWD, path.as_slice(), READ | OFlags::DIRECTORY, Mode::empty());
    let directory = directory.map_err(|error| Failure::io(path, error))?;
    let bounds = request.bounds.clone();
    let mut walk = Walk { peer, bounds, with_content: false, is_recursive: request.recursive };
    walk.directory(&directory, &mut Vec::new(), 0)
}

/// Sends what one path is.
pub(super) fn stat(request: &StatFile, peer: &mut Peer) -> Result<(), Failure> {
    let path = &request.path;
    let status = statat(CWD, path.as_slice(), AtFlags::SYMLINK_NOFOLLOW).map_err(|error| Failure::io(path, error))?;
    let target = match FileType::from_raw_mode(status.st_mode) {
        FileType::Symlink => readlinkat(CWD, path.as_slice(), Vec::new()).ok().map(CString::into_bytes),
        _ => None,
    };
    send(peer, entry(Vec::new(), &status, target))
}

/// The longest path that is reported: no longer one could be used.
const PATH_MOST: usize = 4095;

/// The bytes of all entries of one operation; the host takes no more either.
const ENTRIES_MOST: u64 = 48 << 20;

fn send(peer: &mut Peer, entry: Entry) -> Result<(), Failure> {
    let path = entry.path.clone();
    let size = path.len() + entry.target.as_ref().map_or(0, Vec::len) + 128;
    if path.len() > PATH_MOST || peer.announce(size as u64) > ENTRIES_MOST {
        return Err(Failure::refused(FailureKind::TooLarge, &path, "the names are longer than can be reported"));
    }
    peer.event(&Event::Entry(entry)).map_err(|error| Failure::io(&path, error))
}

fn entry(path: Vec<u8>, status: &Stat, target: Option<Vec<u8>>) -> Entry {
    let kind = match FileType::from_raw_mode(status.st_mode) {
        FileType::RegularFile => EntryKind::File,
        FileType::Directory => EntryKind::Directory,
        FileType::Symlink => EntryKind::Link,
        _ => EntryKind::Other,
    };
    let seconds = u64::try_from(status.st_mtime).unwrap_or(0);
    let modified = seconds.saturating_mul(1_000_000_000).saturating_add(status.st_mtime_nsec);
    Entry {
        path,
        kind,
        size: u64::try_from(status.st_size).unwrap_or(0),
        mode: status.st_mode & 0o7777,
        modified,
        target,
    }
}

/// A way through a tree, within bounds that it uses up.
struct Walk<'peer> {
    peer: &'peer mut Peer,
    bounds: TreeBounds,
    with_content: bool,
    is_recursive: bool,
}

impl Walk<'_> {
    fn directory(&mut self, directory: &OwnedFd, path: &mut Vec<u8>, depth: u32) -> Result<(), Failure> {
        if depth > self.bounds.depth {
            let detail = format!("directories lie more than {} deep", self.bounds.depth);
            return Err(Failure::refused(FailureKind::TooLarge, path, detail));
        }
        for name in self.names(directory, path)? {
            let length = path.len();
            if length > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(name.as_bytes());
            self.visit(directory.as_fd(), &name, path, depth)?;
            path.truncate(length);
        }
        Ok(())
    }

    /// The names in a directory, sorted, so that what is given does not depend on the file system.
    fn names(&mut self, directory: &OwnedFd, path: &[u8]) -> Result<Vec<CString>, Failure> {
        let mut names = Vec::new();
        for found in Dir::read_from(directory).map_err(|error| Failure::io(path, error))? {
            let found = found.map_err(|error| Failure::io(path, error))?;
            if matches!(found.file_name().to_bytes(), b"." | b"..") {
                continue;
            }
            self.bounds.entries = self.bounds.entries.checked_sub(1).ok_or_else(|| {
                Failure::refused(FailureKind::TooLarge, path, "there are more files and directories than allowed")
            })?;
            names.push(found.file_name().to_owned());
        }
        names.sort();
        Ok(names)
    }

    fn visit(
        &mut self,
        directory: BorrowedFd<'_>,
        name: &CString,
        path: &mut Vec<u8>,
        depth: u32,
    ) -> Result<(), Failure> {
        let status = match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
            // Removed by the code while we looked.
            Err(rustix::io::Errno::NOENT) => return Ok(()),
            other => other.map_err(|error| Failure::io(path, error))?,
        };
        match FileType::from_raw_mode(status.st_mode) {
            FileType::Directory => {
                send(self.peer, entry(path.clone(), &status, None))?;
                if !self.is_recursive {
                    return Ok(());
                }
                let flags = READ | OFlags::DIRECTORY | OFlags::NOFOLLOW;
                let below = openat(directory, name, flags, Mode::empty()).map_err(|error| Failure::io(path, error))?;
                self.directory(&below, path, depth + 1)
            }
            FileType::RegularFile if self.with_content => {
                let file = openat(directory, name, READ | OFlags::NOFOLLOW, Mode::empty());
                let file = file.map_err(|error| Failure::io(path, error))?;
                // What was a file a moment ago may be something else by now.
                let status = fstat(&file).map_err(|error| Failure::io(path, error))?;
                match FileType::from_raw_mode(status.st_mode) {
                    FileType::RegularFile => self.file(&file, path.clone(), &status),
                    _ => send(self.peer, entry(path.clone(), &status, None)),
                }
            }
            FileType::Symlink => {
                let target = readlinkat(directory, name, Vec::new()).ok().map(CString::into_bytes);
                send(self.peer, entry(path.clone(), &status, target))
            }
            _ => send(self.peer, entry(path.clone(), &status, None)),
        }
    }

    /// Sends a file of the size it has now: what is written to it meanwhile is not followed.
    fn file(&mut self, file: &OwnedFd, path: Vec<u8>, status: &Stat) -> Result<(), Failure> {
        let mut left = u64::try_from(status.st_size).unwrap_or(0);
        self.bounds.bytes = self.bounds.bytes.checked_sub(left).ok_or_else(|| {
            Failure::refused(FailureKind::TooLarge, &path, format!("its {left} bytes are more than allowed"))
        })?;
        let mut announced = entry(path, status, None);
        let path = announced.path.clone();
        announced.size = left;
        send(self.peer, announced)?;
        let mut chunk = vec![0; usize::try_from(left).unwrap_or(CHUNK).clamp(1, CHUNK)];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(CHUNK).min(chunk.len());
            let size = match rustix::io::read(file, &mut chunk[..most]) {
                Ok(0) => break,
                other => other.map_err(|error| Failure::io(&path, error))?,
            };
            self.peer.content(&chunk[..size]).map_err(|error| Failure::io(&path, error))?;
            left -= size as u64;
        }
        self.peer.end_content().map_err(|error| Failure::io(&path, error))
    }
}
