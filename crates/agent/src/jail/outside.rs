use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use llm_sandbox_protocol::JailSpec;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::Gid;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::process::{Signal, getegid, geteuid, pidfd_send_signal};

use super::assignment;
use super::cgroup::{GroupLimits, Held, Plan, SandboxGroup};
use super::fork_server::Supply;
use super::identity::Identity;
use super::maps::{owner_map, write_maps};
use super::place::Place;
use super::steps::Steps;
use super::turns::Turns;
use super::void::Void;
use super::{Trouble, descent, enter, mount};
use crate::enclosure::Enclosure;
use crate::sys::{Child, Fork, Namespaces, fork_into, kill_all_others, reap};

/// A jail, seen from outside.
pub(super) struct Jail {
    enclosure: Enclosure,
    /// Where it has no root of its own.
    place: Option<Place>,
    child: Child,
    group: SandboxGroup,
    held: Held,
    identity: Identity,
    /// Ends when this process does.
    lifeline: OwnedFd,
}

/// How a jail ended.
#[derive(Debug, Default)]
pub(super) struct End {
    /// Why, where nobody asked for it.
    pub(super) words: String,
    /// What could not be removed.
    pub(super) left: Option<String>,
}

impl Jail {
    /// Builds all of it that does not depend on a spec: a host may have that done ahead.
    pub(super) fn build(
        enclosure: Enclosure,
        temporary: &Path,
        void: Option<&Void>,
        streams: (OwnedFd, &std::fs::File),
        mut steps: Steps,
    ) -> Result<Self, Trouble> {
        let identity = Identity::take(enclosure)?;
        steps.done("identity");
        let place = match enclosure {
            Enclosure::Namespaces => None,
            Enclosure::Descent => {
                Some(Place::make(temporary, &identity.name(), identity.code().map(|(_, group)| Gid::from_raw(group)))?)
            }
        };
        let agent = place.as_ref().map_or_else(|| identity.agent(), |_| (geteuid(), getegid()));
        let plan = Plan::make(&identity.name(), agent);
        let started = match &place {
            None => Self::start(streams, steps, plan.entry(), (identity.is_own(), void)),
            Some(place) => Self::start_among_others(streams, steps, plan.entry(), (place, identity.code())),
        };
        let (child, lifeline) = match started {
            Ok(started) => started,
            Err(trouble) => {
                plan.abandon();
                // It is empty, and the other trouble is the one to tell.
                let _ = place.map(|place| place.remove());
                return Err(trouble);
            }
        };
        let mapped = Self::map(enclosure, &identity, &child, &lifeline);
        // Meanwhile the child builds its root.
        let (group, held) = plan.finish();
        let jail = Self { enclosure, place, child, group, held, identity, lifeline };
        match mapped {
            Ok(()) => Ok(jail),
            Err(trouble) => {
                jail.remove_at_once();
                Err(trouble)
            }
        }
    }

    /// Starts the jail's first process.
    fn start(
        (pipe, control): (OwnedFd, &std::fs::File),
        mut steps: Steps,
        group: Option<BorrowedFd<'_>>,
        (is_own_user, void): (bool, Option<&Void>),
    ) -> Result<(Child, OwnedFd), Trouble> {
        let prepared = mount::system()?;
        steps.done("system mounts");
        let control = control.try_clone().map_err(|error| Trouble::new("share the control stream", error))?;
        let sync = |error: io::Error| Trouble::new("start the jail's first process", error);
        let (held, lifeline) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
            .map_err(|error| sync(error.into()))?;
        let namespaces = if group.is_some() { Namespaces::JAIL_IN_GROUP } else { Namespaces::JAIL };
        // An ordinary user is in namespaces of its own by now, from which there is no way in there.
        let void = void.filter(|_| !is_own_user);
        let begin = || match fork_into(group, namespaces)? {
            Fork::Parent(child) => Ok(child),
            Fork::Child => {
                let outside = enter::Outside { pipe, control, lifeline, is_own_user };
                enter::enter(prepared, outside, void.is_some(), steps)
            }
        };
        let begun = match void {
            Some(void) => void.within(begin).map_err(sync)?,
            None => begin(),
        };
        Ok((begun.map_err(|error| sync(error).hint(NO_NAMESPACES))?, held))
    }

    /// Starts the agent where there are no namespaces.
    fn start_among_others(
        (pipe, control): (OwnedFd, &std::fs::File),
        steps: Steps,
        group: Option<BorrowedFd<'_>>,
        (place, code): (&Place, Option<(u32, u32)>),
    ) -> Result<(Child, OwnedFd), Trouble> {
        let sync = |error: io::Error| Trouble::new("start the agent", error);
        let control = control.try_clone().map_err(sync)?;
        let (held, lifeline) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
            .map_err(|error| sync(error.into()))?;
        match fork_into(group, Namespaces::SHARED).map_err(sync)? {
            Fork::Parent(child) => Ok((child, held)),
            Fork::Child => {
                drop(held);
                let outside = enter::Outside { pipe, control, lifeline, is_own_user: code.is_none() };
                descent::enter(place, code, outside, steps)
            }
        }
    }

