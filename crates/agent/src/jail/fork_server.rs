//! The process that supervisors are forked from: one for each host process.
//!
//! To start a program from a host that has thousands of files open is dear, for they are all copied and closed again, and
//! so is to start a program at all in a virtual machine, where C's library asks the processor what it is. A fork of a small
//! process is neither.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::process::{getgid, getuid, setpgid};
use rustix::thread::set_name;

use super::Trouble;
use super::host::Host;
use super::supervise::{Order, failed, supervise};
use super::turns::Turns;
use super::void::Void;
use crate::descriptors::{self, Received};
use crate::enclosure::Enclosure;
use crate::sys::{Fork, Namespaces, close_descriptors_but, fork, keep_child_statuses, reset_inherited_signals};

/// The longest request: a word and a path.
const LONGEST: usize = 1 + 4096;

/// Forks a supervisor for each request until the host is gone or has no more of them.
///
/// Standard input is a socket for messages. Each is one request: the agent's end of the pipe and the supervisor's end of
/// the control stream, with the word `n` for a jail of namespaces or `d` and the directory for temporary files.
pub(crate) fn serve() -> io::Result<()> {
    // What the host left open for programs that it starts is not for this one, which stays.
    close_descriptors_but(&[0, 1, 2])?;
    let host = Host::watch()?;
    let requests = io::stdin().as_fd().try_clone_to_owned()?;
    detach_standard_streams()?;
    reset_inherited_signals();
    drop_favours()?;
    // A working directory of the host's would keep its file system busy.
    rustix::process::chdir("/")?;
    set_name(c"llm-sandbox")?;
    // Nobody waits for supervisors: the host is told of their end by their streams.
    keep_child_statuses(false)?;
    let mut supply = Supply { host, turns: Turns::new()?, void: None };
    let mut served = 0u64;
    while let Some(received) = next(&requests, &supply.host)? {
        // Forked children of the host have its sockets, too.
        let Some(sender) = received.sender.filter(|sender| sender.pid == supply.host.pid) else { continue };
        if !supply.host.is_as_it_was() {
            // In this order: where the host finds its request undone it looks whether this process has gone.
            drop(requests);
            return Ok(());
        }
        let Some(request) = Request::read(received) else { continue };
        // A thread of it may act for another.
        if (sender.uid, sender.gid) != (getuid(), getgid()) {
            continue;
        }
        // Many processes ask for one sandbox and no more.
        if served == 1 {
            // Without one a jail leaves the host's mounts by itself, which takes longer.
            supply.void = Void::make().ok();
        }
        served += 1;
        match fork(Namespaces::SHARED) {
            Ok(Fork::Parent(_)) => {}
            Ok(Fork::Child) => {
                drop(requests);
                crate::leave(i32::from(become_supervisor(request, &supply).is_err()))
            }
            Err(error) => failed(&request.control.into(), Trouble::new("start the supervisor", error))?,
        }
    }
    Ok(())
}

/// What every supervisor has of the fork server.
#[derive(Debug)]
pub(super) struct Supply {
    pub(super) host: Host,
    pub(super) turns: Turns,
    pub(super) void: Option<Void>,
}

struct Request {
    enclosure: Enclosure,
    temporary: PathBuf,
    pipe: OwnedFd,
    control: OwnedFd,
}

impl Request {
    /// `None` where it is none.
    fn read(received: Received) -> Option<Self> {
        let [pipe, control] = received.descriptors.try_into().ok()?;
        let (word, path) = received.bytes.split_first()?;
        let enclosure = match word {
            b'n' => Enclosure::Namespaces,
            b'd' => Enclosure::Descent,
            _ => return None,
        };
        let temporary = Path::new(std::ffi::OsStr::from_bytes(path)).to_owned();
        Some(Self { enclosure, temporary, pipe, control })
    }
}

/// The next message; `None` where there will be none.
fn next(requests: &OwnedFd, host: &Host) -> io::Result<Option<Received>> {
    let watched = [requests.as_fd(), host.pidfd.as_fd()];
    let mut watched = watched.map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
    retry_on_intr(|| poll(&mut watched, None))?;
    if !watched[1].revents().is_empty() {
        return Ok(None);
    }
    match descriptors::receive_any(requests, LONGEST) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        received => received.map(Some),
    }
}

fn become_supervisor(request: Request, supply: &Supply) -> io::Result<()> {
    let Request { enclosure, temporary, pipe, control } = request;
    setpgid(None, None)?;
    keep_child_statuses(true)?;
    set_name(c"llm-sandbox-sup")?;
    supply.host.follow_affinity();
    supervise(Order { enclosure, temporary: &temporary, pipe, control }, supply)
}

/// The standard streams lead nowhere from here on, in the jail as well.
fn detach_standard_streams() -> io::Result<()> {
    let null = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    Ok(rustix::stdio::dup2_stderr(&null)?)
}

/// What the host may do before others is not the code's: to run sooner, and to be spared when memory runs out.
fn drop_favours() -> io::Result<()> {
    if rustix::process::getpriority_process(None)? < 0 {
        rustix::process::setpriority_process(None, 0)?;
    }
    let score = "/proc/self/oom_score_adj";
    let own = std::fs::read_to_string(score)?.trim().parse().unwrap_or(0i32).max(0);
    // Writing it, even unchanged, also forbids whatever is started from here to lower it again.
    std::fs::write(score, own.to_string())
}
