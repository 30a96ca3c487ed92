use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, FlockOperation, Gid, Mode, OFlags, Stat, StatxFlags, Uid, chownat, flock, fstat, mkdirat, openat,
    statx, unlinkat,
};
use rustix::io::Errno;

use super::named;
use crate::confinement::CodeUser;
use crate::jail::remove_directory;

/// Whether links on the way to a directory are followed. Code that ran in the container before may have made them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Followed,
    Refused,
}

/// A directory of the container's while code may write to it.
pub(super) struct Lent {
    path: PathBuf,
    directory: OwnedFd,
    /// Locked while this session has it.
    shared: OwnedFd,
    /// Those that were made, the highest first.
    made: Vec<Made>,
    /// User and group that it belonged to, where that was changed.
    owner: Option<(u32, u32)>,
}

/// A directory that was made, and where.
struct Made {
    parent: OwnedFd,
    name: OsString,
}

impl Lent {
    /// Lets the code write to a directory, unless something is mounted there: that may be the caller's own.
    pub(super) fn lend(path: &Path, user: CodeUser, links: Links) -> io::Result<Self> {
        Self::make(path, user, links).map_err(|error| named(path, &error))
    }

    fn make(path: &Path, user: CodeUser, links: Links) -> io::Result<Self> {
        let (directory, made) = reach(path, links)?;
        let Stat { st_uid: owner, st_gid: group, .. } = fstat(&directory)?;
        let shared = openat(&directory, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        flock(&shared, FlockOperation::NonBlockingLockShared)?;
        let mut lent = Self { path: path.to_owned(), directory, shared, made, owner: None };
        if let (CodeUser::Other(id), true) = (user, mount_of(&lent.directory)? == mount_of(&open_root()?)?)
            && owner != id
        {
            lent.give_to(id, id)?;
            lent.owner = Some((owner, group));
        }
        Ok(lent)
    }

    fn give_to(&self, user: u32, group: u32) -> io::Result<()> {
        let (user, group) = (Some(Uid::from_raw(user)), Some(Gid::from_raw(group)));
        Ok(chownat(&self.directory, "", user, group, AtFlags::EMPTY_PATH)?)
    }

    /// Leaves it as it was.
    pub(super) fn take_back(self) -> io::Result<()> {
        let done = match (self.made.split_last(), self.owner) {
            (Some((lowest, above)), _) => self.remove(lowest, above),
            (None, Some((user, group))) => self.give_to(user, group),
            (None, None) => Ok(()),
        };
        done.map_err(|error| named(&self.path, &error))
    }

    /// Removes it, unless another session has it, too; and what it was made in, where nobody else has used that.
    fn remove(&self, lowest: &Made, above: &[Made]) -> io::Result<()> {
        match flock(&self.shared, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => return Ok(()),
            other => other?,
        }
        remove_directory(&lowest.parent, Path::new(&lowest.name))?;
        for made in above.iter().rev() {
            match unlinkat(&made.parent, Path::new(&made.name), AtFlags::REMOVEDIR) {
                Err(Errno::NOTEMPTY | Errno::EXIST) => break,
                other => other?,
            }
        }
        Ok(())
    }
}

const DIRECTORY: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

fn open_root() -> io::Result<OwnedFd> {
    Ok(openat(CWD, "/", DIRECTORY, Mode::empty())?)
}

/// Opens a directory by its path from the root, made as far as it is absent.
fn reach(path: &Path, links: Links) -> io::Result<(OwnedFd, Vec<Made>)> {
    let flags = if links == Links::Refused { DIRECTORY | OFlags::NOFOLLOW } else { DIRECTORY };
    let (mut directory, mut made) = (open_root()?, Vec::new());
    for component in path.components() {
        let Component::Normal(name) = component else { continue };
        let below = match openat(&directory, name, flags, Mode::empty()) {
            Err(Errno::NOENT) => {
                mkdirat(&directory, name, Mode::from_raw_mode(0o755))?;
                made.push(Made { parent: directory.try_clone()?, name: name.to_owned() });
                openat(&directory, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty())?
            }
            other => other?,
        };
        directory = below;
    }
    Ok((directory, made))
}

/// The mount that a file lies on, and its device, by which alone kernels before 5.8 tell one from another.
fn mount_of(file: impl AsFd) -> io::Result<(u64, u32, u32)> {
    let status = statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::MNT_ID)?;
    Ok((status.stx_mnt_id, status.stx_dev_major, status.stx_dev_minor))
}
