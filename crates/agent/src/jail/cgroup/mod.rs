//! Control groups: what all runs of a sandbox may use together, and what one run used.
//!
//! The supervisor makes a [`SandboxGroup`] below the group it is in itself where it can, so that an outer limit still
//! holds, and sets the limits. The agent makes a [`RunGroup`] in it for each run that is alive; it can divide what it
//! was given, never raise it. Where there are no groups to be had, runs are watched through /proc instead.

mod engine;
mod limits;
mod memory;
mod run;
mod sandbox;
mod v1;
mod v2;
mod watched;

pub(crate) use limits::GroupLimits;
pub(crate) use memory::MemoryWatch;
pub(crate) use run::{Consumed, RunGroup};
pub(crate) use sandbox::{Held, Kind, Plan, SandboxGroup};

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use limits::CPU_PERIOD;
use rustix::fs::{Mode, OFlags, StatVfs, openat, statvfs};

/// Opens a file of a group.
fn open(directory: impl AsFd, name: &str, flags: OFlags) -> io::Result<OwnedFd> {
    Ok(openat(directory, name, flags | OFlags::CLOEXEC | OFlags::NOFOLLOW, Mode::empty())?)
}

/// Writes one value to a file of a group.
fn write(directory: impl AsFd, name: &str, value: &str) -> io::Result<()> {
    let file = open(directory, name, OFlags::WRONLY)?;
    rustix::io::write(file, value.as_bytes())?;
    Ok(())
}

/// Reads an open file of a group from its start. `None` where it is larger than any we know.
fn read_text(file: impl AsFd) -> Option<String> {
    let mut text = [0; 4096];
    let size = rustix::io::pread(file, &mut text, 0).ok()?;
    std::str::from_utf8(&text[..size]).ok().map(str::to_owned)
}

/// Reads an open file of a group that holds one number.
fn read_number(file: impl AsFd) -> Option<u64> {
    read_text(file)?.trim().parse().ok()
}

/// The number behind `name` in a file of `name number` lines.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}

/// Bytes of files in memory, all of them below `root`.
fn files(root: Option<&str>) -> u64 {
    let used = |status: StatVfs| (status.f_blocks - status.f_bfree) * status.f_frsize;
    root.and_then(|root| statvfs(root).ok()).map_or(0, used)
}

/// Removes a group and all below it. Whether nothing is left; a group's last process may still be leaving it.
fn remove_tree(path: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(path) else { return !path.exists() };
    let below = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    below.for_each(|entry| {
        remove_tree(&entry.path());
    });
    std::fs::remove_dir(path).is_ok()
}
