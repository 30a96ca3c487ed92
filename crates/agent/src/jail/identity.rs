use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{CWD, Gid, Mode, OFlags, Uid, mkdir, openat};
use rustix::io::Errno;
use rustix::process::{getegid, geteuid, getpid};
use rustix::thread::{CapabilitySet, capabilities};

use super::{Trouble, USER};
use crate::enclosure::Enclosure;
use crate::sys::{enter_user_and_mount_namespace, try_lock_byte};

/// User ids from here on belong to nobody: above what systemd hands out to containers, below where ids stop being
/// positive 32-bit numbers (<https://systemd.io/UIDS-GIDS/>).
const FIRST: u32 = 0x7000_0000;
/// Ids of one sandbox: its root and its user.
const PER_SANDBOX: u32 = 2;
const SLOTS: u32 = 0x0fff_0000 / PER_SANDBOX;

/// Behind the last id.
const LAST: u64 = 0x7fff_0000;

const RUNTIME: &str = "/run/llm-sandbox";
const LEASES: &str = "/run/llm-sandbox/leases";

/// Who a sandbox is on this host.
#[derive(Debug)]
pub(crate) enum Identity {
    /// Users of its own.
    Leased(Lease),
    /// The user who opened it: agent and code share its id, and differ in their capabilities.
    Own(Own),
}

/// The user who opened a sandbox.
#[derive(Debug)]
pub(crate) struct Own {
    user: Uid,
    group: Gid,
    name: String,
}

impl Identity {
    /// Takes ids that nobody else holds, where this process may; else makes do with its own, and enters a user namespace
    /// in which it can do the rest, where there are to be namespaces.
    pub(crate) fn take(enclosure: Enclosure) -> Result<Self, Trouble> {
        let needed = match enclosure {
            Enclosure::Namespaces => TO_LEASE | CapabilitySet::SYS_ADMIN,
            Enclosure::Descent => TO_LEASE | CapabilitySet::KILL,
        };
        if may_lease(needed).map_err(|error| Trouble::new("look up the own privileges", error))? {
            return Lease::take().map(Self::Leased);
        }
        let trouble = |error| Trouble::new(OWN_NAMESPACE, error);
        let (user, group) = (geteuid(), getegid());
        if enclosure == Enclosure::Namespaces {
            enter_user_and_mount_namespace().map_err(trouble)?;
            map_own(user, group).map_err(trouble)?;
        }
        // What a supervisor that was killed has left behind is in nobody's way.
        let name = format!("llm-sandbox-own-{}-{:08x}", getpid().as_raw_nonzero(), random().map_err(trouble)?);
        Ok(Self::Own(Own { user, group, name }))
    }

    /// Ids inside and outside, of users and of groups: root's, if there is one, and the code's.
    pub(crate) fn maps(&self) -> [Vec<(u32, u32)>; 2] {
        match self {
            Self::Leased(lease) => {
                [vec![(0, lease.root()), (USER, lease.user())], vec![(0, lease.root()), (USER, lease.user())]]
            }
            Self::Own(Own { user, group, .. }) => [vec![(USER, user.as_raw())], vec![(USER, group.as_raw())]],
        }
    }

    /// The host's user and group of the agent.
    pub(crate) fn agent(&self) -> (Uid, Gid) {
        match self {
            Self::Leased(lease) => (Uid::from_raw(lease.root()), Gid::from_raw(lease.root())),
            Self::Own(Own { user, group, .. }) => (*user, *group),
        }
    }

    /// The host's ids of the code, where they are the sandbox's own.
    pub(crate) fn code(&self) -> Option<(u32, u32)> {
        match self {
            Self::Leased(lease) => Some((lease.user(), lease.user())),
            Self::Own(_) => None,
        }
    }

    /// Whether agent and code share the id of who opened the sandbox.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }

    /// The sandbox's name on this host.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Leased(lease) => lease.name(),
            Self::Own(own) => own.name.clone(),
        }
    }
}

/// The step that fails where user namespaces are blocked; the host explains it.
const OWN_NAMESPACE: &str = "enter a user namespace";

/// What it takes to make files and processes another user's.
const TO_LEASE: CapabilitySet = CapabilitySet::SETUID.union(CapabilitySet::SETGID).union(CapabilitySet::CHOWN);

/// Whether this process may use ids that are not its own, and there are such.
fn may_lease(needed: CapabilitySet) -> io::Result<bool> {
    if !geteuid().is_root() || !capabilities(None)?.effective.contains(needed) {
        return Ok(false);
    }
    let covers = |text: String| {
        text.lines().any(|line| {
            let mut numbers = line.split_whitespace().map_while(|number| number.parse::<u64>().ok());
            let (first, _, count) = (numbers.next(), numbers.next(), numbers.next());
            let end = first.zip(count).map(|(first, count)| first.saturating_add(count));
            first.is_some_and(|first| first <= FIRST.into()) && end.is_some_and(|end| end >= LAST)
        })
    };
    Ok(covers(std::fs::read_to_string("/proc/self/uid_map")?) && covers(std::fs::read_to_string("/proc/self/gid_map")?))
}

/// Gives this process the ids it had, in its new namespace.
fn map_own(user: Uid, group: Gid) -> io::Result<()> {
    std::fs::write("/proc/self/uid_map", format!("{0} {0} 1\n", user.as_raw()))?;
    // Only so may it map a group without privileges outside.
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/gid_map", format!("{0} {0} 1\n", group.as_raw()))
}

/// The host's user ids of one sandbox, different from those of every other sandbox alive on this host.
///
/// Held by a lock on one byte of a file that all share, which ends with the process however that ends.
#[derive(Debug)]
pub(crate) struct Lease {
    slot: u32,
    _locked: OwnedFd,
}

impl Lease {
    fn take() -> Result<Self, Trouble> {
        let trouble = |error| Trouble::new("lease user ids", error).at(LEASES).hint("make /run writable for root");
        let file = leases().map_err(trouble)?;
        for _ in 0..64 {
            let slot = random().map_err(trouble)? % SLOTS;
            if try_lock_byte(&file, slot).map_err(trouble)? {
                return Ok(Self { slot, _locked: file });
            }
        }
        Err(trouble(io::ErrorKind::ResourceBusy.into()))
    }

    /// The id that root of the sandbox has on the host.
    fn root(&self) -> u32 {
        FIRST + self.slot * PER_SANDBOX
    }

    /// The id that the sandbox's user has on the host.
    fn user(&self) -> u32 {
        self.root() + 1
    }

    fn name(&self) -> String {
        format!("llm-sandbox-{}", slot_name(self.slot))
    }
}

fn random() -> io::Result<u32> {
    let mut bytes = [0; 4];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())?;
    Ok(u32::from_ne_bytes(bytes))
}

fn slot_name(slot: u32) -> String {
    format!("{slot:07x}")
}

fn leases() -> io::Result<OwnedFd> {
    let flags = OFlags::CREATE | OFlags::RDWR | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = || openat(CWD, LEASES, flags, Mode::RUSR | Mode::WUSR);
    match open() {
        Err(Errno::NOENT) => match mkdir(RUNTIME, Mode::RWXU) {
            Err(error) if error != Errno::EXIST => Err(error.into()),
            _ => Ok(open()?),
        },
        other => Ok(other?),
    }
}
