use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal, getppid, set_parent_process_death_signal};

use super::lent::{Lent, Links};
use super::{HOME, Settings, named, prepare, serve_runs, take_standard_streams, unknown_settings};
use crate::confinement::CodeUser;
use crate::sys::{Child, Fork, Namespaces, fork};
use crate::tree::end_all_below;

/// Serves the host over standard input and output in a container that was there before, and leaves that as it was:
/// `serve-as-guest USER DIRECTORY`.
///
/// A process apart from the agent waits for its end, ends what it has left, and puts back what it has changed.
pub(crate) fn serve_as_guest(arguments: impl Iterator<Item = OsString>) -> io::Result<()> {
    let settings = Settings::read(arguments).ok_or_else(unknown_settings)?;
    remove_own_program()?;
    prepare()?;
    let user = settings.code_user()?;
    let directory = Lent::lend(&settings.directory, user, Links::Refused)?;
    // Where the container has no place for a home, programs do without.
    let home = Lent::lend(Path::new(HOME), user, Links::Refused).ok();
    let served = serve_apart(user);
    // It may lie in the directory.
    let home = home.map_or(Ok(()), Lent::take_back);
    served.and(home).and(directory.take_back())
}

/// Has another process be the agent, and waits until nothing of it is left.
fn serve_apart(user: CodeUser) -> io::Result<()> {
    let pipe = take_standard_streams()?;
    let own = rustix::process::getpid();
    match fork(Namespaces::SHARED)? {
        Fork::Child => {
            // The pipe to the host ends with this process alone: the other has let go of it.
            let shut_in = set_parent_process_death_signal(Some(Signal::KILL)).map_err(io::Error::from);
            let served = shut_in.and_then(|()| match getppid() == Some(own) {
                true => serve_runs(pipe, user),
                false => Err(io::ErrorKind::BrokenPipe.into()),
            });
            crate::leave(i32::from(served.inspect_err(crate::tell).is_err()))
        }
        Fork::Parent(child) => {
            drop(pipe);
            wait_for(&child)?;
            end_all_below();
            Ok(())
        }
    }
}

fn wait_for(child: &Child) -> io::Result<()> {
    loop {
        match poll(&mut [PollFd::from_borrowed_fd(child.pidfd.as_fd(), PollFlags::IN)], None) {
            Err(rustix::io::Errno::INTR) => {}
            other => return other.map(drop).map_err(io::Error::from),
        }
    }
}

/// The file that this program was started from was put there for it alone, with its directory.
fn remove_own_program() -> io::Result<()> {
    let program = std::env::current_exe()?;
    let removed = std::fs::remove_file(&program).and_then(|()| match program.parent() {
        Some(directory) => std::fs::remove_dir(directory),
        None => Ok(()),
    });
    removed.map_err(|error| named(&program, &error))
}
