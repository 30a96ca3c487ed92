use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

use llm_sandbox_protocol::{Channel, Control, Event, RunEnd, RunEnded, RunRequest, StreamTotal};

use super::init::Cover;
use super::input::Input;
use super::output::Outlet;
use super::processes::{NO_USAGE, Processes, Remains, TextFile};
use super::spawn::Parked;
use crate::confinement::Confinement;
use crate::enclosure::Enclosure;
use crate::jail::PRIVATE;
use crate::link::Link;
use crate::poll::{Poll, Source};

/// The most program text that is taken, in bytes.
const SOURCE_MOST: usize = 64 << 20;

/// What runs need of the agent around them.
pub(crate) struct Surroundings<'agent, 'sandbox> {
    pub(crate) link: &'agent mut Link,
    pub(crate) poll: &'agent Poll,
    pub(crate) confinement: &'agent mut Confinement<'sandbox>,
    pub(crate) parked: &'agent mut Option<Parked>,
}

/// A run from its request to its last word.
pub(crate) struct Run {
    request: RunRequest,
    requested: Instant,
    text: Vec<u8>,
    /// What came before the program was there to read it.
    early: Input,
    outlet: Outlet,
    processes: Option<Processes>,
    failure: Option<(RunEnd, String)>,
    is_abandoned: bool,
}

impl Run {
    /// Takes a request. `window` is the host's first credit for output.
    pub(crate) fn new(stream: u32, request: RunRequest, window: u64) -> Self {
        let outlet = Outlet { stream, credit: window, events: 0 };
        let early = Input::early(request.terminal.is_some());
        let (requested, text) = (Instant::now(), Vec::new());
        Self { request, requested, text, early, outlet, processes: None, failure: None, is_abandoned: false }
    }

    /// Where the run's program text belongs.
    pub(crate) fn source_path(&self) -> Option<&[u8]> {
        self.request.source.as_deref()
    }

    /// Whether another run's program text belongs at the same place.
    pub(crate) fn shares_source(&self, other: &Self) -> bool {
        self.outlet.stream != other.outlet.stream
            && self.source_path().is_some()
            && self.source_path() == other.source_path()
    }

    /// Whether its program text is where it belongs.
    pub(crate) fn has_started(&self) -> bool {
        self.processes.as_ref().is_some_and(|processes| processes.compiling.or(processes.started).is_some())
    }

    /// Whether its program may still want its text.
    pub(crate) fn is_live(&self) -> bool {
        self.processes.as_ref().is_some_and(|processes| !processes.is_over())
    }

    /// Starts the program. `is_shared`: another run's text lies where this one's belongs.
    pub(crate) fn start(&mut self, is_shared: bool, around: &mut Surroundings<'_, '_>) {
        if self.processes.is_some() || self.failure.is_some() || self.is_abandoned {
            return;
        }
        if let Err(error) = self.try_start(is_shared, around) {
            self.fail(error.raw_os_error(), format!("the agent could not start the run: {error}"));
        }
    }

    fn try_start(&mut self, is_shared: bool, around: &mut Surroundings<'_, '_>) -> io::Result<()> {
        let text = std::mem::take(&mut self.text);
        let is_moved = is_shared && around.confinement.enclosure == Enclosure::Descent;
        if is_moved {
            self.move_source();
        }
        let is_shared = is_shared && around.confinement.enclosure == Enclosure::Namespaces;
        let user = around.confinement.user();
        let file = format!("{PRIVATE}/source-{}", self.outlet.stream);
        let covered = self.request.source.as_deref().filter(|path| is_shared && exists(path));
        let ready = around.parked.take_if(|_| covered.is_none());
        let (parked, ends) = match ready.map(|parked| parked.begin(&self.request, &text, user, around.confinement)) {
            Some(Ok(begun)) => begun,
            // None is ready, or what was has been killed from outside meanwhile.
            _ => {
                if covered.is_some() {
                    std::fs::write(&file, &text)?;
                }
                let cover = covered.map(|path| Cover { file: &file, path });
                let parked = Parked::start(around.confinement, cover.as_ref())?;
                parked.begin(&self.request, &text, user, around.confinement)?
            }
        };
        let covering = covered.is_some().then(|| TextFile { path: file.into(), has_directory: false });
        let moved = self.request.source.as_deref().filter(|_| is_moved);
        let has_directory = self.keeps_name();
        let text = covering.or(moved.map(|path| TextFile { path: as_path(path).to_owned(), has_directory }));
        let early = std::mem::replace(&mut self.early, Input::early(false));
        let parts = (parked, ends, text);
        self.processes = Some(Processes::new(&self.request, parts, early, self.outlet.stream, around.poll)?);
        Ok(())
    }

