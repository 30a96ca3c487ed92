use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use llm_sandbox_protocol::{Channel, Frame, RunEnd, RunRefusals, RunRequest, RunUsage, TerminalSize};
use rustix::net::{SendFlags, send};
use rustix::process::{Signal, pidfd_send_signal};

use super::Surroundings;
use super::init::END;
use super::input::Input;
use super::output::{Outlet, Output};
use super::refusals::Before;
use super::spawn::{Ends, Parked, resize};
use super::word::{Step, Word};
use crate::enclosure::Enclosure;
use crate::jail::RunGroup;
use crate::poll::{Poll, Source};
use crate::sys::{Child, Fork, Namespaces, fork, reap};
use crate::tree::kill_orphans;

/// No figure is known.
pub(super) const NO_USAGE: RunUsage =
    RunUsage { user_time: None, system_time: None, peak_memory: None, peak_processes: None };

/// A run's processes and all that hangs on them.
pub(super) struct Processes {
    remains: Option<Remains>,
    socket: OwnedFd,
    pub(super) input: Input,
    is_terminal: bool,
    pub(super) outputs: [Output; 2],
    pub(super) ordered: Instant,
    /// When its text was given to a compiler.
    pub(super) compiling: Option<Instant>,
    has_not_compiled: bool,
    pub(super) started: Option<Instant>,
    /// When all was over: from then on only the init is left, if that.
    pub(super) ended: Option<Instant>,
    /// Why we killed it, where we did before it ended by itself.
    verdict: Option<RunEnd>,
    failed: Option<(Step, i32)>,
    status: Option<i32>,
    pub(super) usage: RunUsage,
    /// What it was refused, where it did not succeed.
    pub(super) refusals: Option<RunRefusals>,
    before: Before,
    cpu_check: Option<Instant>,
}

/// What is left of a run that is over: its init, about to end, and its group.
pub(crate) struct Remains {
    enclosure: Enclosure,
    init: Child,
    group: RunGroup,
    text: Option<TextFile>,
}

/// A program text that lies in a file of the run's own.
pub(super) struct TextFile {
    pub(super) path: PathBuf,
    /// Whether its directory is the run's own, too.
    pub(super) has_directory: bool,
}

impl Remains {
    /// Takes the init's exit status and gives the group to the next run; for when the init has ended.
    pub(crate) fn bury(self, around: &mut Surroundings<'_, '_>) {
        around.poll.forget(&self.init.pidfd);
        // It cannot be reaped twice.
        let _ = reap(Some(self.init.pid), true);
        if let Some(text) = self.text {
            // Nothing follows from one that stays but that it takes room.
            let _ = remove(&text, self.enclosure, around);
        }
        around.confinement.groups.give_back(self.group);
    }
}

/// Removes a program text. Where it lies among the code's files the code may have planted links on the way, so only where
/// the code itself could.
fn remove(text: &TextFile, enclosure: Enclosure, around: &mut Surroundings<'_, '_>) -> io::Result<()> {
    if enclosure == Enclosure::Namespaces {
        return std::fs::remove_file(&text.path);
    }
    match fork(Namespaces::SHARED)? {
        Fork::Child => {
            let confinement = &*around.confinement;
            let confined = confinement.become_user().and_then(|()| confinement.fence_files());
            crate::leave(i32::from(confined.and_then(|()| text.remove()).is_err()))
        }
        Fork::Parent(child) => reap(Some(child.pid), true).map(drop),
    }
}

impl TextFile {
    fn remove(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)?;
        match self.path.parent().filter(|_| self.has_directory) {
            Some(directory) => std::fs::remove_dir(directory),
            None => Ok(()),
        }
    }
}

