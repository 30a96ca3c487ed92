//! A sandbox without namespaces: the agent and its runs live among the host's processes, in a directory of their own.
//!
//! For hosts that give no namespaces, and only where the caller asks for it by name. Landlock keeps the code from files,
//! signals and traces, its filter from the network and from all that Landlock does not know, and its descent from its
//! init is how its processes are found.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use llm_sandbox_protocol::{JailReady, JailSpec};
use rustix::fs::Uid;
use rustix::process::{DumpableBehavior, getpid, getuid, set_child_subreaper, set_dumpable_behavior};
use rustix::thread::CapabilitySet;

use super::assignment::{self, Assignment};
use super::cgroup::{GroupLimits, MemoryWatch, SandboxGroup};
use super::enter::{
    Outside, TO_SERVE_RUNS, Walls, die_with_supervisor, drop_privileges, keep_only, step, wait_for_maps,
};
use super::mount::{BESIDE_USR, FROM_ETC, Prepared};
use super::place::Place;
use super::seccomp::Ground;
use super::steps::Steps;
use super::{Trouble, landlock, outside, promises, seccomp, supervise};
use crate::confinement::{CodeUser, Confinement, Groups};
use crate::enclosure::Enclosure;
use crate::sys::load_filter;

/// What programs ask of the machine before they start.
const FROM_PROC: [&str; 3] = ["/proc/cpuinfo", "/proc/meminfo", "/proc/stat"];

/// What would be absent from a root of the sandbox's own: programs make do without, but not with what they may not read.
const READABLE_IN_ETC: [&str; 3] = ["/etc/ssl/openssl.cnf", "/etc/ssl/certs", "/etc/localtime"];

/// Becomes the agent, with the ids of the code where it has its own. Never returns.
pub(super) fn enter(place: &Place, code: Option<(u32, u32)>, outside: Outside, steps: Steps) -> ! {
    let user = match code {
        Some((user, _)) => CodeUser::Other(user),
        None => CodeUser::Same(getuid().as_raw()),
    };
    let served = match shut_in(place, code, &outside, steps) {
        Ok((group, (landlock, watch))) => {
            drop((outside.control, outside.lifeline));
            let filter = seccomp::run_filter(Ground::Host(user));
            let groups = Groups::new(&group, watch);
            let user = (user, strangers(user));
            let confinement = Confinement::new(Enclosure::Descent, user, groups, landlock, filter);
            crate::serve::serve(outside.pipe, confinement)
        }
        Err(trouble) => supervise::failed(&outside.control, trouble),
    };
    crate::leave(i32::from(served.is_err()))
}

fn shut_in(
    place: &Place,
    code: Option<(u32, u32)>,
    outside: &Outside,
    mut steps: Steps,
) -> Result<(SandboxGroup, Walls), Trouble> {
    // What the supervisor holds is not for the agent.
    keep_only(&Prepared::default(), outside).map_err(step("close the supervisor's descriptors"))?;
    wait_for_maps(&outside.lifeline).map_err(step("wait for the supervisor"))?;
    // What /proc shows of this process, and of those it forks, would be the code's to look at.
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|e| step("hide from the code")(e.into()))?;
    die_with_supervisor(&outside.lifeline).map_err(step("follow the supervisor's death"))?;
    // Runs that lose their init become this process's.
    set_child_subreaper(Some(getpid())).map_err(|e| step("adopt orphans")(e.into()))?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let Assignment { spec, was_awaited, .. } =
        assignment::receive(&outside.lifeline, Enclosure::Descent).map_err(step("await the spec"))?;
    if was_awaited {
        steps.restart();
    }
    check(&spec)?;
    let user = code.map(|(user, _)| Uid::from_raw(user));
    let mut writable = place.furnish(Path::new(OsStr::from_bytes(&spec.directory)), user)?;
    steps.done("directory");
    let (readable, shared) = visible(&spec)?;
    if code.is_some() {
        let all = readable.iter().chain(&shared).map(PathBuf::as_path).chain([place.path()]);
        all.into_iter().try_for_each(check_way_to)?;
    }
    writable.extend(shared);
    let landlock = landlock::build(&readable, &writable, landlock::DEVICES_OF_ALL).map_err(step("prepare Landlock"))?;
    steps.done("landlock");
    let (group, held) = SandboxGroup::take_over(&outside.lifeline, limits(&spec), Enclosure::Descent)
        .map_err(step("await the cgroup"))?;
    let watch = MemoryWatch::new(&group, Enclosure::Descent).map_err(step("watch the memory"))?;
    steps.done("cgroup");
    drop_privileges(if code.is_some() { TO_SERVE_RUNS } else { CapabilitySet::empty() })
        .map_err(step("drop privileges"))?;
    load_filter(&seccomp::agent_filter()).map_err(step("load the agent's filter"))?;
    steps.done("privileges");
    let guarantees = promises::among_others(code.is_none(), &held);
    let root = Some(place.path().as_os_str().as_bytes().to_vec());
    supervise::ready(&outside.control, JailReady { steps: steps.finish(), guarantees, root })
        .map_err(step("tell the host"))?;
    Ok((group, (landlock, watch)))
}