    /// Puts the program text beside where it belongs, in a file of the run's own: another run's lies there.
    fn move_source(&mut self) {
        let Some(path) = self.request.source.take() else { return };
        let moved = match self.keeps_name() {
            true => below(&path, self.outlet.stream),
            false => beside(&path, self.outlet.stream),
        };
        let compiler = self.request.compile.iter_mut().flat_map(|compilation| &mut compilation.argv);
        for argument in self.request.argv.iter_mut().chain(compiler).filter(|argument| **argument == path) {
            argument.clone_from(&moved);
        }
        self.request.source = Some(moved);
    }

    fn keeps_name(&self) -> bool {
        self.request.compile.as_ref().is_some_and(|compilation| compilation.keeps_name)
    }

    fn fail(&mut self, error: Option<i32>, detail: String) {
        self.failure = Some((RunEnd::NeverStarted(error.unwrap_or(libc::EINVAL)), detail));
    }

    /// Takes bytes from the host; how many of them are done with at once.
    ///
    /// # Errors
    ///
    /// The host has sent more than it has credit for.
    pub(crate) fn data(&mut self, channel: Channel, bytes: &[u8]) -> io::Result<u64> {
        match (channel, &mut self.processes) {
            (Channel::Source, None) if self.text.len() + bytes.len() > SOURCE_MOST => {
                self.fail(Some(libc::EFBIG), format!("the program text is larger than {SOURCE_MOST} bytes"));
            }
            (Channel::Source, None) => self.text.extend_from_slice(bytes),
            (Channel::Stdin, Some(processes)) => return processes.input.push(bytes),
            (Channel::Stdin, None) => return self.early.push(bytes),
            _ => {}
        }
        Ok(bytes.len() as u64)
    }

    /// The host sends no more input.
    pub(crate) fn end_input(&mut self) {
        match &mut self.processes {
            Some(processes) => processes.input.end(),
            None => self.early.end(),
        }
    }

    pub(crate) fn grant(&mut self, bytes: u64) {
        self.outlet.credit = self.outlet.credit.saturating_add(bytes);
    }

    pub(crate) fn control(&mut self, control: &Control) {
        match (control, &mut self.processes) {
            (Control::Kill, Some(processes)) => processes.kill(RunEnd::Killed),
            (Control::Kill, None) => self.failure = Some((RunEnd::Killed, String::new())),
            // What is no signal is a word of the agent's own to the run's init.
            (Control::Signal(signal), Some(processes)) if *signal > 0 => processes.signal(*signal),
            (Control::Resize(size), Some(processes)) => processes.resize(size),
            _ => {}
        }
    }

    /// The host wants to hear no more: the tree dies, and nothing is sent.
    pub(crate) fn abandon(&mut self, poll: &Poll) {
        self.is_abandoned = true;
        if let Some(processes) = &mut self.processes {
            processes.kill(RunEnd::Killed);
            processes.close(poll);
        }
    }

    /// Something of the run's became ready.
    pub(crate) fn ready(&mut self, source: Source, around: &mut Surroundings<'_, '_>) {
        let Some(processes) = &mut self.processes else { return };
        let time = processes.time();
        match source {
            Source::Stdout => processes.outputs[0].pump(&mut self.outlet, (around.link, around.poll), time),
            Source::Stderr => processes.outputs[1].pump(&mut self.outlet, (around.link, around.poll), time),
            Source::Socket => processes.hear(around.poll),
            Source::Process => processes.bury(around),
            _ => {}
        }
    }

    /// Whether the kernel killed one of this run's processes for lack of memory; then the whole run goes.
    pub(crate) fn check_memory_kill(&mut self) -> bool {
        match &mut self.processes {
            Some(processes) if processes.was_out_of_memory() => {
                processes.kill(RunEnd::OutOfMemory);
                true
            }
            _ => false,
        }
    }

    /// Memory that the run took since it began, in bytes.
    pub(crate) fn taken_memory(&self) -> u64 {
        self.processes.as_ref().map_or(0, Processes::taken_memory)
    }

    /// Kills the run for the memory it holds.
    pub(crate) fn kill_for_memory(&mut self) {
        if let Some(processes) = &mut self.processes {
            processes.kill(RunEnd::OutOfMemory);
        }
    }

