use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::OFlags;

use super::super::{field, files, open, read_number, read_text};
use super::SandboxGroup;

/// Tells memory from files: the kernel bounds the sum, this makes the memory limit exact.
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
            usage: open(&sandbox.runs, "memory.current", OFlags::RDONLY)?,
            statistics: open(&sandbox.runs, "memory.stat", OFlags::RDONLY)?,
        })
    }

    pub(crate) fn headroom(&self) -> u64 {
        read_number(&self.usage).map_or(u64::MAX, |usage| self.limit.saturating_sub(usage))
    }

    pub(crate) fn is_exceeded(&self, root: Option<&str>) -> bool {
        let (Some(usage), Some(text)) = (read_number(&self.usage), read_text(&self.statistics)) else { return false };
        let figure = |name| field(&text, name).unwrap_or(0);
        // What the kernel only remembers of files on disks, their contents and their names, it gives back when asked.
        let reclaimable = figure("file").saturating_sub(figure("shmem")).saturating_add(figure("slab_reclaimable"));
        usage.saturating_sub(reclaimable).saturating_sub(files(root)) > self.limit
    }
}
