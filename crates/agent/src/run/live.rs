use std::io;
use std::time::{Duration, Instant};

use llm_sandbox_protocol::{Channel, Control, Event, Frame, RunEnd, RunEnded, RunRequest, RunUsage, TerminalSize};
use rustix::net::{SendFlags, send};
use rustix::process::{Signal, pidfd_send_signal};

use super::code::Source as Text;
use super::input::Input;
use super::output::{Outlet, Output};
use super::spawn::{Spawned, resize, spawn};
use super::word::{Step, Word};
use crate::confinement::Confinement;
use crate::jail::{PRIVATE, RunGroup};
use crate::link::Link;
use crate::poll::{Poll, Source};
use crate::sys::{Child, reap};

/// The most program text that is taken, in bytes.
const SOURCE_MOST: usize = 64 << 20;

/// What runs need of the agent around them.
pub(crate) struct Surroundings<'agent, 'sandbox> {
    pub(crate) link: &'agent mut Link,
    pub(crate) poll: &'agent Poll,
    pub(crate) confinement: &'agent mut Confinement<'sandbox>,
}

/// A run from its request to its last word.
pub(crate) struct Run {
    request: RunRequest,
    requested: Instant,
    text: Vec<u8>,
    outlet: Outlet,
    processes: Option<Processes>,
    failure: Option<(RunEnd, String)>,
    is_abandoned: bool,
}

/// A run's processes and all that hangs on them.
struct Processes {
    init: Child,
    is_reaped: bool,
    socket: std::os::fd::OwnedFd,
    group: Option<RunGroup>,
    input: Input,
    outputs: [Output; 2],
    spawned: Instant,
    started: Option<Instant>,
    ended: Option<Instant>,
    /// Why we killed it, where we did before it ended by itself.
    verdict: Option<RunEnd>,
    last_word: Option<Word>,
    usage: RunUsage,
    cpu_check: Option<Instant>,
}

impl Run {
    /// Takes a request. `window` is the host's first credit for output.
    pub(crate) fn new(stream: u32, request: RunRequest, window: u64) -> Self {
        let outlet = Outlet { stream, credit: window, events: 0 };
        let text = Vec::new();
        Self { request, requested: Instant::now(), text, outlet, processes: None, failure: None, is_abandoned: false }
    }

    /// Where the run's program text lies.
    pub(crate) fn source_path(&self) -> Option<&[u8]> {
        self.request.source.as_deref()
    }

    /// Whether its program may still want its text.
    pub(crate) fn is_live(&self) -> bool {
        self.processes.as_ref().is_some_and(|processes| !processes.is_reaped)
    }

    /// Whether the request is complete as it is.
    pub(crate) fn needs_source(&self) -> bool {
        self.request.source.is_some()
    }

    /// Starts the program. `is_shared`: another run's text lies where this one's belongs.
    pub(crate) fn start(&mut self, is_shared: bool, around: &mut Surroundings<'_, '_>) {
        if let Err(error) = self.try_start(is_shared, around) {
            self.fail(error.raw_os_error(), format!("the agent could not start the run: {error}"));
        }
    }

    fn try_start(&mut self, is_shared: bool, around: &mut Surroundings<'_, '_>) -> io::Result<()> {
        let group = around.confinement.groups.lend()?;
        let text = std::mem::take(&mut self.text);
        let private = format!("{PRIVATE}/source-{}", self.outlet.stream);
        let source = match self.request.source.as_deref() {
            Some(path) if is_shared && std::fs::symlink_metadata(as_path(path)).is_ok() => {
                write_private(&private, &text)?;
                Some(Text::Private { file: &private, path })
            }
            Some(path) => Some(Text::Written { path, text: &text }),
            None => None,
        };
        let spawned = spawn(&self.request, source.as_ref(), around.confinement, &group)?;
        let processes = Processes::new(&self.request, spawned, group);
        let stream = self.outlet.stream;
        around.poll.readable(&processes.init.pidfd, stream, Source::Process)?;
        around.poll.readable(&processes.socket, stream, Source::Socket)?;
        self.processes = Some(processes);
        Ok(())
    }

    fn fail(&mut self, error: Option<i32>, detail: String) {
        self.failure = Some((RunEnd::NeverStarted(error.unwrap_or(libc::EINVAL)), detail));
    }