    /// Gives the child its ids.
    fn map(enclosure: Enclosure, identity: &Identity, child: &Child, lifeline: &OwnedFd) -> Result<(), Trouble> {
        let [users, groups] = identity.maps();
        let mapped = match enclosure {
            Enclosure::Namespaces => write_maps(child.pid, &users, &groups),
            Enclosure::Descent => Ok(()),
        };
        mapped
            .and_then(|()| rustix::io::write(lifeline, b"+").map_err(Into::into))
            .map_err(|error| Trouble::new("map the user ids", error))?;
        Ok(())
    }

    /// Makes it the sandbox that the host asks for.
    pub(super) fn assign(mut self, spec: &JailSpec, was_awaited: bool, turns: &Turns) -> Result<Self, Trouble> {
        match self.try_assign(spec, was_awaited) {
            Ok(()) => Ok(self),
            Err(trouble) => {
                self.remove(turns);
                Err(trouble)
            }
        }
    }

    fn try_assign(&mut self, spec: &JailSpec, was_awaited: bool) -> Result<(), Trouble> {
        let trees = match self.enclosure {
            Enclosure::Namespaces => mount::shared(spec, |user, group| owner_map(&self.identity, (user, group)))?,
            Enclosure::Descent => Vec::new(),
        };
        let told = assignment::send(&self.lifeline, spec, &trees, was_awaited);
        self.group.limit(match self.enclosure {
            Enclosure::Namespaces => limits(spec),
            Enclosure::Descent => descent::limits(spec),
        })?;
        match told.and_then(|()| self.group.hand_over(&self.lifeline, &self.held)) {
            // The child has given up already, and told the host why.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(|error| Trouble::new("hand over the spec and the cgroup", error)),
        }
    }

    /// Waits until the host is gone, asks for the end, or the jail ends by itself; then removes it. Returns why it ended.
    pub(super) fn guard(self, control: &std::fs::File, supply: &Supply) -> End {
        // The agent looks at the memory itself until the kernel tells it to; most sandboxes are over before that.
        let mut watching = Some(MEMORY_WATCH_DELAY).filter(|_| self.group.can_watch_memory());
        let (mut trouble, mut by_itself) = (String::new(), false);
        while trouble.is_empty() {
            let watched = [supply.host.pidfd.as_fd(), control.as_fd(), self.child.pidfd.as_fd()];
            let mut watched = watched.map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
            match poll(&mut watched, watching.as_ref()) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(0) => {
                    watching = None;
                    let failed = self.group.watch_memory().err();
                    trouble = failed
                        .map(|error| format!("the memory limit could not be watched: {error}"))
                        .unwrap_or_default();
                }
                _ => {
                    by_itself = !watched[2].revents().is_empty();
                    break;
                }
            }
        }
        let End { words, left } = self.remove(&supply.turns);
        End { words: if by_itself { words } else { trouble }, left }
    }

    /// Kills it and removes all of it, when it is its turn. Says how its first process ended.
    pub(super) fn remove(self, turns: &Turns) -> End {
        turns.take(|| self.remove_at_once())
    }

    fn remove_at_once(self) -> End {
        let status = end(&self.child);
        let mut left = None;
        if let Some(place) = self.place {
            // No namespace has died with the agent.
            while kill_children().is_some() {}
            if let Err(error) = place.remove() {
                left = Some(format!("{}: {error}", place.path().display()));
            }
        }
        self.group.remove();
        End { words: obituary(status), left }
    }
}

/// What a spec lets all runs use.
pub(super) fn limits(spec: &JailSpec) -> GroupLimits {
    GroupLimits { memory: spec.memory, disk: spec.disk, cpu_quota: spec.cpu_quota, processes: spec.processes }
}

/// How long a sandbox must live before the kernel is asked to watch its memory, which takes it long.
const MEMORY_WATCH_DELAY: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

const NO_NAMESPACES: &str =
    "raise /proc/sys/user/max_user_namespaces, and run outside containers that forbid namespaces";

/// Kills the jail's first process, and with it everything inside, and waits until all of it is gone.
fn end(child: &Child) -> Option<i32> {
    // It may have ended by itself.
    let _ = pidfd_send_signal(&child.pidfd, Signal::KILL);
    reap(Some(child.pid), true).ok().flatten().map(|reaped| reaped.status)
}

/// Kills all that this process may signal, which is what descends from it, and reaps one; `None` where there is none.
fn kill_children() -> Option<()> {
    // Nobody may be left.
    let _ = kill_all_others();
    reap(None, true).ok().flatten().map(drop)
}

fn obituary(status: Option<i32>) -> String {
    match status {
        Some(status) if libc::WIFSIGNALED(status) => {
            format!("the agent was ended by signal {}", libc::WTERMSIG(status))
        }
        Some(status) if libc::WEXITSTATUS(status) != 0 => {
            format!("the agent left with status {}", libc::WEXITSTATUS(status))
        }
        _ => String::new(),
    }
}
