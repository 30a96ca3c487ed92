use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use llm_sandbox_protocol::{Channel, Control, Frame, Hello, Kind, Request};

use crate::confinement::Confinement;
use crate::decoy::Decoy;
use crate::files::Files;
use crate::jail::SandboxGroup;
use crate::link::{Link, Pipe};
use crate::poll::{Poll, Ready, Source};
use crate::run::{Parked, Remains, Run, Surroundings};

/// Streams that may be open at once; more are refused.
const STREAMS_MOST: usize = 1024;

/// The largest ping that is answered, in bytes.
const PING_MOST: usize = 64;

/// How long after its start a run's memory is first looked at.
const MEMORY_FIRST: Duration = Duration::from_millis(2);

/// How long memory goes without a look, at most, while anything runs and the kernel tells of it: it counts memory that
/// comes back at once, but tells late, so that one who takes as much again meanwhile crosses the limit without a word.
const MEMORY_LONGEST: Duration = Duration::from_millis(640);

/// How long the kernel may take to free what a run leaves that is over: System V objects go with their namespace, and
/// that goes some while after its last process.
const MEMORY_RETURN: Duration = Duration::from_secs(1);

/// How long a run's processes wait for a run in a session where nothing happens. Each holds a filter, and the kernel can
/// be wedged by thousands of filters that are freed at once, as when a host with a thousand idle sessions dies.
const PARKED_LONGEST: Duration = Duration::from_secs(1);

/// How long after the kernel's word the counters of its victim are looked for.
const VICTIM_TICK: Duration = Duration::from_millis(1);
const VICTIM_TRIES: u32 = 200;

/// Serves the host until it hangs up.
pub(crate) fn serve(pipe: impl Into<Pipe>, confinement: Confinement<'_>) -> io::Result<()> {
    let poll = Poll::new()?;
    let mut server = Server {
        link: Link::new(pipe.into(), &poll)?,
        poll,
        confinement,
        streams: BTreeMap::new(),
        parked: None,
        runs: 0,
        is_cold: false,
        idle_since: None,
        remains: BTreeMap::new(),
        waiting: Vec::new(),
        window: None,
        is_blocked: false,
        memory_check: None,
        memory_interval: MEMORY_FIRST,
        is_memory_watched: false,
        memory_returns: None,
        victim_search: None,
        decoy: None,
    };
    let hello = Hello::ours(concat!("llm-sandbox-agent ", env!("CARGO_PKG_VERSION")));
    server.link.message(0, Kind::Hello, &Hello { features: server.features(), ..hello });
    server.confinement.groups.sandbox.register(&server.poll)?;
    server.keep_decoy();
    server.run()
}

/// What runs need of the agent, while its streams stay free to be used.
macro_rules! surroundings {
    ($server:expr) => {
        Surroundings {
            link: &mut $server.link,
            poll: &$server.poll,
            confinement: &mut $server.confinement,
            parked: &mut $server.parked,
        }
    };
}

enum Stream {
    Run(Box<Run>),
    Files(Files),
}

struct Server<'sandbox> {
    link: Link,
    poll: Poll,
    confinement: Confinement<'sandbox>,
    streams: BTreeMap<u32, Stream>,
    /// A run's processes, made ahead of the run.
    parked: Option<Parked>,
    runs: u64,
    /// Nothing was run for so long that nothing is made ahead.
    is_cold: bool,
    idle_since: Option<Instant>,
    /// Of runs that are over, by their streams.
    remains: BTreeMap<u32, Remains>,
    /// Runs that have all they need but for another run's text to be in its place.
    waiting: Vec<u32>,
    /// The host's greeting was heard and gives this much credit to a new stream.
    window: Option<u64>,
    /// The pipe to the host is full.
    is_blocked: bool,
    memory_check: Option<Instant>,
    /// How long after one look at memory the next one is.
    memory_interval: Duration,
    /// The kernel tells when memory is to be looked at; until then it is looked at while anything runs.
    is_memory_watched: bool,
    /// Until then, memory of a run that is over may still be on its way back.
    memory_returns: Option<Instant>,
    victim_search: Option<(Instant, u32)>,
    /// Where the code's memory is the agent's, too.
    decoy: Option<Decoy>,
}

