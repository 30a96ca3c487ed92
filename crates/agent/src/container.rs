//! Serving in a container: an engine has built the walls, and the agent is the container's first process.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Gid, StatxFlags, Uid, chown, statx};
use rustix::process::{DumpableBehavior, geteuid, getpid, set_child_subreaper, set_dumpable_behavior};
use rustix::thread::{CapabilitySet, capabilities};

use crate::confinement::{CodeUser, Confinement, Groups};
use crate::enclosure::Enclosure;
use crate::jail::{
    DEVICES, Ground, MemoryWatch, SandboxGroup, TO_SERVE_RUNS, agent_filter, build_landlock, drop_privileges,
    run_filter,
};
use crate::link::Pipe;
use crate::sys::{load_filter, reset_inherited_signals};

/// The code's home.
const HOME: &str = "/home/sandbox";

/// What the host says on the command line.
struct Settings {
    /// Who runs the code; the agent's own user where it may not become another.
    user: u32,
    directory: PathBuf,
}

impl Settings {
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Option<Self> {
        let user = arguments.next()?.to_str()?.parse().ok()?;
        Some(Self { user, directory: arguments.next()?.into() })
    }
}

/// Serves the host over standard input and output: `serve USER DIRECTORY`.
pub(crate) fn serve(arguments: impl Iterator<Item = OsString>) -> io::Result<()> {
    let settings = Settings::read(arguments).ok_or(io::ErrorKind::InvalidInput)?;
    let pipe = take_standard_streams()?;
    reset_inherited_signals();
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // The first process of a container adopts orphans anyway; one that was started in it does not.
    set_child_subreaper(Some(getpid()))?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let may_change = geteuid().is_root() && capabilities(None)?.effective.contains(TO_SERVE_RUNS);
    let user = match may_change && settings.user != 0 {
        true => CodeUser::Other(settings.user),
        false => CodeUser::Same(geteuid().as_raw()),
    };
    for directory in [settings.directory.as_path(), Path::new(HOME)] {
        give_to_code(directory, user).map_err(|error| named(directory, &error))?;
    }
    let everything = [PathBuf::from("/")];
    // The engine's mounts and owners decide about files; the rules keep signals in, where the kernel can.
    let landlock = build_landlock(&[], &everything, DEVICES)?;
    let group = SandboxGroup::Engine;
    let watch = MemoryWatch::new(&group, Enclosure::Descent)?;
    drop_privileges(if may_change { TO_SERVE_RUNS } else { CapabilitySet::empty() })?;
    load_filter(&agent_filter())?;
    let groups = Groups::new(&group, watch);
    let confinement = Confinement::new(Enclosure::Descent, (user, 0), groups, landlock, run_filter(Ground::Container));
    crate::serve::serve(pipe, confinement)
}

/// Takes the pipe to the host off the standard streams, which lead nowhere from here on; words of trouble still go out.
fn take_standard_streams() -> io::Result<Pipe> {
    let take = |stream: &dyn AsFd| -> io::Result<OwnedFd> { Ok(rustix::io::fcntl_dupfd_cloexec(stream.as_fd(), 3)?) };
    let pipe = Pipe { from_host: take(&io::stdin())?, to_host: Some(take(&io::stdout())?) };
    let null = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    Ok(pipe)
}

/// The mount that a path lies on, and its device, by which alone kernels before 5.8 tell one from another.
fn mount_of(path: &Path) -> io::Result<(u64, u32, u32)> {
    let status = statx(CWD, path, AtFlags::empty(), StatxFlags::MNT_ID)?;
    Ok((status.stx_mnt_id, status.stx_dev_major, status.stx_dev_minor))
}

/// Makes a directory that the code may write to, unless something is mounted there: that may be the caller's own.
fn give_to_code(directory: &Path, user: CodeUser) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    if let (CodeUser::Other(id), true) = (user, mount_of(directory)? == mount_of(Path::new("/"))?) {
        chown(directory, Some(Uid::from_raw(id)), Some(Gid::from_raw(id)))?;
    }
    Ok(())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