impl Processes {
    /// Watches over a program that was ordered. `input`: what it is to read; `text`: its text, where that goes with it.
    pub(super) fn new(
        request: &RunRequest,
        (parked, ends, text): (Parked, Ends, Option<TextFile>),
        mut input: Input,
        stream: u32,
        poll: &Poll,
    ) -> io::Result<Self> {
        poll.readable(&parked.init.pidfd, stream, Source::Process)?;
        poll.readable(&parked.socket, stream, Source::Socket)?;
        let now = Instant::now();
        input.connect(ends.stdin);
        Ok(Self {
            socket: parked.socket,
            remains: Some(Remains { enclosure: parked.enclosure, init: parked.init, group: parked.group, text }),
            input,
            is_terminal: request.terminal.is_some(),
            outputs: [
                Output::new(ends.stdout, Channel::Stdout, request.stdout_cap),
                Output::new(ends.stderr, Channel::Stderr, request.stderr_cap),
            ],
            ordered: now,
            compiling: None,
            has_not_compiled: false,
            started: None,
            ended: None,
            verdict: None,
            failed: None,
            status: None,
            usage: NO_USAGE,
            refusals: None,
            before: parked.before,
            cpu_check: request.cpu_limit.map(|_| now),
        })
    }

    pub(super) fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// Whether the program itself was begun, and not only its compiler.
    pub(super) fn has_started_program(&self) -> bool {
        self.started.is_some() || self.compiling.is_none()
    }

    pub(super) fn into_remains(self) -> Option<Remains> {
        self.remains
    }

