use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{OFlags, StatVfs, statvfs};

use super::{SandboxGroup, field, open, read_number, read_text};

/// Tells memory from files.
///
/// Writable files lie in memory too, and the kernel bounds only the sum, so the group may hold memory and disk limit
/// together. This watch makes each exact: it looks when the sum crosses the memory limit, and while it stays above.
#[derive(Debug)]
pub(crate) struct MemoryWatch {
    limit: u64,
    usage: OwnedFd,
    statistics: OwnedFd,
}

impl MemoryWatch {
    pub(crate) fn new(sandbox: &SandboxGroup) -> io::Result<Self> {
        Ok(Self {
            limit: sandbox.limits.memory,
            usage: open(&sandbox.memory, "memory.usage_in_bytes", OFlags::RDONLY)?,
            statistics: open(&sandbox.memory, "memory.stat", OFlags::RDONLY)?,
        })
    }

    /// Bytes that may be held, files aside.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Whether more is in use than the limit, files included: only then is a closer look worth its price.
    pub(crate) fn is_near(&self) -> bool {
        read_number(&self.usage).is_some_and(|usage| usage > self.limit)
    }

    /// Whether more memory than the limit is held by anything but files below `root`.
    pub(crate) fn is_exceeded(&self, root: &str) -> bool {
        let (Some(usage), Some(text)) = (read_number(&self.usage), read_text(&self.statistics)) else { return false };
        let figure = |name| field(&text, name).unwrap_or(0);
        let reclaimable = figure("total_cache").saturating_sub(figure("total_shmem"));
        let files = statvfs(root).map_or(0, |status: StatVfs| (status.f_blocks - status.f_bfree) * status.f_frsize);
        usage.saturating_sub(reclaimable).saturating_sub(files) > self.limit
    }
}
