use std::{collections::VecDeque, time::Duration};

use llm_sandbox_protocol::{
    Capture, Channel, Event, Frame, HEADER, Kind, RunEnd, RunRequest, RunStarted, StreamTotal, WINDOW, data_header,
};
use llm_sandbox_testing::FakeAgent;
use tokio::time::Instant;

use super::Model;
use crate::calls::program::Program;

/// A program that is pretended to run.
pub(super) struct Run {
    pub(super) needs_source: bool,
    pub(super) deadline: Option<Instant>,
    pub(super) credit: u64,
    request: RunRequest,
    /// What it writes and nobody has been told yet.
    output: VecDeque<u8>,
    omitted: u64,
    written: u64,
    sent: u64,
    reads: bool,
    end: Option<RunEnd>,
}

impl Run {
    pub(super) fn new(request: RunRequest) -> Self {
        Self {
            needs_source: request.source.is_some(),
            deadline: None,
            credit: WINDOW.into(),
            request,
            output: VecDeque::new(),
            omitted: 0,
            written: 0,
            sent: 0,
            reads: false,
            end: None,
        }
    }

    /// Takes what the host sent; program text means nothing to it.
    pub(super) fn take(&mut self, channel: Channel, bytes: &[u8]) {
        if channel == Channel::Stdin && self.reads {
            self.write(bytes);
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.written += bytes.len() as u64;
        self.output.extend(bytes);
    }

    /// Keeps of the output what the host wants; only for programs that have written all.
    fn cap(&mut self) {
        if let Some(cap) = self.request.stdout_cap {
            let mut capture = Capture::new(cap);
            capture.push(self.output.make_contiguous());
            let kept = capture.finish();
            (self.output, self.omitted) = (kept.bytes.into(), kept.omitted);
        }
    }

    fn begin(&mut self) {
        self.deadline = self.request.wall_limit.map(|limit| Instant::now() + Duration::from_nanos(limit));
        let Some((program, token)) = Program::of(&self.request.argv) else {
            self.end = Some(RunEnd::NeverStarted(2));
            return;
        };
        self.write(&token);
        self.write(b"\n");
        self.end = match program {
            Program::Exit(status) => Some(RunEnd::Exited(status)),
            Program::Print(bytes) => {
                self.write(&vec![b'x'; bytes]);
                Some(RunEnd::Exited(0))
            }
            Program::Sleep => None,
            Program::Echo => {
                self.reads = true;
                (!self.request.stdin).then_some(RunEnd::Exited(0))
            }
            Program::Die(signal) => Some(RunEnd::Signalled(signal)),
        };
        if self.end.is_some() {
            self.cap();
        }
    }

    /// The next piece of output that there is credit for.
    fn piece(&mut self, most: usize) -> Option<Vec<u8>> {
        let credit = usize::try_from(self.credit).unwrap_or(usize::MAX);
        let size = most.min(credit).min(self.output.len());
        self.credit -= size as u64;
        self.sent += u64::from(size > 0);
        (size > 0).then(|| self.output.drain(..size).collect())
    }
}

impl Model {
    pub(super) async fn start(&mut self, stream: u32) -> Option<()> {
        let Some(run) = self.runs.get_mut(&stream) else { return Some(()) };
        run.needs_source = false;
        run.begin();
        if !matches!(run.end, Some(RunEnd::NeverStarted(_))) {
            self.event(stream, &Event::RunStarted(RunStarted { prepare_time: 1 })).await?;
        }
        self.print(stream).await
    }

    /// The host closes a channel of a run, or a file.
    pub(super) async fn end(&mut self, stream: u32, channel: Channel) -> Option<()> {
        match (self.runs.get_mut(&stream), channel) {
            (Some(run), Channel::Source) if run.needs_source => self.start(stream).await,
            (Some(run), Channel::Stdin) if run.reads => {
                run.end = run.end.take().or(Some(RunEnd::Exited(0)));
                self.print(stream).await
            }
            (None, Channel::Content) => self.keep(stream).await,
            _ => Some(()),
        }
    }

    /// A run ends from outside.
    pub(super) async fn condemn(&mut self, stream: u32, end: RunEnd) -> Option<()> {
        if let Some(run) = self.runs.get_mut(&stream) {
            run.end = run.end.take().or(Some(end));
            run.deadline = None;
        }
        self.print(stream).await
    }

    /// Sends output as credit goes, and the last word behind it.
    pub(super) async fn print(&mut self, stream: u32) -> Option<()> {
        loop {
            let most = 1 + self.mischief.dice.index(6000);
            let Some(run) = self.runs.get_mut(&stream) else { return Some(()) };
            let Some(piece) = run.piece(most) else { break };
            let header = data_header(stream, Channel::Stdout, run.sent, 7, piece.len());
            let payload = [&header[HEADER..], &piece].concat();
            self.say(Frame { stream, kind: Kind::Data, channel: Channel::Stdout, payload }).await?;
        }
        let Some(run) = self.runs.get_mut(&stream).filter(|run| run.output.is_empty()) else { return Some(()) };
        let Some(end) = run.end.take() else { return Some(()) };
        let mut ended = FakeAgent::ended(end, 0, 0);
        ended.stdout = StreamTotal { written: run.written, omitted: run.omitted };
        self.runs.remove(&stream);
        self.event(stream, &Event::RunEnded(ended)).await
    }
}
