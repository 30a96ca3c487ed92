use std::convert::Infallible;
use std::io;
use std::os::fd::OwnedFd;

use llm_sandbox_protocol::RunRequest;
use rustix::fs::{CWD, Mode, OFlags, openat, unlink};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, chdir, ioctl_tiocsctty, setrlimit, setsid, umask};

use super::spawn::Inside;
use super::word::{Step, Word};
use crate::confinement::Confinement;
use crate::sys::{Program, close_descriptors_on_exec, reset_signals};

/// Where a run's program text comes from.
#[derive(Debug)]
pub(super) enum Source<'a> {
    /// To be written where the request says, by the code's own user.
    Written { path: &'a [u8], text: &'a [u8] },
    /// Lies in a file of the agent's, to be shown at a path where another run's text lies.
    Private { file: &'a str, path: &'a [u8] },
}

/// Turns this process into the program.
pub(super) fn become_program(
    request: &RunRequest,
    source: Option<&Source<'_>>,
    confinement: &Confinement<'_>,
    inside: &Inside,
    socket: &OwnedFd,
) -> ! {
    let Err((step, error)) = prepare_and_execute(request, source, confinement, inside, socket);
    Word::Failed { step, error: error.raw_os_error().unwrap_or(libc::EINVAL) }.send(socket);
    crate::leave(127)
}

type Failure = (Step, io::Error);

fn prepare_and_execute(
    request: &RunRequest,
    source: Option<&Source<'_>>,
    confinement: &Confinement<'_>,
    inside: &Inside,
    socket: &OwnedFd,
) -> Result<Infallible, Failure> {
    let at = |step| move |error| (step, error);
    // Allocated before limits hold.
    let program = Program::new(&request.argv, &request.environment).map_err(at(Step::Execute))?;
    set_up_streams(inside).map_err(at(Step::Streams))?;
    // What the agent has open goes with the exec, whatever its flags say.
    close_descriptors_on_exec(3).map_err(at(Step::Streams))?;
    reset_signals().map_err(at(Step::Streams))?;
    set_limits(request).map_err(at(Step::Limits))?;
    confinement.become_user().map_err(at(Step::User))?;
    umask(Mode::from_raw_mode(0o022));
    if let Some(Source::Written { path, text }) = source {
        write_source(path, text).map_err(at(Step::Source))?;
    }
    chdir(request.directory.as_slice()).map_err(|error| (Step::Directory, error.into()))?;
    confinement.seal().map_err(at(Step::Seal))?;
    Word::Started.send(socket);
    Err((Step::Execute, program.execute()))
}

fn set_up_streams(inside: &Inside) -> io::Result<()> {
    // A session of its own: signals to the run's group reach no one else.
    setsid()?;
    if inside.is_terminal {
        ioctl_tiocsctty(&inside.stdin)?;
    }
    rustix::stdio::dup2_stdin(&inside.stdin)?;
    rustix::stdio::dup2_stdout(&inside.stdout)?;
    Ok(rustix::stdio::dup2_stderr(&inside.stderr)?)
}

fn set_limits(request: &RunRequest) -> io::Result<()> {
    let limits = [
        // A core file would only fill the disk.
        (Resource::Core, Some(0)),
        // Locked memory cannot be reclaimed.
        (Resource::Memlock, Some(0)),
        (Resource::Fsize, request.resources.file_size),
        (Resource::Nofile, request.resources.open_files),
    ];
    for (resource, limit) in limits {
        if let Some(limit) = limit {
            setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
        }
    }
    Ok(())
}

/// Puts the text in a new file, whatever stood there: a link, another run's file, one that may not be written.
fn write_source(path: &[u8], text: &[u8]) -> io::Result<()> {
    match unlink(path) {
        Err(Errno::NOENT) => {}
        other => other?,
    }
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(CWD, path, flags, Mode::from_raw_mode(0o644))?;
    let mut rest = text;
    while !rest.is_empty() {
        rest = &rest[rustix::io::write(&file, rest)?..];
    }
    Ok(())
}
