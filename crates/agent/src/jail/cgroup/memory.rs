use std::io;
use std::time::Duration;

use super::{SandboxGroup, v1, v2, watched};
use crate::enclosure::Enclosure;

/// No code fills memory faster.
const BYTES_PER_NANOSECOND: u64 = 16;

/// Between two looks at memory.
const SHORTEST: Duration = Duration::from_millis(2);
const LONGEST: Duration = Duration::from_millis(20);

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

    /// How much less than the limit is in use, files included, in bytes: only where nothing is left is a closer look
    /// worth its price.
    pub(crate) fn headroom(&self) -> u64 {
        match self {
            Self::Version1(watch) => watch.headroom(),
            Self::Version2(watch) => watch.headroom(),
            Self::Watched(sandbox) => sandbox.headroom(),
            Self::Nobody => u64::MAX,
        }
    }

    /// How long after a look that found this headroom the next one is due.
    pub(crate) fn interval(&self, headroom: u64) -> Duration {
        match self {
            Self::Version1(_) | Self::Version2(_) if headroom > 0 => {
                Duration::from_nanos(headroom / BYTES_PER_NANOSECOND).clamp(SHORTEST, LONGEST)
            }
            // A look that is not a single number's costs more.
            _ => LONGEST,
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
