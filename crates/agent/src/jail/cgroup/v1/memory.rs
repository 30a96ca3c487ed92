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

/// How often the kernel is asked to give up what it can: while files are read it remembers more as fast as it forgets.
const ATTEMPTS: usize = 3;

/// Bytes held by anything but files, as far as the kernel tells: version 1 does not say how much of its own memory is
/// what it only remembers of the host's files.
#[derive(Debug)]
struct Held {
    /// By the code itself.
    surely: u64,
    /// With all of the kernel's own.
    at_most: u64,
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

    /// How much less than the limit is in use, files included. Nothing at the limit itself: the kernel tells as soon as
    /// it is reached.
    pub(crate) fn headroom(&self) -> u64 {
        read_number(&self.usage).map_or(u64::MAX, |usage| self.limit.saturating_sub(usage))
    }

    /// Whether more memory than the limit is held by anything but files below `root`, and by what the kernel can do
    /// without.
    pub(crate) fn is_exceeded(&self, root: Option<&str>) -> bool {
        match self.held(root) {
            None => false,
            // The program may be over before the kernel has given anything back.
            Some(Held { surely, .. }) if surely > self.limit => true,
            Some(held) => {
                let is_held = |held: Held| held.at_most > self.limit;
                let still = || !self.is_given_back(root) && self.held(root).is_some_and(is_held);
                is_held(held) && std::iter::repeat_with(still).take(ATTEMPTS).all(|still| still)
            }
        }
    }

    fn held(&self, root: Option<&str>) -> Option<Held> {
        let (usage, text) = (read_number(&self.usage)?, read_text(&self.statistics)?);
        let figure = |name| field(&text, name).unwrap_or(0);
        let (shared, files) = (figure("total_shmem"), files(root));
        let reclaimable = figure("total_cache").saturating_sub(shared);
        Some(Held {
            surely: figure("total_rss").saturating_add(shared).saturating_sub(files),
            at_most: usage.saturating_sub(reclaimable).saturating_sub(files),
        })
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
