use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use llm_sandbox_protocol::{Frame, FrameBuffer, JailReady, JailReport, JailSpec, Kind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, getpid, getppid, pidfd_open, set_child_subreaper, test_kill_process};

use super::outside::{End, Jail};
use super::steps::Steps;
use super::{Trouble, landlock};
use crate::enclosure::Enclosure;
use crate::sys::reset_inherited_signals;

/// Builds a jail, stays outside it, and removes it when the host asks for it or dies.
///
/// Standard input is the agent's end of the pipe, standard output the control stream: one [`JailSpec`] comes in, then
/// nothing until its end, which asks for the sandbox to be destroyed; [`JailReport`]s go out. `temporary` is where a
/// sandbox without a root of its own has its files.
pub(crate) fn supervise(enclosure: Enclosure, temporary: &Path) -> io::Result<()> {
    let steps = Steps::begin();
    // The parent is the host: whether it lives is not told by the pipe, which a forked child of it may hold open.
    let parent = getppid().ok_or(io::ErrorKind::NotFound)?;
    let host = watch(parent)?;
    let pipe = io::stdin().as_fd().try_clone_to_owned()?;
    let control = io::stdout().as_fd().try_clone_to_owned()?;
    detach_standard_streams()?;
    reset_inherited_signals();
    drop_favours()?;
    // A working directory of the host's would keep its file system busy.
    rustix::process::chdir("/")?;
    let leash = match enclosure {
        Enclosure::Namespaces => Ok(()),
        Enclosure::Descent => take_leash(parent),
    };
    let mut control = std::fs::File::from(control);
    let jail = leash.and_then(|()| Jail::build(enclosure, temporary, (pipe, &control), steps));
    // Where it failed the host is told when it asks.
    let was_awaited = !is_readable(&control)?;
    let end = match (read_spec(&mut control, &host)?, jail) {
        (None, Ok(jail)) => jail.remove(),
        (None, Err(_)) => End::default(),
        (Some(spec), jail) => match jail.and_then(|jail| jail.assign(&spec, was_awaited)) {
            Ok(jail) => jail.guard(&host, &control),
            Err(trouble) => {
                report(&mut control, &JailReport::Failed(trouble.into_failure()))?;
                End::default()
            }
        },
    };
    if let Some(left) = end.left {
        report(&mut control, &JailReport::Left(left))?;
    }
    report(&mut control, &JailReport::Gone(end.words))
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

/// Stands for the parent process, whatever becomes of its number.
fn watch(host: Pid) -> io::Result<OwnedFd> {
    let pidfd = pidfd_open(host, PidfdFlags::empty())?;
    // Had it died before the descriptor was made, this process would have another parent by now.
    if getppid() == Some(host) { Ok(pidfd) } else { Err(io::ErrorKind::NotFound.into()) }
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

/// The standard streams lead nowhere from here on, in the jail as well.
fn detach_standard_streams() -> io::Result<()> {
    let null = std::fs::OpenOptions::new().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    Ok(rustix::stdio::dup2_stderr(&null)?)
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
