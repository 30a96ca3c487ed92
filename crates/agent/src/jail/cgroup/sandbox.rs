use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{Gid, Uid};

use super::{GroupLimits, v1, v2, watched};
use crate::descriptors::{self, Received};
use crate::enclosure::Enclosure;
use crate::jail::Trouble;
use crate::poll::{Poll, Source};

/// How the limits of a sandbox are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By groups of version 1.
    Version1,
    /// By groups of version 2, as far as their controllers can be had.
    Version2(v2::Controllers),
    /// By watching, for want of groups.
    Watched,
}

/// How the limits of a sandbox are held, and where that is not by groups: why, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) kind: Kind,
    pub(crate) reason: String,
    pub(crate) remedy: String,
}

/// What all runs of a sandbox may use together.
#[derive(Debug)]
pub(crate) enum SandboxGroup {
    Version1(v1::SandboxGroup),
    Version2(v2::SandboxGroup),
    Watched(watched::Sandbox),
    /// The engine of a container holds the limits.
    Engine,
}

/// A sandbox's group in the making.
#[derive(Debug)]
pub(crate) struct Plan {
    name: String,
    owner: (Uid, Gid),
    way: Way,
}

#[derive(Debug)]
enum Way {
    Version1(v1::Hierarchies),
    Made(v2::SandboxGroup),
    /// For want of any other.
    Watched(Trouble),
}

impl Plan {
    /// Decides which groups there will be. Those of version 2 are made at once: a process starts in them.
    pub(crate) fn make(name: &str, owner: (Uid, Gid)) -> Self {
        let way = match v1::Hierarchies::discover() {
            Ok(hierarchies) if hierarchies.are_complete() => Way::Version1(hierarchies),
            _ => v2::SandboxGroup::create(name, owner).map_or_else(Way::Watched, Way::Made),
        };
        Self { name: name.to_owned(), owner, way }
    }

    /// The group that the jail's first process is to start in, apart from all runs.
    pub(crate) fn entry(&self) -> Option<BorrowedFd<'_>> {
        match &self.way {
            Way::Made(group) => group.entry(),
            _ => None,
        }
    }

    /// Makes what is still to be made.
    pub(crate) fn finish(self) -> (SandboxGroup, Held) {
        let held = |kind| Held { kind, reason: String::new(), remedy: String::new() };
        let trouble = match self.way {
            Way::Made(group) => {
                let kind = Kind::Version2(group.controllers());
                let (reason, remedy) = group.shortcoming();
                return (SandboxGroup::Version2(group), Held { kind, reason, remedy });
            }
            Way::Version1(hierarchies) => match v1::SandboxGroup::create(&hierarchies, &self.name, self.owner) {
                Ok(group) => return (SandboxGroup::Version1(group), held(Kind::Version1)),
                Err(trouble) => trouble,
            },
            Way::Watched(trouble) => trouble,
        };
        let (reason, remedy) = trouble.into_words();
        let nothing = watched::Sandbox { limits: GroupLimits::default(), enclosure: Enclosure::Namespaces };
        (SandboxGroup::Watched(nothing), Held { kind: Kind::Watched, reason, remedy })
    }

    /// Removes what was made.
    pub(crate) fn abandon(self) {
        if let Way::Made(group) = self.way {
            group.remove();
        }
    }
}

impl SandboxGroup {
    /// Sets what all runs may use together.
    pub(crate) fn limit(&mut self, limits: GroupLimits) -> Result<(), Trouble> {
        match self {
            Self::Version1(group) => group.limit(limits),
            Self::Version2(group) => group.limit(limits),
            Self::Watched(_) | Self::Engine => Ok(()),
        }
    }

    /// Whether the kernel can be asked to tell when the memory limit is crossed.
    pub(crate) fn can_watch_memory(&self) -> bool {
        matches!(self, Self::Version1(_))
    }

    /// Has the kernel tell when the memory limit is crossed. For the supervisor once the jail stands: the kernel takes
    /// ten milliseconds and more over it.
    pub(crate) fn watch_memory(&self) -> io::Result<()> {
        match self {
            Self::Version1(group) => group.watch_memory(),
            Self::Version2(_) | Self::Watched(_) | Self::Engine => Ok(()),
        }
    }