impl Server<'_> {
    fn features(&self) -> u64 {
        if self.confinement.enclosure.kills_whole_trees() { Hello::KILLS_WHOLE_TREES } else { 0 }
    }

    fn run(&mut self) -> io::Result<()> {
        loop {
            let deadline = self.enforce(Instant::now());
            self.advance()?;
            while self.flush()? {
                self.advance()?;
            }
            for ready in self.wait(deadline)? {
                if !self.handle(ready)? {
                    return Ok(());
                }
            }
        }
    }

    /// Waits for what comes next, using the time to make the next run's processes.
    fn wait(&mut self, deadline: Option<Instant>) -> io::Result<Vec<Ready>> {
        // After the first run of a session there may well be no other: only then is it known.
        let wants_parked = self.runs != 1 && !self.is_cold;
        if self.parked.is_none() && wants_parked && !self.streams.values().any(is_live_run) {
            let ready = self.poll.wait(Some(Duration::ZERO))?;
            if !ready.is_empty() {
                return Ok(ready);
            }
            // Where it fails now it is tried again, and reported, when a run needs it.
            self.parked = Parked::start(&mut self.confinement, None).ok();
        }
        let is_idle = self.parked.is_some() && self.streams.is_empty();
        // Kept over wake-ups that change nothing, or they would put the end off for ever.
        self.idle_since = self.idle_since.or_else(|| Some(Instant::now())).filter(|_| is_idle);
        let idle_end = self.idle_since.map(|since| since + PARKED_LONGEST);
        let end = [deadline, idle_end].into_iter().flatten().min();
        let patience = end.map(|end| end.saturating_duration_since(Instant::now()));
        let ready = self.poll.wait(patience)?;
        if ready.is_empty() && idle_end.is_some_and(|end| end <= Instant::now()) {
            self.is_cold = true;
            self.idle_since = None;
            if let Some(parked) = self.parked.take() {
                parked.discard(&mut self.confinement);
            }
        }
        Ok(ready)
    }

    /// Sends what can be sent, and watches for room where something is left. Whether those who waited for room have it
    /// now: nothing else would tell them.
    fn flush(&mut self) -> io::Result<bool> {
        let was_congested = self.link.is_congested();
        let is_blocked = self.link.flush()?;
        if is_blocked != self.is_blocked {
            self.link.watch_for_room(&self.poll, is_blocked)?;
            self.is_blocked = is_blocked;
        }
        Ok(was_congested && !self.link.is_congested())
    }

    /// Whether to go on.
    fn handle(&mut self, ready: Ready) -> io::Result<bool> {
        match ready.source {
            Source::Link => return self.receive(),
            Source::OutOfMemory => {
                self.confinement.groups.sandbox.heed(Source::OutOfMemory);
                self.victim_search = Some((Instant::now(), VICTIM_TRIES));
            }
            Source::MemoryCrossed => {
                self.confinement.groups.sandbox.heed(Source::MemoryCrossed);
                self.is_memory_watched = true;
                self.memory_check = Some(Instant::now());
            }
            source => {
                let mut around = surroundings!(self);
                match self.streams.get_mut(&ready.stream) {
                    Some(Stream::Run(run)) => run.ready(source, &mut around),
                    Some(Stream::Files(files)) => files.ready(source, around.link, around.poll)?,
                    None => {}
                }
                if source == Source::Process
                    && let Some(remains) = self.remains.remove(&ready.stream)
                {
                    remains.bury(&mut surroundings!(self));
                }
            }
        }
        Ok(true)
    }

    fn receive(&mut self) -> io::Result<bool> {
        if !self.link.receive()? {
            return Ok(false);
        }
        while let Some(frame) = self.link.next_frame()? {
            self.take(frame)?;
        }
        Ok(true)
    }

    fn take(&mut self, frame: Frame) -> io::Result<()> {
        let stream = frame.stream;
        match frame.kind {
            Kind::Hello => {
                let theirs: Hello = frame.decode().map_err(io::Error::other)?;
                Hello::ours("").agree(&theirs).map_err(io::Error::other)?;
                self.window = Some(theirs.window.into());
            }
            Kind::Open => self.open(stream, &frame)?,
            Kind::Data => self.data(stream, &frame)?,
            Kind::End => self.end(stream, frame.channel)?,
            Kind::Credit => {
                let bytes = frame.granted().map_err(io::Error::other)?;
                match self.streams.get_mut(&stream) {
                    Some(Stream::Run(run)) => run.grant(bytes),
                    Some(Stream::Files(files)) => files.grant(bytes),
                    None => {}
                }
            }
            Kind::Control => match self.streams.get_mut(&stream) {
                Some(Stream::Run(run)) => run.control(&frame.decode::<Control>().map_err(io::Error::other)?),
                Some(Stream::Files(files)) => files.relay(&frame)?,
                None => {}
            },
            Kind::Reset => self.abandon(stream),
            Kind::Ping if frame.payload.len() > PING_MOST => return Err(io::Error::other("a ping is too large")),
            Kind::Ping => self.link.send(&Frame { kind: Kind::Pong, ..frame }),
            Kind::Event | Kind::Pong => {}
        }
        Ok(())
    }

    fn abandon(&mut self, stream: u32) {
        match self.streams.get_mut(&stream) {
            Some(Stream::Run(run)) => run.abandon(&self.poll),
            Some(Stream::Files(files)) => files.abandon(&self.poll),
            None => {}
        }
    }

    fn open(&mut self, stream: u32, frame: &Frame) -> io::Result<()> {
        let window = self.window.ok_or_else(|| io::Error::other("a stream was opened before the greeting"))?;
        let request = frame.decode::<Request>();
        let is_taken = self.streams.contains_key(&stream) || self.remains.contains_key(&stream);
        // Even numbers are ours, zero is the connection itself.
        let is_ours = stream.is_multiple_of(2);
        if self.streams.len() >= STREAMS_MOST || is_taken || is_ours || request.is_err() {
            // Both sides must hold a number that was used twice for over.
            self.abandon(stream);
            self.link.send(&Frame::reset(stream));
            return Ok(());
        }
        let opened = match request.map_err(io::Error::other)? {
            Request::Run(request) => Stream::Run(Box::new(Run::new(stream, request, window))),
            request => match Files::start(stream, request, window, &mut self.confinement, &self.poll) {
                Ok(files) => Stream::Files(files),
                Err(_) => {
                    self.link.send(&Frame::reset(stream));
                    return Ok(());
                }
            },
        };
        let needs_source = match &opened {
            Stream::Run(run) => run.source_path().is_some(),
            Stream::Files(_) => true,
        };
        self.streams.insert(stream, opened);
        if !needs_source {
            self.start(stream);
        }
        Ok(())
    }

    /// Starts a run that has all it needs, unless it must wait for another's text to be where both belong.
    fn start(&mut self, stream: u32) {
        let Some(Stream::Run(run)) = self.streams.get(&stream) else { return };
        let mut sharing = self.streams.values().filter_map(|other| match other {
            Stream::Run(other) if other.is_live() && other.shares_source(run) => Some(other),
            _ => None,
        });
        let is_shared = sharing.clone().next().is_some();
        if sharing.any(|other| !other.has_started()) {
            self.waiting.push(stream);
            return;
        }
        self.keep_decoy();
        self.runs += 1;
        self.is_cold = false;
        self.idle_since = None;
        // Files of earlier runs may hold so much that no limit is crossed any more.
        let soon = Instant::now() + MEMORY_FIRST;
        self.memory_interval = MEMORY_FIRST;
        self.memory_check = Some(self.memory_check.map_or(soon, |check| check.min(soon)));
        let mut around = surroundings!(self);
        if let Some(Stream::Run(run)) = self.streams.get_mut(&stream) {
            run.start(is_shared, &mut around);
        }
    }

    /// Sees to it that there is somebody else to be killed where the agent could be for what the code takes.
    fn keep_decoy(&mut self) {
        let is_in_danger = matches!(self.confinement.groups.sandbox, SandboxGroup::Engine);
        if is_in_danger && !self.decoy.as_ref().is_some_and(Decoy::is_alive) {
            // Without one the session only dies more easily, and the next run tries again.
            self.decoy = Decoy::start(&self.confinement).ok();
        }
    }

    fn data(&mut self, stream: u32, frame: &Frame) -> io::Result<()> {
        let (_, _, bytes) = frame.data().map_err(io::Error::other)?;
        match self.streams.get_mut(&stream) {
            Some(Stream::Run(run)) => {
                let done = run.data(frame.channel, bytes)?;
                if done > 0 {
                    self.link.send(&Frame::credit(stream, done));
                }
            }
            Some(Stream::Files(files)) => files.relay(frame)?,
            None => {}
        }
        Ok(())
    }

    fn end(&mut self, stream: u32, channel: Channel) -> io::Result<()> {
        match (self.streams.get_mut(&stream), channel) {
            (Some(Stream::Run(_)), Channel::Source) => self.start(stream),
            (Some(Stream::Run(run)), Channel::Stdin) => run.end_input(),
            (Some(Stream::Files(files)), _) => files.relay(&Frame::end(stream, channel))?,
            _ => {}
        }
        Ok(())
    }

    /// Moves every stream on; those that are over go.
    fn advance(&mut self) -> io::Result<()> {
        for stream in std::mem::take(&mut self.waiting) {
            self.start(stream);
        }
        let mut over = Vec::new();
        let mut around = surroundings!(self);
        for (number, stream) in &mut self.streams {
            let is_over = match stream {
                Stream::Run(run) => run.advance(&mut around)?,
                Stream::Files(files) => files.advance(around.link, around.poll)?,
            };
            if is_over {
                over.push(*number);
            }
        }
        for number in over {
            if let Some(Stream::Run(run)) = self.streams.remove(&number) {
                self.memory_returns = Some(Instant::now() + MEMORY_RETURN);
                if let Some(remains) = run.into_remains() {
                    self.remains.insert(number, remains);
                }
            }
        }
        Ok(())
    }

    /// Enforces every limit that is due; when the next one is.
    fn enforce(&mut self, now: Instant) -> Option<Instant> {
        let memory = self.check_memory(now);
        let victim = self.search_victim(now);
        let runs = self.streams.values_mut().filter_map(|stream| match stream {
            Stream::Run(run) => run.check_deadlines(now),
            Stream::Files(_) => None,
        });
        runs.chain(memory).chain(victim).min()
    }

    /// Kills the run that holds most where together they hold more memory than they may.
    fn check_memory(&mut self, now: Instant) -> Option<Instant> {
        if self.memory_check? > now {
            return self.memory_check;
        }
        if matches!(self.confinement.groups.sandbox, SandboxGroup::Engine) {
            // Nothing tells when the kernel has killed in a container.
            let live = self.streams.values_mut().filter_map(as_live_run);
            live.for_each(|run| {
                run.check_memory_kill();
            });
        }
        let watch = &self.confinement.groups.watch;
        let (headroom, limit) = (watch.headroom(), self.confinement.groups.sandbox.memory_limit());
        if headroom == 0 && watch.is_exceeded(self.confinement.enclosure.files_in_memory()) {
            let returns = self.memory_returns.is_some_and(|until| now < until);
            let mut runs: Vec<_> = self.streams.values_mut().filter_map(as_live_run).collect();
            // Then it need not be the live ones that hold too much.
            if !returns || runs.iter().map(|run| run.taken_memory()).sum::<u64>() > limit {
                runs.sort_by_key(|run| run.taken_memory());
                if let Some(run) = runs.pop() {
                    run.kill_for_memory();
                }
            }
        }
        // Where nothing runs there is nobody to kill, however much the files hold.
        self.memory_interval = match self.is_memory_watched && headroom > 0 {
            true => self.memory_interval.saturating_mul(2).min(MEMORY_LONGEST),
            false => watch.interval(headroom),
        };
        self.memory_check = self.streams.values().any(is_live_run).then(|| now + self.memory_interval);
        self.memory_check
    }

    /// Looks for the run whose process the kernel killed; its counter follows the kernel's word a moment later.
    fn search_victim(&mut self, now: Instant) -> Option<Instant> {
        let (due, tries) = self.victim_search?;
        if due > now {
            return Some(due);
        }
        let runs = self.streams.values_mut().filter_map(as_live_run);
        let found = runs.filter_map(|run| run.check_memory_kill().then_some(())).count() > 0;
        let next = (!found && tries > 0).then(|| (now + VICTIM_TICK, tries - 1));
        self.victim_search = next;
        next.map(|(due, _)| due)
    }
}

fn is_live_run(stream: &Stream) -> bool {
    matches!(stream, Stream::Run(run) if run.is_live())
}

fn as_live_run(stream: &mut Stream) -> Option<&mut Run> {
    match stream {
        Stream::Run(run) if run.is_live() => Some(run),
        _ => None,
    }
}
