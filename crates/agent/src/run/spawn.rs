use std::io;
use std::os::fd::{AsFd, OwnedFd};

use llm_sandbox_protocol::{RunRequest, TerminalSize};
use rustix::fs::{Gid, Uid, fchown};
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType, send, socketpair};
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};
use rustix::process::{Signal, pidfd_send_signal};
use rustix::pty::{OpenptFlags, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::init::{self, Cover, END};
use super::order;
use super::refusals::Before;
use crate::confinement::Confinement;
use crate::enclosure::Enclosure;
use crate::jail::RunGroup;
use crate::link::CHUNK;
use crate::sys::{Child, Fork, fork_into, reap};

/// Our ends of a program's standard streams.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) stdin: Option<OwnedFd>,
    pub(super) stdout: Option<OwnedFd>,
    pub(super) stderr: Option<OwnedFd>,
}

/// A run's processes, ready for their order: everything is done that does not depend on what is to be run.
///
/// One is kept waiting, so that a run costs little more than its program.
#[derive(Debug)]
pub(crate) struct Parked {
    pub(super) enclosure: Enclosure,
    pub(super) init: Child,
    /// From the run's processes come words, to the init go signals.
    pub(super) socket: OwnedFd,
    /// To the process that will become the program.
    order: OwnedFd,
    pub(super) group: RunGroup,
    /// What had been refused to earlier runs.
    pub(super) before: Before,
}

impl Parked {
    /// Starts a run's processes in namespaces and a group of their own.
    pub(crate) fn start(confinement: &mut Confinement<'_>, cover: Option<&Cover<'_>>) -> io::Result<Self> {
        let mut group = confinement.groups.lend()?;
        let (socket, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        let (order, awaited) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        match fork_into(group.entry(), confinement.enclosure.of_run())? {
            Fork::Parent(init) => {
                group.follow(init.pid);
                let before = Before::now(confinement.enclosure);
                Ok(Self { enclosure: confinement.enclosure, init, socket, order, group, before })
            }
            Fork::Child => init::run(confinement, &group, cover, &theirs, &awaited),
        }
    }

    /// Has the program started. Where that fails nothing is left of the processes.
    pub(super) fn begin(
        mut self,
        request: &RunRequest,
        text: &[u8],
        user: u32,
        confinement: &mut Confinement<'_>,
    ) -> io::Result<(Self, Ends)> {
        match self.order(request, text, user) {
            Ok(ends) => Ok((self, ends)),
            Err(error) => {
                self.discard(confinement);
                Err(error)
            }
        }
    }

    /// Ends the processes.
    pub(crate) fn discard(self, confinement: &mut Confinement<'_>) {
        // It may be dead already, but not reaped.
        match self.enclosure {
            Enclosure::Namespaces => drop(pidfd_send_signal(&self.init.pidfd, Signal::KILL)),
            Enclosure::Descent => drop(send(&self.socket, &END.to_ne_bytes(), SendFlags::NOSIGNAL)),
        }
        let _ = reap(Some(self.init.pid), true);
        confinement.groups.give_back(self.group);
    }

    fn order(&mut self, request: &RunRequest, text: &[u8], user: u32) -> io::Result<Ends> {
        let (inside, ends) = match &request.terminal {
            Some(size) => terminal(size, user)?,
            None => pipes(request.stdin)?,
        };
        // What the preparation cost is not the program's.
        self.group.begin();
        order::send(&self.order, request, text, inside.each_ref().map(AsFd::as_fd))?;
        Ok(ends)
    }
}

fn pipes(stdin: bool) -> io::Result<([OwnedFd; 3], Ends)> {
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
    Ok(([stdin, stdout, stderr], ends))
}

fn terminal(size: &TerminalSize, user: u32) -> io::Result<([OwnedFd; 3], Ends)> {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let master = openpt(flags)?;
    unlockpt(&master)?;
    let slave = ioctl_tiocgptpeer(&master, flags)?;
    fchown(&slave, Some(Uid::from_raw(user)), Some(Gid::from_raw(user)))?;
    resize(&master, size)?;
    rustix::io::ioctl_fionbio(&master, true)?;
    let inside = [slave.try_clone()?, slave.try_clone()?, slave];
    Ok((inside, Ends { stdin: Some(master.try_clone()?), stdout: Some(master), stderr: None }))
}

/// Tells a terminal's programs its size.
pub(super) fn resize(master: &OwnedFd, size: &TerminalSize) -> io::Result<()> {
    Ok(tcsetwinsize(master, Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 })?)
}
