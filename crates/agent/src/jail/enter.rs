use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::PathBuf;

use llm_sandbox_protocol::{JailReady, JailSpec};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Gid, Uid};
use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal};
use rustix::thread::{
    CapabilitySet, CapabilitySets, remove_capability_from_bounding_set, set_capabilities, set_no_new_privs,
    set_thread_groups, set_thread_res_gid, set_thread_res_uid,
};

use super::assignment::{self, Assignment};
use super::cgroup::{MemoryWatch, SandboxGroup};
use super::mount::{self, Prepared};
use super::seccomp::Ground;
use super::steps::Steps;
use super::{Trouble, USER, landlock, outside, promises, seccomp, supervise};
use crate::confinement::{CodeUser, Confinement, Groups};
use crate::enclosure::Enclosure;
use crate::sys::{close_descriptors_but, load_filter, raise_loopback};

/// What still leads out of the jail.
pub(super) struct Outside {
    /// The byte pipe to the host.
    pub(super) pipe: OwnedFd,
    pub(super) control: File,
    /// Its other end is the supervisor's: one byte says that the user ids are mapped, its end that there is none.
    pub(super) lifeline: OwnedFd,
    /// Agent and code share the id of whoever opened the sandbox.
    pub(super) is_own_user: bool,
}

/// Shuts this process in and serves; for the first process of new namespaces, whose mounts are the host's or void. Never
/// returns.
pub(super) fn enter(prepared: Prepared, outside: Outside, is_void: bool, steps: Steps) -> ! {
    let served = match shut_in(prepared, &outside, is_void, steps) {
        Ok((group, walls)) => {
            drop((outside.control, outside.lifeline));
            let (landlock, watch) = walls;
            let user = if outside.is_own_user { CodeUser::Same(USER) } else { CodeUser::Other(USER) };
            let filter = seccomp::run_filter(Ground::Jail);
            let groups = Groups::new(&group, watch);
            let confinement = Confinement::new(Enclosure::Namespaces, (user, 0), groups, landlock, filter);
            crate::serve::serve(outside.pipe, confinement)
        }
        Err(trouble) => supervise::failed(&outside.control, trouble),
    };
    crate::leave(i32::from(served.is_err()))
}

/// What runs are held in by: a Landlock ruleset, where the kernel has it, and the watch over their memory.
pub(super) type Walls = (Option<OwnedFd>, MemoryWatch);

fn shut_in(
    prepared: Prepared,
    outside: &Outside,
    is_void: bool,
    mut steps: Steps,
) -> Result<(SandboxGroup, Walls), Trouble> {
    // What the supervisor holds is not for the jail.
    keep_only(&prepared, outside).map_err(step("close the supervisor's descriptors"))?;
    // Until the ids are mapped this process is nobody.
    wait_for_maps(&outside.lifeline).map_err(step("wait for the user ids"))?;
    if !outside.is_own_user {
        become_root().map_err(step("become the jail's root"))?;
    } else {
        // What /proc shows of this process, and of those it forks, would be the code's to look at.
        set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|e| step("hide from the code")(e.into()))?;
    }
    // A change of ids forgets this, so only now; and the supervisor may have died before it.
    die_with_supervisor(&outside.lifeline).map_err(step("follow the supervisor's death"))?;
    steps.done("namespaces");
    // Files made from here on are readable by the code unless said otherwise.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let root = mount::assemble(prepared, is_void)?;
    steps.done("root");
    // Programs expect to reach themselves; there is no other interface.
    raise_loopback().map_err(step("raise the loopback interface"))?;
    steps.done("network");
    // All that is the same for every sandbox stands; from here on it is this one.
    let Assignment { spec, trees, was_awaited } =
        assignment::receive(&outside.lifeline, Enclosure::Namespaces).map_err(step("await the spec"))?;
    if was_awaited {
        steps.restart();
    }
    mount::complete(&root, &spec, trees)?;
    if outside.is_own_user {
        mount::shield(&root, &spec)?;
    }
    drop(root);
    rustix::system::sethostname(spec.hostname.as_bytes()).map_err(|e| step("name the host")(e.into()))?;
    let landlock = landlock::build(&[PathBuf::from("/")], &writable(&spec), landlock::DEVICES)
        .map_err(step("prepare Landlock"))?;
    steps.done("spec");
    // The supervisor has made it meanwhile, or reports itself why it could not.
    let (group, held) = SandboxGroup::take_over(&outside.lifeline, outside::limits(&spec), Enclosure::Namespaces)
        .map_err(step("await the cgroup"))?;
    let watch = MemoryWatch::new(&group, Enclosure::Namespaces).map_err(step("watch the memory"))?;
    steps.done("cgroup");
    drop_privileges(KEPT).map_err(step("drop privileges"))?;
    load_filter(&seccomp::agent_filter()).map_err(step("load the agent's filter"))?;
    steps.done("privileges");
    let guarantees = promises::in_namespaces(landlock.is_some(), outside.is_own_user, &held);
    supervise::ready(&outside.control, JailReady { steps: steps.finish(), guarantees, root: None })
        .map_err(step("tell the host"))?;
    Ok((group, (landlock, watch)))
}