    /// Hands the group to the agent, all but the right to remove it.
    pub(crate) fn hand_over(&self, socket: &OwnedFd, held: &Held) -> io::Result<()> {
        let (kind, files) = match self {
            Self::Version1(group) => (1, group.descriptors()),
            Self::Version2(group) => (2, group.descriptors()),
            Self::Watched(_) | Self::Engine => (0, Vec::new()),
        };
        let controllers = if let Kind::Version2(controllers) = &held.kind { controllers.bits() } else { 0 };
        let mut words = vec![kind, controllers];
        words.extend_from_slice(held.reason.as_bytes());
        words.push(0);
        words.extend_from_slice(held.remedy.as_bytes());
        words.truncate(WORDS_MOST);
        descriptors::send(socket, &words, &files)
    }

    /// Waits for the group that the supervisor makes meanwhile.
    pub(crate) fn take_over(socket: &OwnedFd, limits: GroupLimits, enclosure: Enclosure) -> io::Result<(Self, Held)> {
        let Received { bytes: words, descriptors: files, .. } = descriptors::receive_any(socket, WORDS_MOST)?;
        let [kind, controllers, words @ ..] = words.as_slice() else { return Err(io::ErrorKind::InvalidData.into()) };
        let words = String::from_utf8_lossy(words);
        let (reason, remedy) = words.split_once('\0').unwrap_or((&words, ""));
        let held = |kind| Held { kind, reason: reason.to_owned(), remedy: remedy.to_owned() };
        Ok(match kind {
            1 => (Self::Version1(v1::SandboxGroup::from_descriptors(files, limits)?), held(Kind::Version1)),
            2 => {
                let controllers = v2::Controllers::from_bits(*controllers);
                let group = v2::SandboxGroup::from_descriptors(files, controllers, limits)?;
                (Self::Version2(group), held(Kind::Version2(controllers)))
            }
            _ => (Self::Watched(watched::Sandbox { limits, enclosure }), held(Kind::Watched)),
        })
    }

    /// Has the kernel's word on memory wake this poll.
    pub(crate) fn register(&self, poll: &Poll) -> io::Result<()> {
        match self {
            Self::Version1(group) => {
                poll.readable(&group.out_of_memory, 0, Source::OutOfMemory)?;
                poll.readable(&group.memory_crossed, 0, Source::MemoryCrossed)
            }
            Self::Version2(group) => match group.memory_events() {
                Some(events) => poll.notified(events, 0, Source::OutOfMemory),
                None => Ok(()),
            },
            Self::Watched(_) | Self::Engine => Ok(()),
        }
    }

    /// Takes the word: until the next one this wakes nobody.
    pub(crate) fn heed(&self, source: Source) {
        let event = match self {
            Self::Version1(group) if source == Source::OutOfMemory => Some(group.out_of_memory.as_fd()),
            Self::Version1(group) => Some(group.memory_crossed.as_fd()),
            Self::Version2(group) => group.memory_events(),
            Self::Watched(_) | Self::Engine => None,
        };
        if let Some(event) = event {
            // A file of a group is read from its start, a counter has none.
            let mut text = [0; 256];
            let _ = rustix::io::pread(event, &mut text, 0).or_else(|_| rustix::io::read(event, &mut text));
        }
    }

    /// Bytes that may be held, files aside.
    pub(crate) fn memory_limit(&self) -> u64 {
        match self {
            Self::Version1(group) => group.limits.memory,
            Self::Version2(group) => group.limits.memory,
            Self::Watched(sandbox) => sandbox.limits.memory,
            Self::Engine => u64::MAX,
        }
    }

    /// How many processes the sandbox's users may have, where no group counts them: a limit of the kernel's per user,
    /// which in a user namespace of its own counts the sandbox's alone.
    pub(crate) fn user_processes(&self) -> Option<u64> {
        match self {
            Self::Version1(_) | Self::Engine => None,
            Self::Version2(group) if group.controllers().processes => None,
            Self::Version2(group) => Some(&group.limits),
            Self::Watched(sandbox) => Some(&sandbox.limits),
        }
        .map(|limits| limits.processes.saturating_add(OWN_PROCESSES))
    }

    /// Removes the group and all below it, once its last process is gone.
    pub(crate) fn remove(&self) {
        match self {
            Self::Version1(group) => group.remove(),
            Self::Version2(group) => group.remove(),
            Self::Watched(_) | Self::Engine => {}
        }
    }
}

/// The agent, the processes of runs that are the agent's, and those that are made ahead.
const OWN_PROCESSES: u64 = 6;

/// The most that is said about a group, in bytes.
const WORDS_MOST: usize = 2048;
