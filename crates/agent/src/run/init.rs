use std::convert::Infallible;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use llm_sandbox_protocol::RunRequest;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::mount::{MoveMountFlags, OpenTreeFlags, mount_bind, move_mount, open_tree};
use rustix::net::{RecvFlags, recv};
use rustix::process::{Pid, Signal, kill_process_group};

use super::code::{self, Source};
use super::spawn::Inside;
use super::word::{Step, Word};
use crate::confinement::Confinement;
use crate::jail::{RunGroup, special};
use crate::sys::{Fork, Namespaces, block_child_signals, close_descriptors_but, enter_cgroup_namespace, fork, reap};

/// What of /proc tells of the host's kernel or its hardware and no program needs. Most of it is unreadable to a user
/// without privileges anyway; this does not rely on it.
const MASKED: [&str; 6] =
    ["/proc/kcore", "/proc/keys", "/proc/kallsyms", "/proc/timer_list", "/proc/sysrq-trigger", "/proc/kmsg"];

/// Process 1 of a run: prepares its surroundings, starts the program, waits for it, reaps orphans, ends.
pub(super) fn run(
    request: &RunRequest,
    source: Option<&Source<'_>>,
    confinement: &Confinement<'_>,
    group: &RunGroup,
    inside: &Inside,
    socket: &OwnedFd,
) -> ! {
    let result = start(request, source, confinement, group, inside, socket);
    let Err((step, error)) = result;
    Word::Failed { step, error: error.raw_os_error().unwrap_or(libc::EINVAL) }.send(socket);
    crate::leave(1)
}

type Failure = (Step, io::Error);

fn start(
    request: &RunRequest,
    source: Option<&Source<'_>>,
    confinement: &Confinement<'_>,
    group: &RunGroup,
    inside: &Inside,
    socket: &OwnedFd,
) -> Result<Infallible, Failure> {
    // First, so that all that follows is on the run's account.
    group.join().map_err(|error| (Step::Group, error))?;
    // The group's path on the host is nobody's business inside.
    enter_cgroup_namespace().map_err(|error| (Step::Group, error))?;
    mount_proc().map_err(|error| (Step::Proc, error))?;
    if let Some(Source::Private { file, path }) = source {
        cover(file, path).map_err(|error| (Step::Source, error))?;
    }
    let children = block_child_signals().map_err(|error| (Step::Fork, error))?;
    match fork(Namespaces::SHARED).map_err(|error| (Step::Fork, error))? {
        Fork::Child => code::become_program(request, source, confinement, inside, socket),
        Fork::Parent(program) => {
            // The program's streams end with its own processes, not with this one.
            close_descriptors_but(&[socket.as_raw_fd(), children.as_raw_fd()]).map_err(|error| (Step::Fork, error))?;
            std::mem::forget(program.pidfd);
            wait_for(program.pid, socket, &children)
        }
    }
}

/// A /proc of this namespace's processes, without the parts that tell of the host.
fn mount_proc() -> io::Result<()> {
    let proc = special("proc", &[])?;
    move_mount(&proc, "", CWD, "/proc", MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?;
    for path in MASKED {
        match mount_bind("/dev/null", path) {
            // Kernels differ in what they offer.
            Err(rustix::io::Errno::NOENT) => {}
            other => other?,
        }
    }
    Ok(())
}

/// Shows this run its own program text where another run's lies: both use the same name.
fn cover(file: &str, path: &[u8]) -> io::Result<()> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
    let text = open_tree(CWD, file, flags)?;
    let target = openat(CWD, path, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(move_mount(&text, "", &target, "", flags)?)
}

/// Waits for the program's end, passing on the agent's signals and reaping orphans.
fn wait_for(program: Pid, socket: &OwnedFd, children: &OwnedFd) -> ! {
    loop {
        while let Ok(Some(reaped)) = reap(None, false) {
            if reaped.pid == program {
                let (user_time, system_time) = (reaped.user_time, reaped.system_time);
                let word =
                    Word::Ended { status: reaped.status, user_time, system_time, peak_memory: reaped.peak_memory };
                word.send(socket);
                crate::leave(0)
            }
        }
        let mut watched = [socket.as_fd(), children.as_fd()].map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        let _ = poll(&mut watched, None);
        if !watched[0].revents().is_empty() {
            pass_signal(program, socket);
        }
        if !watched[1].revents().is_empty() {
            let _ = rustix::io::read(children, &mut [0; 128]);
        }
    }
}

fn pass_signal(program: Pid, socket: &OwnedFd) {
    let mut number = [0; 4];
    match recv(socket, &mut number, RecvFlags::DONTWAIT) {
        Ok((_, 4)) => {
            if let Some(signal) = Signal::from_named_raw(i32::from_ne_bytes(number)) {
                // It may have ended a moment ago.
                let _ = kill_process_group(program, signal);
            }
        }
        Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
        // The agent is gone, and with it all reason to be.
        _ => crate::leave(1),
    }
}
