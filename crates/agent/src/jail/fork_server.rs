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
use rustix::process::{Pid, PidfdFlags, getppid, pidfd_open, setpgid};
use rustix::thread::set_name;

use super::supervise::{failed, supervise};
use super::turns::Turns;
use super::void::Void;
use super::{Trouble, supervise::Order};
use crate::descriptors;
use crate::enclosure::Enclosure;
use crate::sys::{Fork, Namespaces, fork, keep_child_statuses, reset_inherited_signals};

/// The longest request: a word and a path.
const LONGEST: usize = 1 + 4096;

/// The process that asks for sandboxes.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) pid: Pid,
    /// Stands for it, whatever becomes of its number.
    pub(super) pidfd: OwnedFd,
    /// What it was allowed when this process was started.
    standing: String,
}

impl Host {
    /// The parent process. Whether it lives is not told by a stream: a forked child of it may hold that open.
    fn watch() -> io::Result<Self> {
        let pid = getppid().ok_or(io::ErrorKind::NotFound)?;
        let pidfd = pidfd_open(pid, PidfdFlags::empty())?;
        let standing = standing(pid)?;
        // Had it died before the descriptor was made, this process would have another parent by now.
        if getppid() == Some(pid) { Ok(Self { pid, pidfd, standing }) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    /// Whether it may still do what this process may. A host that has given privileges away must not have them here.
    fn is_as_it_was(&self) -> bool {
        standing(self.pid).is_ok_and(|now| now == self.standing)
    }
}

/// Whom a process acts for and what it may do, as /proc/PID/status tells it.
fn standing(pid: Pid) -> io::Result<String> {
    const LINES: [&str; 7] = ["Uid:", "Gid:", "Groups:", "CapPrm:", "CapEff:", "NoNewPrivs:", "Seccomp:"];
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let told = |line: &&str| LINES.iter().any(|name| line.starts_with(name));
    Ok(status.lines().filter(told).collect::<Vec<_>>().join("\n"))
}

/// Forks a supervisor for each request until the host is gone or has no more of them.
///
/// Standard input is a socket for messages. Each is one request: the agent's end of the pipe and the supervisor's end of
/// the control stream, with the word `n` for a jail of namespaces or `d` and the directory for temporary files.
pub(crate) fn serve() -> io::Result<()> {
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
    let mut is_first = true;
    while let Some(request) = next(&requests, &supply.host)? {
        if !supply.host.is_as_it_was() {
            // In this order: where the host finds its request undone it looks whether this process has gone.
            drop(requests);
            return Ok(());
        }
        // Many processes ask for one sandbox and no more.
        if !std::mem::take(&mut is_first) && supply.void.is_none() && request.enclosure == Enclosure::Namespaces {
            // Without one a jail leaves the host's mounts by itself, which takes longer.
            supply.void = Void::make().ok();
        }
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

/// The next request; `None` where there will be none.
fn next(requests: &OwnedFd, host: &Host) -> io::Result<Option<Request>> {
    let watched = [requests.as_fd(), host.pidfd.as_fd()];
    let mut watched = watched.map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
    while let Err(error) = poll(&mut watched, None) {
        if error != rustix::io::Errno::INTR {
            return Err(error.into());
        }
    }
    if !watched[1].revents().is_empty() {
        return Ok(None);
    }
    let (bytes, descriptors) = match descriptors::receive_any(requests, LONGEST) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    let invalid = || io::Error::from(io::ErrorKind::InvalidData);
    let [pipe, control] = descriptors.try_into().map_err(|_| invalid())?;
    let (word, path) = bytes.split_first().ok_or_else(invalid)?;
    let enclosure = match word {
        b'n' => Enclosure::Namespaces,
        b'd' => Enclosure::Descent,
        _ => return Err(invalid()),
    };
    let temporary = Path::new(std::ffi::OsStr::from_bytes(path)).to_owned();
    Ok(Some(Request { enclosure, temporary, pipe, control }))
}

fn become_supervisor(request: Request, supply: &Supply) -> io::Result<()> {
    let Request { enclosure, temporary, pipe, control } = request;
    setpgid(None, None)?;
    keep_child_statuses(true)?;
    set_name(c"llm-sandbox-sup")?;
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
