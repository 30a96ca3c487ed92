use std::collections::VecDeque;
use std::future::Future;
use std::time::Duration;

use llm_sandbox_core::{Access, AgentStream, Backend, Mount, Sandbox, SandboxSpec};
use llm_sandbox_native::Native;
use llm_sandbox_protocol::{
    Channel, Control, Event, Frame, FrameBuffer, Hello, Kind, Message, Request, RunEnd, RunEnded, RunRequest,
    data_header,
};
pub(crate) use llm_sandbox_testing::program;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::traces::Traces;

/// How long anything may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// Streams from here on are those whose number does not matter to the test.
const ANY: u32 = 1_000_001;

/// The host's side of the pipe, which says what a test wants it to say.
pub(crate) struct Host {
    stream: Box<dyn AgentStream>,
    buffer: FrameBuffer,
    backlog: VecDeque<Frame>,
    sandbox: Box<dyn Sandbox>,
    next: u32,
    pub(crate) traces: Traces,
}

/// What a run left on its stream.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) ended: RunEnded,
}

/// Waits for something that must not hang.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what} hangs"))
}

impl Host {
    /// A sandbox whose agent was not greeted yet.
    pub(crate) async fn silent() -> Self {
        let marker = Traces::mark();
        let mount = Mount { source: marker.clone(), target: "/marker".into(), access: Access::ReadOnly };
        let spec = SandboxSpec { mounts: vec![mount], ..SandboxSpec::default() };
        let created = Native::new().create(&spec).await.expect("a jail stands");
        let traces = Traces::find(&marker);
        let (stream, sandbox) = (created.stream, created.sandbox);
        let mut host =
            Self { stream, buffer: FrameBuffer::new(), backlog: VecDeque::new(), sandbox, next: ANY, traces };
        let hello = host.next().await.expect("the agent says hello");
        assert_eq!((hello.kind, hello.stream), (Kind::Hello, 0));
        host
    }

    /// A sandbox whose agent may send so many bytes on each stream.
    pub(crate) async fn with_window(window: u32) -> Self {
        let mut host = Self::silent().await;
        host.message(0, Kind::Hello, &Hello { window, ..Hello::ours("wire") }).await;
        host
    }

    /// A sandbox whose agent may send as much as it likes.
    pub(crate) async fn open() -> Self {
        Self::with_window(u32::MAX).await
    }

