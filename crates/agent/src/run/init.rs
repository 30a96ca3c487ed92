use std::convert::Infallible;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::mount::{MoveMountFlags, OpenTreeFlags, mount_bind, move_mount, open_tree};
use rustix::net::{RecvFlags, recv};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, getpid, getppid, kill_process, kill_process_group, set_child_subreaper,
    set_parent_process_death_signal, test_kill_process, waitid,
};

use super::code;
use super::word::{Step, Word};
use crate::confinement::Confinement;
use crate::enclosure::Enclosure;
use crate::jail::{PRIVATE, RunGroup, keep_signals_in, special};
use crate::sys::{
    Fork, Namespaces, Reaped, block_child_signals, close_descriptors_but, enter_cgroup_namespace, fork,
    kill_all_others, reap, set_read_only,
};
use crate::tree::kill_below;

/// What of /proc tells of the host's kernel or its hardware and no program needs. Most of it is unreadable to a user
/// without privileges anyway; this does not rely on it.
const MASKED: [&str; 6] =
    ["/proc/kcore", "/proc/keys", "/proc/kallsyms", "/proc/timer_list", "/proc/sysrq-trigger", "/proc/kmsg"];

/// A file of the agent's to be shown where another run's program text lies: both use the same name.
pub(crate) struct Cover<'a> {
    pub(super) file: &'a str,
    pub(super) path: &'a [u8],
}

type Failure = (Step, io::Error);

/// In the place of a signal: kill all of the run.
pub(super) const END: i32 = 0;

/// Process 1 of a run: prepares its surroundings, starts what becomes the program, waits for it, reaps orphans, ends.
pub(super) fn run(
    confinement: &Confinement<'_>,
    group: &RunGroup,
    cover: Option<&Cover<'_>>,
    socket: &OwnedFd,
    order: &OwnedFd,
) -> ! {
    let Err((step, error)) = start(confinement, group, cover, socket, order);
    Word::Failed { step, error: error.raw_os_error().unwrap_or(libc::EINVAL) }.send(socket);
    crate::leave(1)
}

fn start(
    confinement: &Confinement<'_>,
    group: &RunGroup,
    cover: Option<&Cover<'_>>,
    socket: &OwnedFd,
    order: &OwnedFd,
) -> Result<Infallible, Failure> {
    // First, so that all that follows is on the run's account.
    group.join().map_err(|error| (Step::Group, error))?;
    // Another run's streams are not to be held open from here.
    let kept = [socket.as_raw_fd(), order.as_raw_fd()].into_iter().chain(confinement.descriptor()).chain(0..3);
    close_descriptors_but(&kept.collect::<Vec<_>>()).map_err(|error| (Step::Streams, error))?;
    match confinement.enclosure {
        Enclosure::Namespaces => see_only_the_run(confinement, cover)?,
        Enclosure::Descent => keep_descendants(socket).map_err(|error| (Step::Fork, error))?,
    }
    let killing = killing(confinement.enclosure).map_err(|error| (Step::Fork, error))?;
    let children = block_child_signals().map_err(|error| (Step::Fork, error))?;
    let own = getpid();
    match fork(Namespaces::SHARED).map_err(|error| (Step::Fork, error))? {
        Fork::Child => code::become_program(confinement, cover.is_some(), own, order, socket),
        Fork::Parent(program) => {
            // The program's streams end with its own processes, not with this one.
            close_descriptors_but(&[socket.as_raw_fd(), children.as_raw_fd()]).map_err(|error| (Step::Fork, error))?;
            std::mem::forget(program.pidfd);
            wait_for(program.pid, socket, &children, killing)
        }
    }
}

/// Shows the run's processes and nothing of the host's or the agent's.
fn see_only_the_run(confinement: &Confinement<'_>, cover: Option<&Cover<'_>>) -> Result<(), Failure> {
    // The group's path on the host is nobody's business inside.
    enter_cgroup_namespace().map_err(|error| (Step::Group, error))?;
    mount_proc().map_err(|error| (Step::Proc, error))?;
    if let Some(cover) = cover {
        show(cover).map_err(|error| (Step::Source, error))?;
    }
    if confinement.is_same_user() {
        // What is the agent's there belongs to the code's user, too.
        hide(PRIVATE).map_err(|error| (Step::Proc, error))?;
    }
    Ok(())
}