pub(super) fn step(name: &'static str) -> impl Fn(io::Error) -> Trouble {
    move |error| Trouble::new(name, error)
}

pub(super) fn keep_only(prepared: &Prepared, outside: &Outside) -> io::Result<()> {
    let own = [0, 1, 2, outside.pipe.as_raw_fd(), outside.control.as_raw_fd(), outside.lifeline.as_raw_fd()];
    let mounts = prepared.descriptors();
    let kept: Vec<_> = own.into_iter().chain(mounts).collect();
    close_descriptors_but(&kept)
}

pub(super) fn wait_for_maps(lifeline: &OwnedFd) -> io::Result<()> {
    match rustix::io::read(lifeline, &mut [0; 1])? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

fn become_root() -> io::Result<()> {
    set_thread_groups(&[])?;
    set_thread_res_gid(Gid::ROOT, Gid::ROOT, Gid::ROOT)?;
    Ok(set_thread_res_uid(Uid::ROOT, Uid::ROOT, Uid::ROOT)?)
}

pub(super) fn die_with_supervisor(lifeline: &OwnedFd) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut watched = [PollFd::from_borrowed_fd(lifeline.as_fd(), PollFlags::IN)];
    poll(&mut watched, Some(&Timespec::default()))?;
    if watched[0].revents().contains(PollFlags::HUP) { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
}

/// What an agent needs to start runs as another user, with its files, and to end them.
pub(crate) const TO_SERVE_RUNS: CapabilitySet =
    CapabilitySet::SETUID.union(CapabilitySet::SETGID).union(CapabilitySet::CHOWN).union(CapabilitySet::KILL);

/// The same where each run has namespaces and mounts of its own.
const KEPT: CapabilitySet = TO_SERVE_RUNS.union(CapabilitySet::SYS_ADMIN);

pub(crate) fn drop_privileges(kept: CapabilitySet) -> io::Result<()> {
    // Nothing that is executed inside, setuid or not, gets any capability back.
    for capability in CapabilitySet::all().iter() {
        match remove_capability_from_bounding_set(capability) {
            // The kernel is older than the list.
            Err(rustix::io::Errno::INVAL) => {}
            // Not this process's to take away; without privileges nothing is gained by it.
            Err(rustix::io::Errno::PERM) if kept.is_empty() => {}
            other => other?,
        }
    }
    let sets = CapabilitySets { effective: kept, permitted: kept, inheritable: CapabilitySet::empty() };
    set_capabilities(None, sets)?;
    Ok(set_no_new_privs(true)?)
}

/// Where the code may write at all.
fn writable(spec: &JailSpec) -> Vec<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    let path = |bytes: &[u8]| PathBuf::from(std::ffi::OsStr::from_bytes(bytes));
    let mounts = spec.mounts.iter().filter(|mount| mount.writable).map(|mount| path(&mount.target));
    let own = mount::WRITABLE.map(|(path, _)| PathBuf::from(path));
    own.into_iter().chain([path(&spec.directory)]).chain(mounts).collect()
}