/// What all runs may use together; files do not lie in memory.
pub(super) fn limits(spec: &JailSpec) -> GroupLimits {
    GroupLimits { disk: 0, ..outside::limits(spec) }
}

/// Refuses what only namespaces can give.
fn check(spec: &JailSpec) -> Result<(), Trouble> {
    let moved = spec.mounts.iter().find(|mount| mount.source != mount.target);
    if let Some(mount) = moved {
        let source = String::from_utf8_lossy(&mount.source).into_owned();
        let words = format!("without namespaces {source} cannot be shown at another path");
        return Err(Trouble::unsupported("share a directory", words).hint("give it the same path inside"));
    }
    if spec.hostname != "sandbox" {
        let words = "without namespaces the host has one name";
        return Err(Trouble::unsupported("name the host", words).hint("leave the host name as it is"));
    }
    Ok(())
}

/// What the code may read, and what of the caller's it may write.
fn visible(spec: &JailSpec) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Trouble> {
    let is_itself = |path: &PathBuf| path.symlink_metadata().is_ok_and(|status| !status.is_symlink());
    let system = ["/usr"]
        .iter()
        .chain(&BESIDE_USR)
        .chain(&FROM_ETC)
        .chain(&FROM_PROC)
        .chain(&READABLE_IN_ETC)
        .map(PathBuf::from);
    let (mut readable, mut writable): (Vec<PathBuf>, _) = (system.filter(is_itself).collect(), Vec::new());
    for mount in &spec.mounts {
        let path = PathBuf::from(OsStr::from_bytes(&mount.source));
        let path = path.canonicalize().map_err(|error| Trouble::new("share a directory", error).at(&path))?;
        if mount.writable { writable.push(path) } else { readable.push(path) }
    }
    Ok((readable, writable))
}

/// Refuses what a user of the sandbox's own cannot get to: no mount leads there past the directories above it.
fn check_way_to(path: &Path) -> Result<(), Trouble> {
    let is_shut = |above: &&Path| above.metadata().is_ok_and(|status| status.mode() & 0o001 == 0);
    match path.ancestors().skip(1).find(is_shut) {
        None => Ok(()),
        Some(above) => Err(Trouble::unsupported("share a directory", format!("{} is shut to others", above.display()))
            .at(path)
            .hint("let others pass through it, or use what lies elsewhere, such as an interpreter in /usr")),
    }
}

/// How many processes and threads the code's user has that are not the sandbox's.
fn strangers(user: CodeUser) -> u64 {
    let CodeUser::Same(user) = user else { return 0 };
    let threads = |pid: &str| {
        let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let value = |name| text.lines().find_map(|line: &str| line.strip_prefix(name)?.split_whitespace().next());
        let is_own = value("Uid:")?.parse() == Ok(user);
        value("Threads:")?.parse::<u64>().ok().filter(|_| is_own)
    };
    let Ok(entries) = std::fs::read_dir("/proc") else { return 0 };
    entries.flatten().filter_map(|entry| threads(entry.file_name().to_str()?)).sum()
}
