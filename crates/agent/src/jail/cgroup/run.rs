use std::io;
use std::os::fd::BorrowedFd;

use rustix::process::Pid;

use super::{SandboxGroup, engine, v1, v2, watched};

/// The group of one run.
#[derive(Debug)]
pub(crate) enum RunGroup {
    Version1(v1::RunGroup),
    Version2(v2::RunGroup),
    Watched(watched::Run),
    Engine(engine::Run),
}

/// What a run used so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Consumed {
    /// Nanoseconds.
    pub(crate) user_time: Option<u64>,
    /// Nanoseconds.
    pub(crate) system_time: Option<u64>,
    /// Bytes.
    pub(crate) peak_memory: Option<u64>,
    pub(crate) peak_processes: Option<u64>,
}

macro_rules! each {
    ($self:ident, $group:ident => $then:expr) => {
        match $self {
            RunGroup::Version1($group) => $then,
            RunGroup::Version2($group) => $then,
            RunGroup::Watched($group) => $then,
            RunGroup::Engine($group) => $then,
        }
    };
}

impl RunGroup {
    /// Makes group number `number` of a sandbox.
    pub(crate) fn create(sandbox: &SandboxGroup, number: u32) -> io::Result<Self> {
        Ok(match sandbox {
            SandboxGroup::Version1(sandbox) => Self::Version1(v1::RunGroup::create(sandbox, number)?),
            SandboxGroup::Version2(sandbox) => Self::Version2(v2::RunGroup::create(sandbox, number)?),
            SandboxGroup::Watched(sandbox) => Self::Watched(watched::Run::new(sandbox.enclosure)),
            SandboxGroup::Engine => Self::Engine(engine::Run::new()),
        })
    }

    /// Makes the group ready for the next run.
    pub(crate) fn renew(&mut self, sandbox: &SandboxGroup) -> io::Result<()> {
        match (self, sandbox) {
            (Self::Version1(group), SandboxGroup::Version1(sandbox)) => group.renew(sandbox),
            (Self::Version2(group), SandboxGroup::Version2(sandbox)) => group.renew(sandbox),
            (Self::Watched(group), SandboxGroup::Watched(sandbox)) => {
                *group = watched::Run::new(sandbox.enclosure);
                Ok(())
            }
            (Self::Engine(group), SandboxGroup::Engine) => {
                *group = engine::Run::new();
                Ok(())
            }
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// The group that a process is to be started in, where that is better than [`RunGroup::join`].
    pub(crate) fn entry(&self) -> Option<BorrowedFd<'_>> {
        match self {
            Self::Version2(group) => Some(group.entry()),
            _ => None,
        }
    }

    /// Moves the calling process in, unless it has started there.
    pub(crate) fn join(&self) -> io::Result<()> {
        match self {
            Self::Version1(group) => group.join(),
            Self::Version2(_) | Self::Watched(_) | Self::Engine(_) => Ok(()),
        }
    }

    /// Says which process the run descends from.
    pub(crate) fn follow(&mut self, init: Pid) {
        match self {
            Self::Watched(group) => group.follow(init),
            Self::Engine(group) => group.follow(init),
            Self::Version1(_) | Self::Version2(_) => {}
        }
    }

    /// Starts counting what the run uses.
    pub(crate) fn begin(&mut self) {
        each!(self, group => group.begin());
    }

    /// CPU time since the run began, in nanoseconds.
    pub(crate) fn cpu_time(&self) -> u64 {
        each!(self, group => group.cpu_time())
    }

    /// Memory that the run took since it began, its files included, in bytes. What an earlier one left is not its own.
    pub(crate) fn taken_memory(&self) -> u64 {
        each!(self, group => group.taken_memory())
    }

    /// Whether the kernel killed one of the run's processes for lack of memory.
    pub(crate) fn was_out_of_memory(&self) -> bool {
        match self {
            Self::Version1(group) => group.was_out_of_memory(),
            Self::Version2(group) => group.was_out_of_memory(),
            Self::Watched(_) => false,
            Self::Engine(group) => group.was_out_of_memory(),
        }
    }

    /// Whether the run was refused a process or a thread.
    pub(crate) fn was_refused_processes(&self) -> bool {
        match self {
            Self::Version1(group) => group.was_refused_processes(),
            Self::Version2(group) => group.was_refused_processes(),
            Self::Watched(_) | Self::Engine(_) => false,
        }
    }

    /// What the run used.
    pub(crate) fn consumed(&self) -> Consumed {
        each!(self, group => group.consumed())
    }
}
