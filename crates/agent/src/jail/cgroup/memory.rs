use std::io;

use super::{SandboxGroup, v1, v2, watched};
use crate::enclosure::Enclosure;

/// Tells memory from files: writable files lie in memory too, and the kernel bounds only the sum.
#[derive(Debug)]
pub(crate) enum MemoryWatch {
    Version1(v1::MemoryWatch),
    Version2(v2::MemoryWatch),
    Watched(watched::Sandbox),
    /// The engine of a container does.
    Nobody,
}

impl MemoryWatch {
    pub(crate) fn new(sandbox: &SandboxGroup, enclosure: Enclosure) -> io::Result<Self> {
        Ok(match sandbox {
            SandboxGroup::Version1(sandbox) => Self::Version1(v1::MemoryWatch::new(sandbox)?),
            SandboxGroup::Version2(sandbox) if sandbox.controllers().memory => {
                Self::Version2(v2::MemoryWatch::new(sandbox)?)
            }
            SandboxGroup::Version2(sandbox) => {
                Self::Watched(watched::Sandbox { limits: sandbox.limits.clone(), enclosure })
            }
            SandboxGroup::Watched(sandbox) => Self::Watched(sandbox.clone()),
            SandboxGroup::Engine => Self::Nobody,
        })
    }

    /// Whether more is in use than the limit, files included: only then is a closer look worth its price.
    pub(crate) fn is_near(&self) -> bool {
        match self {
            Self::Version1(watch) => watch.is_near(),
            Self::Version2(watch) => watch.is_near(),
            Self::Watched(sandbox) => sandbox.is_near(),
            Self::Nobody => false,
        }
    }

    /// Whether more memory than the limit is held by anything but files below `root`, and by what the kernel can do
    /// without.
    pub(crate) fn is_exceeded(&self, root: Option<&str>) -> bool {
        match self {
            Self::Version1(watch) => watch.is_exceeded(root),
            Self::Version2(watch) => watch.is_exceeded(root),
            Self::Watched(sandbox) => sandbox.is_exceeded(),
            Self::Nobody => false,
        }
    }
}
