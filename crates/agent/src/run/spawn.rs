use std::io;
use std::os::fd::OwnedFd;

use llm_sandbox_protocol::{RunRequest, TerminalSize};
use rustix::fs::{Gid, Uid, fchown};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::code::Source;
use super::init;
use crate::confinement::Confinement;
use crate::jail::RunGroup;
use crate::link::CHUNK;
use crate::sys::{Child, Fork, Namespaces, fork};

/// The program's ends of its standard streams.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) stdin: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
    pub(super) is_terminal: bool,
}

/// Our ends of them.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) stdin: Option<OwnedFd>,
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
}

/// A run's processes, just started.
#[derive(Debug)]
pub(super) struct Spawned {
    pub(super) init: Child,
    pub(super) socket: OwnedFd,
    pub(super) ends: Ends,
}

/// Starts a run's init, and with it the program.
pub(super) fn spawn(
    request: &RunRequest,
    source: Option<&Source<'_>>,
    confinement: &Confinement<'_>,
    group: &RunGroup,
) -> io::Result<Spawned> {
    let (inside, ends) = match &request.terminal {
        Some(size) => terminal(size, confinement.user())?,
        None => pipes(request.stdin)?,
    };
    let (socket, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    match fork(Namespaces::RUN)? {
        Fork::Parent(init) => Ok(Spawned { init, socket, ends }),
        Fork::Child => init::run(request, source, confinement, group, &inside, &theirs),
    }
}

fn pipes(stdin: bool) -> io::Result<(Inside, Ends)> {
    let (stdin, stdin_end) = if stdin {
        let (read, write) = pipe_with(PipeFlags::CLOEXEC)?;
        (read, Some(write))
    } else {
        (std::fs::File::open("/dev/null")?.into(), None)
    };
    let (stdout_end, stdout) = pipe_with(PipeFlags::CLOEXEC)?;
    let (stderr_end, stderr) = pipe_with(PipeFlags::CLOEXEC)?;
    // A wider pipe only saves wake-ups: without it all is slower and the same.
    let _ = fcntl_setpipe_size(&stdout, CHUNK);
    let ends = Ends { stdin: stdin_end, stdout: Some(stdout_end), stderr: Some(stderr_end) };
    for end in [&ends.stdin, &ends.stdout, &ends.stderr].into_iter().flatten() {
        rustix::io::ioctl_fionbio(end, true)?;
    }
    Ok((Inside { stdin, stdout, stderr, is_terminal: false }, ends))
}

fn terminal(size: &TerminalSize, user: u32) -> io::Result<(Inside, Ends)> {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags)?;
    unlockpt(&master)?;
    let slave = ioctl_tiocgptpeer(&master, flags)?;
    fchown(&slave, Some(Uid::from_raw(user)), Some(Gid::from_raw(user)))?;
    resize(&master, size)?;
    rustix::io::ioctl_fionbio(&master, true)?;
    let inside = Inside { stdin: slave.try_clone()?, stdout: slave.try_clone()?, stderr: slave, is_terminal: true };
    Ok((inside, Ends { stdin: Some(master.try_clone()?), stdout: Some(master), stderr: None }))
}

/// Tells a terminal's programs its size.
pub(super) fn resize(master: &OwnedFd, size: &TerminalSize) -> io::Result<()> {
    Ok(tcsetwinsize(master, Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 })?)
}
