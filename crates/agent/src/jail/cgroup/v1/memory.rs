use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::OFlags;

use super::super::{field, files, open, read_number, read_text};
use super::SandboxGroup;

/// Tells memory from files.
///
/// Writable files lie in memory too, and the kernel bounds only the sum, so the group may hold memory and disk limit
/// together. This watch makes each exact: it looks when the sum crosses the memory limit, and while it stays above.
#[derive(Debug)]
pub(crate) struct MemoryWatch {
    limit: u64,
    outer_bound: u64,
    bound: OwnedFd,
    usage: OwnedFd,
    statistics: OwnedFd,
}

impl MemoryWatch {
    pub(crate) fn new(sandbox: &SandboxGroup) -> io::Result<Self> {
        Ok(Self {
            limit: sandbox.limits.memory,
            outer_bound: sandbox.limits.bound(),
            bound: rustix::io::fcntl_dupfd_cloexec(&sandbox.memory_bound, 3)?,
            usage: open(&sandbox.memory, "memory.usage_in_bytes", OFlags::RDONLY)?,
            statistics: open(&sandbox.memory, "memory.stat", OFlags::RDONLY)?,
        })
    }

    /// Whether more is in use than the limit, files included: only then is a closer look worth its price.
    pub(crate) fn is_near(&self) -> bool {
        read_number(&self.usage).is_some_and(|usage| usage > self.limit)
    }

    /// Whether more memory than the limit is held by anything but files below `root`, and by what the kernel can do
    /// without.
    pub(crate) fn is_exceeded(&self, root: Option<&str>) -> bool {
        self.is_held(root) && !self.is_given_back(root) && self.is_held(root)
    }

    /// Whether more than the limit is held by anything but files, as far as the kernel tells: what it remembers of the
    /// host's files counts as held, too, since version 1 does not say how much of its own memory that is.
    fn is_held(&self, root: Option<&str>) -> bool {
        let (Some(usage), Some(text)) = (read_number(&self.usage), read_text(&self.statistics)) else { return false };
        let figure = |name| field(&text, name).unwrap_or(0);
        let reclaimable = figure("total_cache").saturating_sub(figure("total_shmem"));
        usage.saturating_sub(reclaimable).saturating_sub(files(root)) > self.limit
    }

    /// Has the kernel give up what it can, by a bound that it accepts only where all that is held fits.
    fn is_given_back(&self, root: Option<&str>) -> bool {
        let narrow = self.limit.saturating_add(files(root)).min(self.outer_bound);
        let set = |bytes: u64| rustix::io::pwrite(&self.bound, bytes.to_string().as_bytes(), 0);
        let fits = set(narrow) != Err(rustix::io::Errno::BUSY);
        // It is no lower than what was set, so that it cannot be refused.
        let _ = set(self.outer_bound);
        fits
    }
}
