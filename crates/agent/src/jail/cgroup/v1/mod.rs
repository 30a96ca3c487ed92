//! Version 1: a hierarchy per controller, no group kill, no group out-of-memory kill.

mod hierarchy;
mod memory;
mod run;
mod sandbox;

pub(crate) use hierarchy::Hierarchies;
pub(crate) use memory::MemoryWatch;
pub(crate) use run::RunGroup;
pub(crate) use sandbox::SandboxGroup;

use std::io;
use std::os::fd::AsFd;

use super::write;

/// Bounds what TCP sockets hold, which version 1 counts apart from all other memory and only where there is a limit.
fn limit_tcp(memory: impl AsFd, bytes: u64) -> io::Result<()> {
    match write(memory, "memory.kmem.tcp.limit_in_bytes", &bytes.to_string()) {
        // A kernel without this counter has no other way.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
