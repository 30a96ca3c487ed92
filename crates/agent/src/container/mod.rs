//! Serving in a container: an engine has built the walls, and the agent is the container's first process, or a guest in one
//! that was there before.

mod guest;
mod lent;

pub(crate) use guest::serve_as_guest;

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::process::{DumpableBehavior, geteuid, getpid, set_child_subreaper, set_dumpable_behavior};
use rustix::thread::{CapabilitySet, capabilities};

use self::lent::{Lent, Links};
use crate::confinement::{CodeUser, Confinement, Groups};
use crate::enclosure::Enclosure;
use crate::jail::{
    DEVICES, Ground, MemoryWatch, SandboxGroup, TO_SERVE_RUNS, agent_filter, build_landlock, drop_privileges,
    run_filter,
};
use crate::link::Pipe;
use crate::sys::{load_filter, reset_inherited_signals};

/// Who runs the code where the container's own user is root by another name.
const UNPRIVILEGED: u32 = 1000;

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
        let user = arguments.next()?;
        let user = user.to_str()?;
        let user = match user.parse() {
            Ok(number) => number,
            Err(_) => match named_user(&std::fs::read_to_string("/etc/passwd").ok()?, user)? {
                // Root is only who is asked for by number.
                0 => UNPRIVILEGED,
                other => other,
            },
        };
        Some(Self { user, directory: arguments.next()?.into() })
    }

    fn code_user(&self) -> io::Result<CodeUser> {
        Ok(match may_change()? && self.user != 0 {
            true => CodeUser::Other(self.user),
            false => CodeUser::Same(geteuid().as_raw()),
        })
    }
}

/// Serves the host over standard input and output as the container's first process: `serve USER DIRECTORY`.
pub(crate) fn serve(arguments: impl Iterator<Item = OsString>) -> io::Result<()> {
    let settings = Settings::read(arguments).ok_or_else(unknown_settings)?;
    let pipe = take_standard_streams()?;
    prepare()?;
    let user = settings.code_user()?;
    for directory in [settings.directory.as_path(), Path::new(HOME)] {
        Lent::lend(directory, user, Links::Followed)?;
    }
    serve_runs(pipe, user)
}

fn prepare() -> io::Result<()> {
    reset_inherited_signals();
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // The first process of a container adopts orphans anyway; one that was started in it does not.
    set_child_subreaper(Some(getpid()))?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    Ok(())
}

/// Whether this process may become another user, and all else that takes.
fn may_change() -> io::Result<bool> {
    Ok(geteuid().is_root() && capabilities(None)?.effective.contains(TO_SERVE_RUNS))
}

fn serve_runs(pipe: Pipe, user: CodeUser) -> io::Result<()> {
    let everything = [PathBuf::from("/")];
    // The engine's mounts and owners decide about files; the rules keep signals in, where the kernel can.
    let landlock = build_landlock(&[], &everything, DEVICES)?;
    let group = SandboxGroup::Engine;
    let watch = MemoryWatch::new(&group, Enclosure::Descent)?;
    drop_privileges(if may_change()? { TO_SERVE_RUNS } else { CapabilitySet::empty() })?;
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

/// The number of a user in the container's own list (passwd(5)).
fn named_user(list: &str, name: &str) -> Option<u32> {
    let mut users = list.lines().map(|line| line.split(':'));
    users.find_map(|mut fields| (fields.next()? == name).then(|| fields.nth(1)?.parse().ok())?)
}

fn unknown_settings() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "no such user, or no directory")
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_name() {
        let list = "root:x:0:0:root:/root:/bin/sh\nbroken\napp:x:77:5::/:/bin/sh\n";
        assert_eq!(named_user(list, "app"), Some(77));
        assert_eq!(named_user(list, "root"), Some(0));
        for unknown in ["ap", "broken", "x", ""] {
            assert_eq!(named_user(list, unknown), None, "{unknown}");
        }
    }
}
