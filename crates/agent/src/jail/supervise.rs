use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use llm_sandbox_protocol::{Frame, FrameBuffer, JailReady, JailReport, JailSpec, Kind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, getpid, pidfd_open, set_child_subreaper, test_kill_process};

use super::fork_server::Supply;
use super::outside::{End, Jail};
use super::steps::Steps;
use super::{Trouble, landlock};
use crate::descriptors;
use crate::enclosure::Enclosure;

/// A sandbox that the host asks for.
pub(super) struct Order<'path> {
    pub(super) enclosure: Enclosure,
    /// Where a sandbox without a root of its own has its files.
    pub(super) temporary: &'path Path,
    /// The agent's end of the pipe.
    pub(super) pipe: OwnedFd,
    /// The stream to the host: one [`JailSpec`] comes in, then nothing until its end, which asks for the sandbox to be
    /// destroyed; [`JailReport`]s go out.
    pub(super) control: OwnedFd,
}

/// Builds a jail, stays outside it, and removes it when the host asks for it or dies.
pub(super) fn supervise(order: Order<'_>, supply: &Supply) -> io::Result<()> {
    let steps = Steps::begin();
    let Order { enclosure, temporary, pipe, control } = order;
    let host = &supply.host;
    let leash = match enclosure {
        Enclosure::Namespaces => Ok(()),
        Enclosure::Descent => take_leash(host.pid),
    };
    let mut control = std::fs::File::from(control);
    let jail = leash.and_then(|()| Jail::build(enclosure, temporary, supply.void.as_ref(), (pipe, &control), steps));
    // Where it failed the host is told when it asks.
    let was_awaited = !is_readable(&control)?;
    let end = match (read_spec(&mut control, &host.pidfd)?, jail) {
        (None, Ok(jail)) => jail.remove(&supply.turns),
        (None, Err(_)) => End::default(),
        // It has given something away meanwhile. Without a word, so that it looks whether there is a fork server.
        (Some(_), Ok(jail)) if !host.has_its_rights() => jail.remove(&supply.turns),
        (Some(spec), jail) => match jail.and_then(|jail| jail.assign(&spec, was_awaited, &supply.turns)) {
            Ok(jail) => jail.guard(&control, supply),
            Err(trouble) => {
                report(&mut control, &JailReport::Failed(trouble.into_failure()))?;
                End::default()
            }
        },
    };
    if let Some(left) = end.left {
        report(&mut control, &JailReport::Left(left))?;
    }
    take_leave(&mut control, end.words)
}

/// Where no namespace dies with the agent: what an agent leaves that was killed becomes this process's, which may kill it
/// and nobody else.
fn take_leash(host: Pid) -> Result<(), Trouble> {
    let trouble = |error| Trouble::new("keep signals in", error);
    set_child_subreaper(Some(getpid())).map_err(|error| trouble(error.into()))?;
    // The host has this process's user: had it remained within reach, so had all else that has.
    match landlock::keep_signals_in().map_err(trouble)? && test_kill_process(host) == Err(rustix::io::Errno::PERM) {
        true => Ok(()),
        false => Err(Trouble::unsupported("keep signals in", "this kernel does not have Landlock in version 6")
            .hint("boot a kernel from 6.12 on with lsm=landlock")),
    }
}

fn is_readable(control: &std::fs::File) -> io::Result<bool> {
    let mut watched = [PollFd::from_borrowed_fd(control.as_fd(), PollFlags::IN)];
    Ok(poll(&mut watched, Some(&Timespec::default()))? > 0)
}

/// Waits for the spec; `None` where the host wants no sandbox any more, or is gone.
fn read_spec(control: &mut std::fs::File, host: &OwnedFd) -> io::Result<Option<JailSpec>> {
    let mut buffer = FrameBuffer::new();
    loop {
        if let Some(frame) = buffer.next_frame().map_err(io::Error::other)? {
            return frame.decode().map(Some).map_err(io::Error::other);
        }
        let watched = [control.as_fd(), host.as_fd()];
        let mut watched = watched.map(|descriptor| PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
        match poll(&mut watched, None) {
            Err(rustix::io::Errno::INTR) => continue,
            other => other?,
        };
        if !watched[1].revents().is_empty() {
            return Ok(None);
        }
        let wanted = buffer.wanted();
        match control.read(&mut buffer.space(wanted)[..wanted]) {
            Ok(0) => return Ok(None),
            Ok(size) => buffer.filled(size),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            Err(error) => return Err(error),
        }
    }
}

/// The last words, and what this process's end can be awaited by.
fn take_leave(control: &mut std::fs::File, words: String) -> io::Result<()> {
    let own = pidfd_open(getpid(), PidfdFlags::empty())?;
    let mut bytes = Vec::new();
    Frame::message(0, Kind::Event, &JailReport::Gone(words)).encode(&mut bytes);
    match descriptors::send(control, &bytes, &[own.as_fd()]) {
        // The host is gone; there is nobody to tell.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn report(control: &mut std::fs::File, report: &JailReport) -> io::Result<()> {
    let mut bytes = Vec::new();
    Frame::message(0, Kind::Event, report).encode(&mut bytes);
    match control.write_all(&bytes) {
        // The host is gone; there is nobody to tell.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// What the jail tells the host once it stands.
pub(super) fn ready(control: &std::fs::File, ready: JailReady) -> io::Result<()> {
    report(&mut control.try_clone()?, &JailReport::Ready(ready))
}

/// What the jail tells the host where it cannot stand.
pub(super) fn failed(control: &std::fs::File, trouble: Trouble) -> io::Result<()> {
    report(&mut control.try_clone()?, &JailReport::Failed(trouble.into_failure()))
}
