use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, FlockOperation, Mode, OFlags, flock, fstat, mkdir, openat, statat, unlinkat};

use super::Trouble;

/// User ids from here on belong to nobody: above what systemd hands out to containers, below where ids stop being
/// positive 32-bit numbers (<https://systemd.io/UIDS-GIDS/>).
const FIRST: u32 = 0x7000_0000;
/// Ids of one sandbox: its root and its user.
const PER_SANDBOX: u32 = 2;
const SLOTS: u32 = 0x0fff_0000 / PER_SANDBOX;

const RUNTIME: &str = "/run/llm-sandbox";

/// The host's user ids of one sandbox, different from those of every other sandbox alive on this host.
///
/// Held by a lock on a file, which ends with the process however that ends. The file's name is also the sandbox's name.
#[derive(Debug)]
pub(crate) struct Identity {
    slot: u32,
    directory: OwnedFd,
    _lock: OwnedFd,
}

impl Identity {
    /// Takes ids that nobody else holds.
    pub(crate) fn lease() -> Result<Self, Trouble> {
        let trouble = |error| Trouble::new("lease user ids", error).at(RUNTIME).hint("make /run writable for root");
        let directory = runtime_directory().map_err(trouble)?;
        let mut random = [0; 4];
        for _ in 0..64 {
            rustix::rand::getrandom(&mut random, rustix::rand::GetRandomFlags::empty())
                .map_err(|e| trouble(e.into()))?;
            let slot = u32::from_ne_bytes(random) % SLOTS;
            if let Some(lock) = try_lock(&directory, &slot_name(slot)).map_err(trouble)? {
                return Ok(Self { slot, directory, _lock: lock });
            }
        }
        Err(trouble(io::ErrorKind::ResourceBusy.into()))
    }

    /// The id that root of the sandbox has on the host.
    pub(crate) fn root(&self) -> u32 {
        FIRST + self.slot * PER_SANDBOX
    }

    /// The id that the sandbox's user has on the host.
    pub(crate) fn user(&self) -> u32 {
        self.root() + 1
    }

    /// The sandbox's name on this host.
    pub(crate) fn name(&self) -> String {
        format!("llm-sandbox-{}", slot_name(self.slot))
    }

    /// Gives the ids back.
    pub(crate) fn release(self) {
        // A file that stays behind is nobody's: its lock is gone with this process, and the next lease takes it over.
        let _ = unlinkat(&self.directory, slot_name(self.slot), AtFlags::empty());
    }
}

fn slot_name(slot: u32) -> String {
    format!("{slot:07x}")
}

fn runtime_directory() -> io::Result<OwnedFd> {
    match mkdir(RUNTIME, Mode::RWXU) {
        Err(rustix::io::Errno::EXIST) => {}
        other => other?,
    }
    Ok(openat(CWD, RUNTIME, OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?)
}

/// The locked file, or `None` where another holds it or has just removed it.
fn try_lock(directory: &OwnedFd, name: &str) -> io::Result<Option<OwnedFd>> {
    let flags = OFlags::CREATE | OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(directory, name, flags, Mode::RUSR | Mode::WUSR)?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
        other => other?,
    }
    let (ours, named) = (fstat(file.as_fd())?, statat(directory, name, AtFlags::SYMLINK_NOFOLLOW));
    Ok(named.is_ok_and(|named| (named.st_ino, named.st_dev) == (ours.st_ino, ours.st_dev)).then_some(file))
}
