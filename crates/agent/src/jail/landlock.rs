//! Landlock: a second opinion on files, from a part of the kernel that does not depend on mounts or owners.
//!
//! The jail's mounts already show code only what it may see and keep read-only what it may not change. Should one of
//! them be wrong, a run still cannot write outside the writable places, make a device anywhere, or signal or connect
//! (through an abstract unix socket) to a process outside its run.
//!
//! What is deliberately left alone:
//!
//! - **Reading and executing**, in the jail: its root holds nothing that code may not read.
//! - **TCP ports**: code may listen and connect on its own loopback interface.
//! - **ioctls of devices**: terminals need them, and the jail has no device where they do harm.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;

use crate::sys;

#[cfg(test)]
mod tests;

/// Accesses to files, as bits of the kernel's interface.
mod access {
    pub(super) const EXECUTE: u64 = 1;
    pub(super) const WRITE_FILE: u64 = 1 << 1;
    pub(super) const READ_FILE: u64 = 1 << 2;
    pub(super) const READ_DIRECTORY: u64 = 1 << 3;
    pub(super) const REMOVE_DIRECTORY: u64 = 1 << 4;
    pub(super) const REMOVE_FILE: u64 = 1 << 5;
    pub(super) const MAKE_CHARACTER_DEVICE: u64 = 1 << 6;
    pub(super) const MAKE_DIRECTORY: u64 = 1 << 7;
    pub(super) const MAKE_FILE: u64 = 1 << 8;
    pub(super) const MAKE_SOCKET: u64 = 1 << 9;
    pub(super) const MAKE_FIFO: u64 = 1 << 10;
    pub(super) const MAKE_BLOCK_DEVICE: u64 = 1 << 11;
    pub(super) const MAKE_LINK: u64 = 1 << 12;
    /// Moving or linking a file from one directory to another; always forbidden where it is not handled.
    pub(super) const REFER: u64 = 1 << 13;
    pub(super) const TRUNCATE: u64 = 1 << 14;

    pub(super) const READ: u64 = EXECUTE | READ_FILE | READ_DIRECTORY;
    pub(super) const DEVICE: u64 = READ_FILE | READ_DIRECTORY | WRITE_FILE | TRUNCATE;
    /// Everything but making devices.
    pub(super) const WRITE: u64 = READ
        | WRITE_FILE
        | TRUNCATE
        | REFER
        | REMOVE_DIRECTORY
        | REMOVE_FILE
        | MAKE_DIRECTORY
        | MAKE_FILE
        | MAKE_SOCKET
        | MAKE_FIFO
        | MAKE_LINK;
    /// What a rule on something other than a directory can give.
    pub(super) const OF_A_FILE: u64 = EXECUTE | READ_FILE | WRITE_FILE | TRUNCATE;
}

const SCOPE_ABSTRACT_UNIX_SOCKET: u64 = 1;
const SCOPE_SIGNAL: u64 = 1 << 1;

/// Version 1 forbids every move from one directory to another, which breaks ordinary programs.
const OLDEST: u32 = 2;

/// Devices that code may write to, all terminals of its own file system among them. A sandbox need not have all; one that
/// is a link leads to another of them.
pub(crate) const DEVICES: &[&str] =
    &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts"];

