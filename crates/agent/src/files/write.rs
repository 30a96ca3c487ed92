use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use llm_sandbox_protocol::{
    Channel, Control, Entry, EntryKind, FailureKind, Kind, MakeDirectory, PutFiles, RemoveFile, TreeBounds,
};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, fchmod, fstat, mkdirat, openat, symlinkat, unlinkat};
use rustix::io::Errno;

use super::failure::Failure;
use super::peer::Peer;
use super::worker::as_path;

/// A directory on the way: to pass through it, it need not be readable.
const DIRECTORY: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// A file that is written: made where absent, never through a link, never one that makes us wait.
const FILE: OFlags = OFlags::WRONLY
    .union(OFlags::CREATE)
    .union(OFlags::TRUNC)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);

/// What comes next from the host.
enum Next {
    Entry(Entry),
    Finish,
}

/// Writes what the host sends.
pub(super) fn put(request: &PutFiles, peer: &mut Peer) -> Result<(), Failure> {
    let root = openat(CWD, "/", DIRECTORY, Mode::empty()).map_err(|error| Failure::io(b"/", error))?;
    let base = descend(root, &request.directory)?;
    let mut bounds = request.bounds.clone();
    loop {
        let next = peer.receive(|frame| match frame.kind {
            Kind::Control => match frame.decode().map_err(io::Error::other)? {
                Control::Entry(entry) => Ok(Next::Entry(entry)),
                Control::Finish => Ok(Next::Finish),
                _ => Err(io::ErrorKind::InvalidData.into()),
            },
            _ => Err(io::ErrorKind::InvalidData.into()),
        });
        match next.map_err(|error| Failure::io(&request.directory, error))? {
            Next::Finish => return Ok(()),
            Next::Entry(entry) => put_entry(base.as_fd(), &entry, &mut bounds, peer)?,
        }
    }
}

fn put_entry(base: BorrowedFd<'_>, entry: &Entry, bounds: &mut TreeBounds, peer: &mut Peer) -> Result<(), Failure> {
    let path = entry.path.as_slice();
    bounds.entries = bounds.entries.checked_sub(1).ok_or_else(|| {
        Failure::refused(FailureKind::TooLarge, path, "there are more files and directories than allowed")
    })?;
    if !is_contained(path) {
        return Err(Failure::refused(FailureKind::BadName, path, "a name must be relative and without `..`"));
    }
    if path.split(|byte| *byte == b'/').count() > bounds.depth as usize + 1 {
        return Err(Failure::refused(FailureKind::TooLarge, path, format!("it lies more than {} deep", bounds.depth)));
    }
    let (parent, name) = match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (&b""[..], path),
    };
    let base = base.try_clone_to_owned().map_err(|error| Failure::io(path, error))?;
    let parent = descend(base, parent)?;
    let at = |error: Errno| Failure::io(path, error);
    match entry.kind {
        EntryKind::Directory => {
            let directory = descend(parent, name)?;
            let directory = openat(&directory, ".", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).map_err(at)?;
            fchmod(&directory, Mode::from_raw_mode(entry.mode & 0o777)).map_err(at)
        }
        EntryKind::File => {
            let file = openat(&parent, name, FILE, Mode::from_raw_mode(0o644)).map_err(at)?;
            // A pipe that somebody reads can be opened.
            if FileType::from_raw_mode(fstat(&file).map_err(at)?.st_mode) != FileType::RegularFile {
                return Err(Failure::refused(FailureKind::WrongKind, path, "it is there and is no file"));
            }
            if let Err(failure) = write_content(&file, path, bounds, peer) {
                // A part of it is of no use, and holds room.
                let _ = unlinkat(&parent, name, AtFlags::empty());
                return Err(failure);
            }
            fchmod(&file, Mode::from_raw_mode(entry.mode & 0o777)).map_err(at)
        }
        EntryKind::Link => symlinkat(entry.target.as_deref().unwrap_or_default(), &parent, name).map_err(at),
        _ => Err(Failure::refused(FailureKind::WrongKind, path, "only files, directories and links can be written")),
    }
}

fn is_contained(path: &[u8]) -> bool {
    !path.split(|byte| *byte == b'/').any(|part| matches!(part, b"" | b"." | b".."))
}

/// Opens a directory below another, making what is absent, through no link.
fn descend(from: OwnedFd, path: &[u8]) -> Result<OwnedFd, Failure> {
    let mut parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".");
    parts.try_fold(from, |directory, part| {
        if part == b".." {
            return Err(Failure::refused(FailureKind::BadName, path, "a name must be without `..`"));
        }
        let at = |error: Errno| Failure::io(path, error);
        match openat(&directory, part, DIRECTORY, Mode::empty()) {
            Err(Errno::NOENT) => {
                mkdirat(&directory, part, Mode::from_raw_mode(0o755)).map_err(at)?;
                openat(&directory, part, DIRECTORY, Mode::empty()).map_err(at)
            }
            Err(Errno::NOTDIR) => Err(not_a_directory(path)),
            other => other.map_err(at),
        }
    })
}

fn not_a_directory(path: &[u8]) -> Failure {
    Failure::refused(FailureKind::WrongKind, path, "a file or a symbolic link is in the way of a directory")
}

fn write_content(file: &OwnedFd, path: &[u8], bounds: &mut TreeBounds, peer: &mut Peer) -> Result<(), Failure> {
    loop {
        let bytes = &mut bounds.bytes;
        let ended = peer.receive(|frame| match (frame.kind, frame.channel) {
            (Kind::End, Channel::Content) => Ok(true),
            (Kind::Data, Channel::Content) => {
                let (_, _, mut rest) = frame.data().map_err(io::Error::other)?;
                let too_large = || io::Error::from_raw_os_error(libc::EFBIG);
                *bytes = bytes.checked_sub(rest.len() as u64).ok_or_else(too_large)?;
                while !rest.is_empty() {
                    rest = &rest[rustix::io::write(file, rest)?..];
                }
                Ok(false)
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        });
        if ended.map_err(|error| Failure::io(path, error))? {
            return Ok(());
        }
    }
}

/// Removes a path; a link is removed itself, never what it points to.
pub(super) fn remove(request: &RemoveFile) -> Result<(), Failure> {
    let path = as_path(&request.path);
    let at = |error| Failure::io(&request.path, error);
    match (path.symlink_metadata().map_err(at)?.is_dir(), request.recursive) {
        (false, _) => std::fs::remove_file(path),
        (true, true) => std::fs::remove_dir_all(path),
        (true, false) => std::fs::remove_dir(path),
    }
    .map_err(at)
}

/// Makes a directory and its parents; one that is there already is fine.
pub(super) fn make_directory(request: &MakeDirectory) -> Result<(), Failure> {
    std::fs::create_dir_all(as_path(&request.path)).map_err(|error| Failure::io(&request.path, error))
}