    /// Sends bytes as they are. An agent that has hung up is what many tests are about.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) {
        let _ = soon("sending", self.stream.write_all(bytes)).await;
    }

    pub(crate) async fn send(&mut self, frame: &Frame) {
        self.send_all(std::slice::from_ref(frame)).await;
    }

    /// Sends frames in one piece: the agent most likely reads them all at once.
    pub(crate) async fn send_all(&mut self, frames: &[Frame]) {
        let mut wire = Vec::new();
        frames.iter().for_each(|frame| frame.encode(&mut wire));
        self.raw(&wire).await;
    }

    pub(crate) async fn message<M: Message>(&mut self, stream: u32, kind: Kind, message: &M) {
        self.send(&Frame::message(stream, kind, message)).await;
    }

    /// Ends our direction of the pipe.
    pub(crate) async fn hang_up(&mut self) {
        soon("hanging up", self.stream.shutdown()).await.expect("it can be hung up");
    }

    /// The agent's next frame; `None` once it has hung up.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        if let Some(frame) = self.backlog.pop_front() {
            return Some(frame);
        }
        soon("the agent", self.read()).await
    }

    async fn read(&mut self) -> Option<Frame> {
        loop {
            let frame = self.buffer.next_frame().expect("the agent's frames are fair");
            if let Some(Frame { stream, kind, channel, payload }) = frame {
                return Some(Frame { stream, kind, channel, payload: payload.to_vec() });
            }
            match self.stream.read(self.buffer.space(64 << 10)).await {
                Ok(0) | Err(_) => return None,
                Ok(size) => self.buffer.filled(size),
            }
        }
    }

    /// The next frame of one stream; those of others are kept for later.
    pub(crate) async fn next_of(&mut self, stream: u32) -> Frame {
        if let Some(at) = self.backlog.iter().position(|frame| frame.stream == stream) {
            return self.backlog.remove(at).expect("it is there");
        }
        loop {
            let frame = soon("the agent", self.read()).await.expect("the agent is there");
            if frame.stream == stream {
                return frame;
            }
            self.backlog.push_back(frame);
        }
    }

    /// The next frame of one stream that grants no credit.
    pub(crate) async fn answer(&mut self, stream: u32) -> Frame {
        loop {
            let frame = self.next_of(stream).await;
            if frame.kind != Kind::Credit {
                return frame;
            }
        }
    }

    pub(crate) async fn event(&mut self, stream: u32) -> Event {
        let frame = self.answer(stream).await;
        assert_eq!(frame.kind, Kind::Event, "{:?}", String::from_utf8_lossy(&frame.payload));
        frame.decode().expect("a fair event")
    }

    /// Reads a run to its end, checking that the order of its output never goes backwards.
    pub(crate) async fn finish(&mut self, stream: u32) -> Left {
        let (mut stdout, mut stderr, mut last) = (Vec::new(), Vec::new(), None);
        loop {
            let frame = self.answer(stream).await;
            match frame.kind {
                Kind::Data => {
                    let (number, _, bytes) = frame.data().expect("fair data");
                    assert!(last.is_none_or(|last| number > last), "{number} came behind {last:?}");
                    last = Some(number);
                    match frame.channel {
                        Channel::Stdout => stdout.extend_from_slice(bytes),
                        Channel::Stderr => stderr.extend_from_slice(bytes),
                        other => panic!("output on {other:?}"),
                    }
                }
                Kind::Event => match frame.decode().expect("a fair event") {
                    Event::RunEnded(ended) => return Left { stdout, stderr, ended },
                    Event::RunStarted(_) => {}
                    other => panic!("{other:?} is no event of a run"),
                },
                other => panic!("{other:?} in a run"),
            }
        }
    }

    /// A number that no stream had.
    pub(crate) fn fresh(&mut self) -> u32 {
        self.next += 2;
        self.next
    }

    /// Starts a run and reads it to its end.
    pub(crate) async fn run(&mut self, request: RunRequest) -> Left {
        let stream = self.fresh();
        self.message(stream, Kind::Open, &Request::Run(request)).await;
        self.finish(stream).await
    }

    /// What a shell prints.
    pub(crate) async fn printed(&mut self, script: &str) -> String {
        let left = self.run(shell(script)).await;
        assert_eq!(left.ended.end, RunEnd::Exited(0), "{}", String::from_utf8_lossy(&left.stderr));
        String::from_utf8(left.stdout).expect("text")
    }

    /// Whether the agent runs programs still, and no other stream has anything more to say.
    pub(crate) async fn assert_alive(&mut self) {
        assert_eq!(self.printed("echo alive").await, "alive\n");
        let late: Vec<_> = self.backlog.iter().map(|frame| (frame.stream, frame.kind)).collect();
        assert_eq!(late, [], "said late");
    }

    /// The same where one stream may say something meanwhile.
    pub(crate) async fn assert_alive_but_for(&mut self, stream: u32) {
        assert_eq!(self.printed("echo alive").await, "alive\n");
        assert!(self.backlog.iter().all(|frame| frame.stream == stream), "others said something");
    }

    /// Whether a stream that was reset is over: nothing more is said on it.
    pub(crate) async fn assert_over(&mut self, stream: u32) {
        // What was said before this is answered was said before the reset was read.
        self.send(&Frame { stream: 0, kind: Kind::Ping, channel: Channel::None, payload: Vec::new() }).await;
        self.next_of(0).await;
        self.forget(stream);
        self.assert_alive().await;
    }

    /// Whether the agent has hung up; what it said before is passed over.
    pub(crate) async fn assert_closed(&mut self) {
        while self.next().await.is_some() {}
        soon("the last words", self.sandbox.last_words()).await;
    }

    /// Forgets what other streams said.
    pub(crate) fn forget(&mut self, stream: u32) {
        self.backlog.retain(|frame| frame.stream != stream);
    }

    /// Destroys the sandbox: nothing is left.
    pub(crate) async fn close(self) {
        soon("destroying", self.sandbox.destroy()).await.expect("it can be destroyed");
        self.traces.assert_gone();
    }
}

pub(crate) fn shell(script: &str) -> RunRequest {
    program(&["/bin/sh", "-c", script])
}

/// A shell that is fed its standard input by the host.
pub(crate) fn fed(script: &str) -> RunRequest {
    RunRequest { stdin: true, ..shell(script) }
}

/// A shell script that comes on the source channel.
pub(crate) fn sourced(path: &str) -> RunRequest {
    RunRequest { source: Some(path.as_bytes().to_vec()), ..program(&["/bin/sh", path]) }
}

pub(crate) fn run(stream: u32, request: RunRequest) -> Frame {
    Frame::message(stream, Kind::Open, &Request::Run(request))
}

pub(crate) fn control(stream: u32, control: &Control) -> Frame {
    Frame::message(stream, Kind::Control, control)
}

pub(crate) fn data(stream: u32, channel: Channel, bytes: &[u8]) -> Frame {
    let header = data_header(stream, channel, 0, 0, bytes.len());
    let payload = [&header[llm_sandbox_protocol::HEADER..], bytes].concat();
    Frame { stream, kind: Kind::Data, channel, payload }
}

/// A run's program text and its end.
pub(crate) fn text(stream: u32, text: &str) -> [Frame; 2] {
    [data(stream, Channel::Source, text.as_bytes()), Frame::end(stream, Channel::Source)]
}
