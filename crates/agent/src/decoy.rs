use std::io;
use std::os::fd::RawFd;

use rustix::event::poll;
use rustix::process::{
    DumpableBehavior, Pid, Signal, getpid, getppid, set_dumpable_behavior, set_parent_process_death_signal,
};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

use crate::confinement::Confinement;
use crate::sys::{Child, Fork, Namespaces, close_descriptors_but, fork, reap};

/// How much likelier than the agent it is killed, in thousandths of the memory limit: more than the agent ever holds, less
/// than the largest process of code that is at the limit.
const BIAS: i32 = 50;

/// A process that the kernel kills in the agent's place, where one control group holds the agent and the code.
///
/// When all of a run were killed for lack of memory, what they held may be counted for some milliseconds after the last of
/// them is gone. Whoever asks for a page meanwhile, if only to open a file, has the kernel kill again; and without this
/// nobody but the agent would be left to be killed (seen with Linux 6.18).
#[derive(Debug)]
pub(crate) struct Decoy {
    child: Child,
}

impl Decoy {
    pub(crate) fn start(confinement: &Confinement<'_>) -> io::Result<Self> {
        let agent = getpid();
        match fork(Namespaces::SHARED)? {
            Fork::Parent(child) => Ok(Self { child }),
            Fork::Child => {
                if prepare(confinement, agent).is_ok() {
                    while poll(&mut [], None).is_err() {}
                }
                crate::leave(1)
            }
        }
    }

    pub(crate) fn is_alive(&self) -> bool {
        matches!(reap(Some(self.child.pid), false), Ok(None))
    }
}

/// Gives up all that it has from the agent, so that it is no use to anybody, and puts itself forward.
fn prepare(confinement: &Confinement<'_>, agent: Pid) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have died before.
    if getppid() != Some(agent) {
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    let kept: Vec<RawFd> = confinement.descriptor().into_iter().collect();
    close_descriptors_but(&kept)?;
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    confinement.seal()?;
    close_descriptors_but(&[])?;
    // A process that is not dumpable cannot write what is its own in /proc, unless it is root's.
    set_dumpable_behavior(DumpableBehavior::Dumpable)?;
    volunteer()?;
    Ok(set_dumpable_behavior(DumpableBehavior::NotDumpable)?)
}

fn volunteer() -> io::Result<()> {
    let score = "/proc/self/oom_score_adj";
    let own: i32 = std::fs::read_to_string(score)?.trim().parse().map_err(io::Error::other)?;
    std::fs::write(score, (own + BIAS).min(1000).to_string())
}