    /// Enforces what is due now; when to look again.
    pub(crate) fn check_deadlines(&mut self, now: Instant) -> Option<Instant> {
        let processes = self.processes.as_mut().filter(|processes| !processes.is_over())?;
        let wall = self.request.wall_limit.and_then(|limit| processes.ordered.checked_add(Duration::from_nanos(limit)));
        if wall.is_some_and(|wall| wall <= now) {
            processes.kill(RunEnd::WallTimeExceeded);
        }
        let cpu = processes.check_cpu(self.request.cpu_limit, now);
        let wall = wall.filter(|_| !processes.is_condemned());
        [wall, cpu].into_iter().flatten().min()
    }

    /// Moves on whatever can move, and says its last word when all is done; `true` when the stream is over.
    pub(crate) fn advance(&mut self, around: &mut Surroundings<'_, '_>) -> io::Result<bool> {
        let stream = self.outlet.stream;
        let Some(processes) = &mut self.processes else {
            if let (Some((end, detail)), false) = (self.failure.take(), self.is_abandoned) {
                around.link.event(stream, &Event::RunEnded(self.never_started(end, detail)));
                return Ok(true);
            }
            return Ok(self.is_abandoned);
        };
        if self.is_abandoned {
            return Ok(processes.is_over());
        }
        processes.feed(&self.outlet, around)?;
        let time = processes.time();
        let mut finished = processes.is_over();
        for output in &mut processes.outputs {
            output.watch(around.poll, &self.outlet, around.link)?;
            finished &= output.finish(&mut self.outlet, around.link, time);
        }
        if finished {
            let (end, detail) = processes.end(&self.request);
            around.link.event(stream, &Event::RunEnded(self.ended(end, detail)));
        }
        Ok(finished)
    }

    /// What is left to be buried when the stream is over.
    pub(crate) fn into_remains(self) -> Option<Remains> {
        self.processes.and_then(Processes::into_remains)
    }

    fn never_started(&self, end: RunEnd, detail: String) -> RunEnded {
        let total = || StreamTotal { written: 0, omitted: 0 };
        RunEnded {
            end,
            usage: NO_USAGE,
            stdout: total(),
            stderr: total(),
            prepare_time: nanoseconds(self.requested.elapsed()),
            run_time: 0,
            detail: Some(detail),
            refusals: None,
            compile_time: None,
        }
    }

    fn ended(&self, end: RunEnd, detail: Option<String>) -> RunEnded {
        let Some(processes) = &self.processes else { return self.never_started(end, String::new()) };
        let started = processes.started.unwrap_or(processes.ordered);
        let ended = processes.ended.unwrap_or(started);
        let begun = processes.compiling.unwrap_or(started);
        let compiled = if processes.has_started_program() { started } else { ended };
        RunEnded {
            end,
            usage: processes.usage.clone(),
            stdout: processes.outputs[0].total(),
            stderr: processes.outputs[1].total(),
            prepare_time: nanoseconds(begun.saturating_duration_since(self.requested)),
            run_time: nanoseconds(ended.saturating_duration_since(compiled)),
            detail,
            refusals: processes.refusals.clone(),
            compile_time: processes.compiling.map(|begun| nanoseconds(compiled.saturating_duration_since(begun))),
        }
    }
}

/// A name for the same kind of file in the same directory.
fn beside(path: &[u8], number: u32) -> Vec<u8> {
    let name = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    let ending = path[name..].iter().rposition(|byte| *byte == b'.').map_or(path.len(), |dot| name + dot);
    [&path[..ending], format!("-{number}").as_bytes(), &path[ending..]].concat()
}

/// The same name in a directory of the run's own.
fn below(path: &[u8], number: u32) -> Vec<u8> {
    let name = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    [&path[..name], format!("run-{number}/").as_bytes(), &path[name..]].concat()
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn exists(path: &[u8]) -> bool {
    as_path(path).symlink_metadata().is_ok()
}

fn as_path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_beside_another_keeps_directory_and_ending() {
        let names = [("/a.b/main.py", "/a.b/main-3.py"), ("/a.b/main", "/a.b/main-3"), ("main.js", "main-3.js")];
        for (name, expected) in names {
            assert_eq!(beside(name.as_bytes(), 3), expected.as_bytes());
        }
        assert_eq!(below(b"/a.b/Main.java", 3), b"/a.b/run-3/Main.java");
    }
}
