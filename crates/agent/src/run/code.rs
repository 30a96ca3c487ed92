use std::convert::Infallible;
use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use llm_sandbox_protocol::RunRequest;
use rustix::fs::{CWD, Mode, OFlags, openat, unlink};
use rustix::io::Errno;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, chdir, getppid, getrlimit, ioctl_tiocsctty, set_parent_process_death_signal,
    setrlimit, setsid,
};

use super::compile::compile;
use super::order;
use super::word::{Step, Word};
use crate::confinement::Confinement;
use crate::enclosure::Enclosure;
use crate::sys::{Program, close_descriptors_on_exec, reset_signals};

type Failure = (Step, io::Error);

/// Turns this process into the program it is ordered to become. `is_covered`: its text lies where it belongs already.
pub(super) fn become_program(
    confinement: &Confinement<'_>,
    is_covered: bool,
    init: Pid,
    order: &OwnedFd,
    socket: &OwnedFd,
) -> ! {
    let Err((step, error)) = prepare(confinement, init).and_then(|()| execute(is_covered, order, socket));
    Word::Failed { step, error: error.raw_os_error().unwrap_or(libc::EINVAL) }.send(socket);
    crate::leave(127)
}

/// All that does not depend on the order. After it this process is no more than the program will be.
fn prepare(confinement: &Confinement<'_>, init: Pid) -> Result<(), Failure> {
    let at = |step| move |error| (step, error);
    // A session of its own: signals to the run's group reach no one else.
    setsid().map_err(|error| (Step::Streams, error.into()))?;
    reset_signals().map_err(at(Step::Streams))?;
    // What the agent has open goes with the exec, whatever its flags say.
    close_descriptors_on_exec(3).map_err(at(Step::Streams))?;
    // No core file, which is smaller than a page; and 1 rather than 0, for with any other limit a crash starts the host's
    // crash handler where it has one (a pipe in core_pattern), outside and as root.
    lower(Resource::Core, Some(1)).map_err(at(Step::Limits))?;
    // Locked memory cannot be reclaimed.
    lower(Resource::Memlock, Some(0)).map_err(at(Step::Limits))?;
    lower(Resource::Nproc, confinement.user_processes()).map_err(at(Step::Limits))?;
    confinement.become_user().map_err(at(Step::User))?;
    if confinement.enclosure == Enclosure::Descent {
        // A change of users forgets it, so only now; and the init may have died before.
        set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| (Step::Fork, error.into()))?;
        if getppid() != Some(init) {
            return Err((Step::Fork, io::ErrorKind::BrokenPipe.into()));
        }
    }
    confinement.seal().map_err(at(Step::Seal))
}

fn execute(is_covered: bool, order: &OwnedFd, socket: &OwnedFd) -> Result<Infallible, Failure> {
    let at = |step| move |error| (step, error);
    let order = order::receive(order).map_err(at(Step::Streams))?;
    let request = &order.request;
    // Allocated before limits hold.
    let program = Program::new(&request.argv, &request.environment).map_err(at(Step::Execute))?;
    set_up_streams(request, &order.streams).map_err(at(Step::Streams))?;
    if let Some(path) = request.source.as_deref().filter(|_| !is_covered) {
        let keeps_name = request.compile.as_ref().is_some_and(|compilation| compilation.keeps_name);
        write_source(path, &order.text, keeps_name).map_err(at(Step::Source))?;
    }
    chdir(request.directory.as_slice()).map_err(|error| (Step::Directory, error.into()))?;
    lower(Resource::Fsize, request.resources.file_size).map_err(at(Step::Limits))?;
    lower(Resource::Nofile, request.resources.open_files).map_err(at(Step::Limits))?;
    if let Some(compilation) = &request.compile {
        Word::Compiling.send(socket);
        if !compile(compilation, request)? {
            Word::CompileFailed.send(socket);
            crate::leave(1);
        }
    }
    Word::Started.send(socket);
    Err((Step::Execute, program.execute()))
}

fn set_up_streams(request: &RunRequest, [stdin, stdout, stderr]: &[OwnedFd; 3]) -> io::Result<()> {
    if request.terminal.is_some() {
        ioctl_tiocsctty(stdin)?;
    }
    rustix::stdio::dup2_stdin(stdin)?;
    rustix::stdio::dup2_stdout(stdout)?;
    Ok(rustix::stdio::dup2_stderr(stderr)?)
}

/// Lowers a limit; one that is lower already stays.
fn lower(resource: Resource, limit: Option<u64>) -> io::Result<()> {
    let Some(limit) = limit else { return Ok(()) };
    let limit = getrlimit(resource).maximum.map_or(limit, |maximum| maximum.min(limit));
    Ok(setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?)
}

/// Puts the text in a new file, whatever stood there: a link, another run's file, one that may not be written.
/// `may_be_moved`: its directory may be the run's own, and absent.
fn write_source(path: &[u8], text: &[u8], may_be_moved: bool) -> io::Result<()> {
    if let Some(parent) = Path::new(OsStr::from_bytes(path)).parent().filter(|_| may_be_moved) {
        std::fs::create_dir_all(parent)?;
    }
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