/// The same where the terminals are the host's.
pub(crate) const DEVICES_OF_ALL: &[&str] =
    &["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

/// The version of Landlock that [`build`] uses here; `None` where the kernel has none that is of use.
pub(crate) fn version() -> Option<u32> {
    sys::landlock_abi().filter(|version| *version >= OLDEST)
}

/// Makes the ruleset of a sandbox, once; each run then puts itself under it with [`sys::landlock_restrict_self`].
///
/// Files may be read and executed in `readable`, and also changed in `writable`: directories or files that exist in the
/// finished tree of mounts, by absolute paths without links. What is mounted over one of them later does not count as
/// it, what is mounted on a directory beneath one does. So where each run mounts something itself (/proc), a directory
/// above must be named: `/`.
///
/// `None` where the kernel has no Landlock that is of use.
///
/// # Errors
///
/// Where a path cannot be opened, naming it, or the kernel refuses a rule.
pub(crate) fn build(readable: &[PathBuf], writable: &[PathBuf], devices: &[&str]) -> io::Result<Option<OwnedFd>> {
    version().map(|version| Ruleset::new(version, readable, writable, devices).create()).transpose()
}

/// From this version on signals can be kept in.
const SCOPES: u32 = 6;

/// Whether the kernel knows how.
pub(crate) fn can_keep_signals_in() -> bool {
    version().is_some_and(|version| version >= SCOPES)
}

/// Lets this process and all it will start signal nobody but themselves: what they are told to kill, whoever it is, lies
/// below this process. `false` where the kernel cannot.
pub(crate) fn keep_signals_in() -> io::Result<bool> {
    if !can_keep_signals_in() {
        return Ok(false);
    }
    rustix::thread::set_no_new_privs(true)?;
    sys::landlock_restrict_self(&sys::landlock_create_ruleset(0, SCOPE_SIGNAL)?)?;
    Ok(true)
}

/// What is forbidden, and the exceptions.
#[derive(Debug)]
struct Ruleset {
    /// Accesses that need a rule.
    handled: u64,
    /// What ends at the border of a run.
    scoped: u64,
    rules: Vec<PathRule>,
}

/// An exception for a file, or for a directory and everything beneath it.
#[derive(Debug, PartialEq, Eq)]
struct PathRule {
    path: PathBuf,
    access: u64,
    /// Whether it must exist.
    required: bool,
}

impl Ruleset {
    fn new(version: u32, readable: &[PathBuf], writable: &[PathBuf], devices: &[&str]) -> Self {
        let handled = handled(version);
        let rule = |path: &Path, access, required| PathRule { path: path.into(), access: access & handled, required };
        let devices = devices.iter().map(|path| rule(Path::new(path), access::DEVICE, false));
        let readable = readable.iter().map(|path| rule(path, access::READ, true));
        let writable = writable.iter().map(|path| rule(path, access::WRITE, true));
        let rules = readable.chain(writable).chain(devices).collect();
        Self { handled, scoped: scoped(version), rules }
    }

    fn create(&self) -> io::Result<OwnedFd> {
        let ruleset = sys::landlock_create_ruleset(self.handled, self.scoped)?;
        for rule in &self.rules {
            rule.add_to(&ruleset).map_err(|error| {
                io::Error::new(error.kind(), format!("Landlock rule for {}: {error}", rule.path.display()))
            })?;
        }
        Ok(ruleset)
    }
}

impl PathRule {
    fn add_to(&self, ruleset: &OwnedFd) -> io::Result<()> {
        let (place, kind) = match open(&self.path) {
            Err(Errno::NOENT | Errno::LOOP) if !self.required => return Ok(()),
            other => other?,
        };
        let possible = if kind.is_dir() { u64::MAX } else { access::OF_A_FILE };
        sys::landlock_add_path(ruleset, place.as_fd(), self.access & possible)
    }
}

/// Opens an absolute path and follows no link: a directory that the caller shares may hold some that code planted in an
/// earlier session.
fn open(path: &Path) -> rustix::io::Result<(OwnedFd, FileType)> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let names = path.strip_prefix("/").map_err(|_| Errno::INVAL)?;
    let mut place = openat(CWD, "/", flags, Mode::empty())?;
    for component in names.components() {
        let Component::Normal(name) = component else { return Err(Errno::INVAL) };
        // Where the place so far is a link, this says that it is not a directory.
        place = openat(&place, name, flags, Mode::empty())?;
    }
    match FileType::from_raw_mode(fstat(&place)?.st_mode) {
        FileType::Symlink => Err(Errno::LOOP),
        kind => Ok((place, kind)),
    }
}

/// Every access to files that this version can control, but ioctls of devices.
fn handled(version: u32) -> u64 {
    let not_yet = match version {
        ..2 => access::REFER | access::TRUNCATE,
        2 => access::TRUNCATE,
        _ => 0,
    };
    (access::WRITE | access::MAKE_CHARACTER_DEVICE | access::MAKE_BLOCK_DEVICE) & !not_yet
}

fn scoped(version: u32) -> u64 {
    if version >= SCOPES { SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL } else { 0 }
}