/// Where no namespace does it: whoever of the run loses its parent becomes a child of this process, which dies with the
/// agent.
fn keep_descendants(socket: &OwnedFd) -> io::Result<()> {
    set_child_subreaper(Some(getpid()))?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have died before.
    match recv(socket, &mut [0; 1], RecvFlags::DONTWAIT | RecvFlags::PEEK) {
        Err(Errno::AGAIN) => Ok(()),
        _ => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

/// A /proc of this namespace's processes, without the parts that tell of the host.
fn mount_proc() -> io::Result<()> {
    let proc = special("proc", &[])?;
    move_mount(&proc, "", CWD, "/proc", MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?;
    for path in MASKED {
        match mount_bind("/dev/null", path) {
            // Kernels differ in what they offer.
            Err(Errno::NOENT) => {}
            other => other?,
        }
    }
    Ok(())
}

/// Puts something over a directory that nobody can look into.
fn hide(path: &str) -> io::Result<()> {
    let nothing = special("tmpfs", &[("mode", "0"), ("size", "4096"), ("nr_inodes", "1")])?;
    set_read_only(nothing.as_fd())?;
    Ok(move_mount(&nothing, "", CWD, path, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?)
}

fn show(cover: &Cover<'_>) -> io::Result<()> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
    let text = open_tree(CWD, cover.file, flags)?;
    let target = openat(CWD, cover.path, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
    let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(move_mount(&text, "", &target, "", flags)?)
}

/// Waits for the program's end, passing on the agent's signals and reaping orphans.
fn wait_for(program: Pid, socket: &OwnedFd, children: &OwnedFd, killing: Killing) -> ! {
    loop {
        while let Ok(Some(reaped)) = reap(None, false) {
            if reaped.pid == program {
                end(program, Some(reaped), socket, killing)
            }
        }
        let mut watched = [socket.as_fd(), children.as_fd()].map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        let _ = poll(&mut watched, None);
        if !watched[0].revents().is_empty() {
            match receive_signal(socket) {
                Some(END) => end(program, None, socket, killing),
                Some(signal) => pass_signal(program, signal),
                None => {}
            }
        }
        if !watched[1].revents().is_empty() {
            let _ = rustix::io::read(children, &mut [0; 128]);
        }
    }
}

/// How all that is left of a run is killed.
#[derive(Debug, Clone, Copy)]
enum Killing {
    /// All that this process may signal but itself: the kernel lets it signal nobody else, or shows it nobody else.
    AtOnce,
    /// By descent, one after another: what forks faster than it is found can outrun that for a while.
    OneByOne,
}

fn killing(enclosure: Enclosure) -> io::Result<Killing> {
    let is_safe = match enclosure {
        Enclosure::Namespaces => true,
        // Were the agent within reach, so would be whoever else has its user.
        Enclosure::Descent => {
            keep_signals_in()? && getppid().is_some_and(|agent| test_kill_process(agent) == Err(Errno::PERM))
        }
    };
    Ok(if is_safe { Killing::AtOnce } else { Killing::OneByOne })
}

/// Takes everything down that is left before it says that the program ended: by then this process is alone. `ended`: the
/// program, where it has ended by itself.
///
/// One that forks while all are killed is killed as well, for a fork is undone where a signal waits.
fn end(program: Pid, mut ended: Option<Reaped>, socket: &OwnedFd, killing: Killing) -> ! {
    while !is_alone() {
        let reaped = match killing {
            Killing::AtOnce if kill_all_others().is_err() => break,
            Killing::AtOnce => reap(None, true),
            Killing::OneByOne => {
                kill_below(getpid());
                reap(None, false)
            }
        };
        let more = std::iter::from_fn(|| reap(None, false).ok().flatten());
        let reaped = reaped.ok().flatten().into_iter().chain(more).filter(|reaped| reaped.pid == program);
        ended = reaped.last().or(ended);
    }
    if let Some(program) = ended {
        let (status, user_time, system_time) = (program.status, program.user_time, program.system_time);
        Word::Ended { status, user_time, system_time, peak_memory: program.peak_memory }.send(socket);
    }
    crate::leave(0)
}

/// Whether nobody else is left of the run: all of it descend from this process, and whoever lost its parent is its
/// child. Asked first, for killing walks through every process of the host.
fn is_alone() -> bool {
    let any_kind = WaitIdOptions::from_bits_retain(libc::__WALL.cast_unsigned());
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT | any_kind;
    matches!(waitid(WaitId::All, options), Err(Errno::CHILD))
}

/// What the agent asks for: the number of a signal for the program, or [`END`].
fn receive_signal(socket: &OwnedFd) -> Option<i32> {
    let mut number = [0; 4];
    match recv(socket, &mut number, RecvFlags::DONTWAIT) {
        Ok((_, 4)) => Some(i32::from_ne_bytes(number)),
        Err(Errno::AGAIN | Errno::INTR) => None,
        // The agent is gone, and with it all reason to be.
        _ => crate::leave(1),
    }
}

fn pass_signal(program: Pid, number: i32) {
    if let Some(signal) = Signal::from_named_raw(number) {
        // It may have ended a moment ago, or not have got so far as to lead a group.
        let _ = kill_process_group(program, signal).or_else(|_| kill_process(program, signal));
    }
}