    /// Takes bytes from the host; how many of them are done with at once.
    pub(crate) fn data(&mut self, channel: Channel, bytes: &[u8]) -> u64 {
        match channel {
            Channel::Source if self.processes.is_none() => {
                if self.text.len() + bytes.len() > SOURCE_MOST {
                    self.fail(Some(libc::EFBIG), format!("the program text is larger than {SOURCE_MOST} bytes"));
                } else {
                    self.text.extend_from_slice(bytes);
                }
                bytes.len() as u64
            }
            Channel::Stdin => match &mut self.processes {
                Some(processes) => {
                    processes.input.push(bytes);
                    0
                }
                None => bytes.len() as u64,
            },
            _ => bytes.len() as u64,
        }
    }

    /// The host closes one of its channels.
    pub(crate) fn end_input(&mut self) {
        if let Some(processes) = &mut self.processes {
            processes.input.end();
        }
    }

    pub(crate) fn grant(&mut self, bytes: u64) {
        self.outlet.credit = self.outlet.credit.saturating_add(bytes);
    }

    pub(crate) fn control(&mut self, control: &Control) {
        match (control, &mut self.processes) {
            (Control::Kill, Some(processes)) => processes.kill(RunEnd::Killed),
            (Control::Kill, None) => self.failure = Some((RunEnd::Killed, String::new())),
            (Control::Signal(signal), Some(processes)) => processes.signal(*signal),
            (Control::Resize(size), Some(processes)) => processes.resize(size),
            _ => {}
        }
    }

    /// The host wants to hear no more: the tree dies, and nothing is sent.
    pub(crate) fn abandon(&mut self) {
        self.is_abandoned = true;
        if let Some(processes) = &mut self.processes {
            processes.kill(RunEnd::Killed);
        }
    }

    /// Something of the run's became ready.
    pub(crate) fn ready(&mut self, source: Source, around: &mut Surroundings<'_, '_>) {
        let Some(processes) = &mut self.processes else { return };
        let time = processes.time();
        match source {
            Source::Stdout => processes.outputs[0].pump(&mut self.outlet, around.link, time),
            Source::Stderr => processes.outputs[1].pump(&mut self.outlet, around.link, time),
            Source::Socket => processes.hear(around.poll),
            Source::Process => processes.bury(around),
            _ => {}
        }
    }

    /// Whether this run is behind a lack of memory: the kernel killed one of its processes.
    pub(crate) fn check_memory_kill(&mut self) -> bool {
        let killed = |processes: &Processes| processes.group.as_ref().is_some_and(RunGroup::was_out_of_memory);
        match &mut self.processes {
            Some(processes) if killed(processes) => {
                processes.kill(RunEnd::OutOfMemory);
                true
            }
            _ => false,
        }
    }

    /// Memory held by the run now, in bytes.
    pub(crate) fn held_memory(&self) -> u64 {
        let group = self.processes.as_ref().and_then(|processes| processes.group.as_ref());
        group.map_or(0, RunGroup::held_memory)
    }

    /// Kills the run for the memory it holds.
    pub(crate) fn kill_for_memory(&mut self) {
        if let Some(processes) = &mut self.processes {
            processes.kill(RunEnd::OutOfMemory);
        }
    }

    /// Enforces what is due now; when to look again.
    pub(crate) fn check_deadlines(&mut self, now: Instant) -> Option<Instant> {
        let processes = self.processes.as_mut().filter(|processes| !processes.is_reaped)?;
        let wall = self.request.wall_limit.map(|limit| processes.spawned + Duration::from_nanos(limit));
        if wall.is_some_and(|wall| wall <= now) {
            processes.kill(RunEnd::WallTimeExceeded);
        }
        let cpu = processes.check_cpu(self.request.cpu_limit, now);
        let wall = wall.filter(|_| processes.verdict.is_none());
        [wall, cpu].into_iter().flatten().min()
    }