    /// Since the program was ordered, in nanoseconds.
    pub(super) fn time(&self) -> u64 {
        u64::try_from(self.ordered.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn group(&self) -> Option<&RunGroup> {
        self.remains.as_ref().map(|remains| &remains.group)
    }

    pub(super) fn taken_memory(&self) -> u64 {
        self.group().map_or(0, RunGroup::taken_memory)
    }

    pub(super) fn was_out_of_memory(&self) -> bool {
        self.group().is_some_and(RunGroup::was_out_of_memory)
    }

    /// Kills the whole tree, unless the program has ended by itself already: what it held before counts even so.
    pub(super) fn kill(&mut self, verdict: RunEnd) {
        self.listen();
        let has_ended = self.status.is_some() && !matches!(verdict, RunEnd::OutOfMemory);
        if self.is_over() || self.verdict.is_some() || has_ended {
            return;
        }
        self.verdict = Some(verdict);
        let Some(remains) = &self.remains else { return };
        // Its end, whenever it comes, is heard through the descriptor.
        match remains.enclosure {
            Enclosure::Namespaces => drop(pidfd_send_signal(&remains.init.pidfd, Signal::KILL)),
            // No namespace dies with it: it kills the others first.
            Enclosure::Descent => self.signal(END),
        }
    }

    /// The host wants to hear no more.
    pub(super) fn close(&mut self, poll: &Poll) {
        self.input.close(poll);
        self.outputs.iter_mut().for_each(|output| output.close(poll));
    }

    pub(super) fn signal(&self, signal: i32) {
        // A run that is over needs none.
        let _ = send(&self.socket, &signal.to_ne_bytes(), SendFlags::NOSIGNAL | SendFlags::DONTWAIT);
    }

    pub(super) fn resize(&self, size: &TerminalSize) {
        if let Some(master) = &self.input.descriptor {
            // A terminal that is gone has no size.
            let _ = resize(master, size);
        }
    }

    /// Reads the words of the run's own processes; whether more can come.
    fn listen(&mut self) -> bool {
        loop {
            match Word::receive(&self.socket) {
                Ok(Some(Word::Compiling)) => self.compiling = Some(Instant::now()),
                Ok(Some(Word::CompileFailed)) => self.has_not_compiled = true,
                Ok(Some(Word::Started)) => self.started = Some(Instant::now()),
                Ok(Some(Word::Failed { step, error })) => self.failed = Some((step, error)),
                Ok(Some(Word::Ended { status, user_time, system_time, peak_memory })) => {
                    self.status = Some(status);
                    let figures = (Some(user_time), Some(system_time), Some(peak_memory));
                    (self.usage.user_time, self.usage.system_time, self.usage.peak_memory) = figures;
                }
                Ok(None) => return self.status.is_none(),
                Err(_) => return false,
            }
        }
    }

    /// The run's own processes said something.
    pub(super) fn hear(&mut self, poll: &Poll) {
        if !self.listen() {
            // A closed socket stays readable; the init's own end tells the rest.
            poll.forget(&self.socket);
        }
        if self.status.is_some() && !self.is_over() {
            self.conclude();
        }
    }

    /// The init is dead, and so is all of its namespace.
    pub(super) fn bury(&mut self, around: &mut Surroundings<'_, '_>) {
        self.hear(around.poll);
        around.poll.forget(&self.socket);
        if self.status.is_none() && self.remains.as_ref().is_some_and(|it| it.enclosure == Enclosure::Descent) {
            // No namespace has died with it.
            kill_orphans();
        }
        if !self.is_over() {
            self.conclude();
        }
        if let Some(remains) = self.remains.take() {
            remains.bury(around);
        }
    }

    /// Takes down what the run used: nothing of it is left to use more.
    fn conclude(&mut self) {
        self.ended = Some(Instant::now());
        for output in &mut self.outputs {
            output.conclude(self.is_terminal);
        }
        let Some(remains) = &self.remains else { return };
        if self.status != Some(0) {
            self.refusals = Some(self.before.refusals(&remains.group));
        }
        let consumed = remains.group.consumed();
        self.usage = RunUsage {
            user_time: consumed.user_time.or(self.usage.user_time),
            system_time: consumed.system_time.or(self.usage.system_time),
            peak_memory: consumed.peak_memory.or(self.usage.peak_memory),
            peak_processes: consumed.peak_processes,
        };
        if remains.group.was_out_of_memory() {
            self.verdict.get_or_insert(RunEnd::OutOfMemory);
        }
    }

    /// Kills a run whose CPU time is used up; when to look again.
    pub(super) fn check_cpu(&mut self, limit: Option<u64>, now: Instant) -> Option<Instant> {
        let (limit, due) = (limit?, self.cpu_check?);
        if due > now {
            return Some(due);
        }
        let used = self.group().map_or(0, RunGroup::cpu_time);
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

    /// Whether we have killed it or given up on it.
    pub(super) fn is_condemned(&self) -> bool {
        self.verdict.is_some()
    }

    /// Writes what the program reads, and gives the host credit for it.
    pub(super) fn feed(&mut self, outlet: &Outlet, around: &mut Surroundings<'_, '_>) -> io::Result<()> {
        let done = self.input.pump(around.poll);
        if done > 0 {
            around.link.send(&Frame::credit(outlet.stream, done));
        }
        let is_waiting = self.input.is_waiting();
        match (&self.input.descriptor, is_waiting, self.input.watched) {
            (Some(descriptor), true, false) => around.poll.writable(descriptor, outlet.stream, Source::Stdin)?,
            (Some(descriptor), false, true) => around.poll.forget(descriptor),
            // A descriptor that was closed is not watched any more.
            _ => {}
        }
        self.input.watched = is_waiting;
        Ok(())
    }

    /// Why the run ended, and more words where it never started.
    pub(super) fn end(&self, request: &RunRequest) -> (RunEnd, Option<String>) {
        match (&self.verdict, self.failed, self.status) {
            (Some(verdict), ..) => (verdict.clone(), None),
            (None, Some((step, error)), _) => (RunEnd::NeverStarted(error), Some(describe(request, step))),
            (None, None, Some(_)) if self.has_not_compiled => (RunEnd::CompileFailed, None),
            (None, None, Some(status)) if libc::WIFSIGNALED(status) => {
                (RunEnd::Signalled(libc::WTERMSIG(status)), None)
            }
            (None, None, Some(status)) => (RunEnd::Exited(libc::WEXITSTATUS(status)), None),
            // Its init was killed from outside, by the kernel or the host's administrator.
            (None, None, None) => (RunEnd::Killed, Some("the run's first process was killed from outside".into())),
        }
    }
}

fn describe(request: &RunRequest, step: Step) -> String {
    let what = match step {
        Step::Execute => request.argv.first().map(Vec::as_slice),
        Step::Compile => request.compile.as_ref().and_then(|it| it.argv.first()).map(Vec::as_slice),
        Step::Build => request.compile.as_ref().map(|it| it.directory.as_slice()),
        Step::Directory => Some(request.directory.as_slice()),
        Step::Source => request.source.as_deref(),
        _ => None,
    };
    let what = what.map(|name| format!(" {}", String::from_utf8_lossy(name))).unwrap_or_default();
    // The host says what the number means.
    format!("could not {}{what}", step.describe())
}