    /// Moves on whatever can move, and says its last word when all is done; `true` when the stream is over.
    pub(crate) fn advance(&mut self, around: &mut Surroundings<'_, '_>) -> io::Result<bool> {
        if let Some((end, detail)) = self.failure.take().filter(|_| self.processes.is_none()) {
            if !self.is_abandoned {
                around.link.event(self.outlet.stream, &Event::RunEnded(self.never_started(end, detail)));
            }
            return Ok(true);
        }
        let Some(processes) = &mut self.processes else { return Ok(self.is_abandoned) };
        if self.is_abandoned {
            return Ok(processes.is_reaped);
        }
        let stream = self.outlet.stream;
        processes.feed(stream, around)?;
        let time = processes.time();
        let mut finished = processes.is_reaped;
        for output in &mut processes.outputs {
            output.watch(around.poll, &self.outlet, around.link)?;
            finished = finished && output.finish(&mut self.outlet, around.link, time);
        }
        if finished {
            let ended = self.last_word();
            around.link.event(stream, &Event::RunEnded(ended));
        }
        Ok(finished)
    }

    fn never_started(&self, end: RunEnd, detail: String) -> RunEnded {
        let total = || llm_sandbox_protocol::StreamTotal { written: 0, omitted: 0 };
        RunEnded {
            end,
            usage: NO_USAGE,
            stdout: total(),
            stderr: total(),
            prepare_time: nanoseconds(self.requested.elapsed()),
            run_time: 0,
            detail: Some(detail),
        }
    }

    fn last_word(&mut self) -> RunEnded {
        let request = &self.request;
        let Some(processes) = &self.processes else { return self.never_started(RunEnd::Killed, String::new()) };
        let (end, detail) = processes.end(request);
        let started = processes.started.unwrap_or(processes.spawned);
        let ended = processes.ended.unwrap_or(started);
        RunEnded {
            end,
            usage: processes.usage.clone(),
            stdout: processes.outputs[0].total(),
            stderr: processes.outputs[1].total(),
            prepare_time: nanoseconds(started - self.requested),
            run_time: nanoseconds(ended.saturating_duration_since(started)),
            detail,
        }
    }
}

const NO_USAGE: RunUsage = RunUsage { user_time: None, system_time: None, peak_memory: None, peak_processes: None };

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn as_path(bytes: &[u8]) -> &std::path::Path {
    use std::os::unix::ffi::OsStrExt;
    std::path::Path::new(std::ffi::OsStr::from_bytes(bytes))
}

/// Lays program text where only the agent can name it, for one run to be shown.
fn write_private(path: &str, text: &[u8]) -> io::Result<()> {
    std::fs::write(path, text)
}

impl Processes {
    fn new(request: &RunRequest, spawned: Spawned, group: RunGroup) -> Self {
        let ends = spawned.ends;
        let now = Instant::now();
        let is_terminal = request.terminal.is_some();
        Self {
            init: spawned.init,
            is_reaped: false,
            socket: spawned.socket,
            group: Some(group),
            input: Input::new(ends.stdin, is_terminal),
            outputs: [
                Output::new(ends.stdout, Channel::Stdout, request.stdout_cap),
                Output::new(ends.stderr, Channel::Stderr, request.stderr_cap),
            ],
            spawned: now,
            started: None,
            ended: None,
            verdict: None,
            last_word: None,
            usage: NO_USAGE,
            cpu_check: request.cpu_limit.map(|_| now),
        }
    }

    fn time(&self) -> u64 {
        nanoseconds(self.spawned.elapsed())
    }

    /// Kills the whole tree, unless the program has ended by itself already.
    fn kill(&mut self, verdict: RunEnd) {
        self.listen();
        if self.is_reaped || self.verdict.is_some() || matches!(self.last_word, Some(Word::Ended { .. })) {
            return;
        }
        self.verdict = Some(verdict);
        // Its end, whenever it comes, is heard through the descriptor.
        let _ = pidfd_send_signal(&self.init.pidfd, Signal::KILL);
    }

    fn signal(&self, signal: i32) {
        // A run that is over needs none.
        let _ = send(&self.socket, &signal.to_ne_bytes(), SendFlags::NOSIGNAL | SendFlags::DONTWAIT);
    }

    fn resize(&self, size: &TerminalSize) {
        if let Some(master) = &self.input.descriptor {
            // A terminal that is gone has no size.
            let _ = resize(master, size);
        }
    }

    /// Reads the words of the run's own processes; whether more can come.
    fn listen(&mut self) -> bool {
        loop {
            match Word::receive(&self.socket) {
                Ok(Some(Word::Started)) => self.started = Some(Instant::now()),
                Ok(Some(word)) => self.last_word = Some(word),
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    fn hear(&mut self, poll: &Poll) {
        // A closed socket stays readable; the process's own end tells the rest.
        if !self.listen() || self.last_word.is_some() {
            poll.forget(&self.socket);
        }
    }

    /// The init is dead, and so is all of its namespace.
    fn bury(&mut self, around: &mut Surroundings<'_, '_>) {
        around.poll.forget(&self.init.pidfd);
        around.poll.forget(&self.socket);
        let reaped = reap(Some(self.init.pid), true).ok().flatten();
        self.listen();
        self.ended = Some(Instant::now());
        self.is_reaped = true;
        let Some(group) = self.group.take() else { return };
        let consumed = group.consumed();
        self.usage = RunUsage {
            user_time: consumed.user_time.or(reaped.map(|reaped| reaped.user_time)),
            system_time: consumed.system_time.or(reaped.map(|reaped| reaped.system_time)),
            peak_memory: consumed.peak_memory.or(reaped.map(|reaped| reaped.peak_memory)),
            peak_processes: consumed.peak_processes,
        };
        if group.was_out_of_memory() {
            self.verdict.get_or_insert(RunEnd::OutOfMemory);
        }
        around.confinement.groups.give_back(group);
    }

    /// Kills a run whose CPU time is used up; when to look again.
    fn check_cpu(&mut self, limit: Option<u64>, now: Instant) -> Option<Instant> {
        let (limit, due) = (limit?, self.cpu_check?);
        if due > now {
            return Some(due);
        }
        let used = self.group.as_ref().map_or(0, RunGroup::cpu_time);
        if used >= limit {
            self.kill(RunEnd::CpuTimeExceeded);
            self.cpu_check = None;
        } else {
            // It cannot be used up sooner, however many processors there are.
            let processors = std::thread::available_parallelism().map_or(64, |count| count.get() as u64);
            let soonest = Duration::from_nanos((limit - used) / processors);
            self.cpu_check = Some(now + soonest.max(Duration::from_millis(1)));
        }
        self.cpu_check
    }

    /// Writes what the program reads, and gives the host credit for it.
    fn feed(&mut self, stream: u32, around: &mut Surroundings<'_, '_>) -> io::Result<()> {
        let watched = self.input.descriptor.as_ref().map(std::os::fd::AsRawFd::as_raw_fd);
        let done = self.input.pump();
        if done > 0 {
            around.link.send(&Frame::credit(stream, done));
        }
        match (&self.input.descriptor, self.input.is_waiting(), self.input.watched) {
            (Some(descriptor), true, false) => around.poll.writable(descriptor, stream, Source::Stdin)?,
            (Some(descriptor), false, true) => around.poll.forget(descriptor),
            // Closing it has ended the watch.
            (None, ..) => debug_assert!(watched.is_none() || !self.input.is_waiting()),
            _ => {}
        }
        self.input.watched = self.input.is_waiting();
        Ok(())
    }

    fn end(&self, request: &RunRequest) -> (RunEnd, Option<String>) {
        match (&self.verdict, self.last_word) {
            (Some(verdict), _) => (verdict.clone(), None),
            (None, Some(Word::Failed { step, error })) => {
                (RunEnd::NeverStarted(error), Some(describe(request, step, error)))
            }
            (None, Some(Word::Ended { status, .. })) if libc::WIFSIGNALED(status) => {
                (RunEnd::Signalled(libc::WTERMSIG(status)), None)
            }
            (None, Some(Word::Ended { status, .. })) => (RunEnd::Exited(libc::WEXITSTATUS(status)), None),
            // Its init was killed from outside, by the kernel or the host's administrator.
            (None, _) => (RunEnd::Killed, Some("the run's first process was killed from outside".into())),
        }
    }
}

fn describe(request: &RunRequest, step: Step, error: i32) -> String {
    let what = match step {
        Step::Execute => request.argv.first().map(Vec::as_slice),
        Step::Directory => Some(request.directory.as_slice()),
        Step::Source => request.source.as_deref(),
        _ => None,
    };
    let what = what.map(|name| format!(" {}", String::from_utf8_lossy(name))).unwrap_or_default();
    format!("could not {}{what}: {}", step.describe(), io::Error::from_raw_os_error(error))
}
