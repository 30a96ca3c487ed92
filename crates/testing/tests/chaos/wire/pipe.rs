use std::{future::Future, time::Duration};

use llm_sandbox_core::{AgentStream, Backend, Sandbox, SandboxSpec};
use llm_sandbox_native::Native;
use llm_sandbox_protocol::{Channel, Event, Frame, FrameBuffer, Hello, Kind, Request};
use llm_sandbox_testing::program;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::host::Trace;

/// How long an agent may take for anything before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// The stream by which a sandbox is asked who it is; no other has a number as high.
const WHO: u32 = u32::MAX;

/// A real sandbox and the pipe to its agent.
pub(crate) struct Pipe {
    stream: Box<dyn AgentStream>,
    buffer: FrameBuffer,
    sandbox: Box<dyn Sandbox>,
    trace: Trace,
}

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("{what} hangs"))
}

impl Pipe {
    /// A sandbox whose agent was greeted and may send so much on each stream.
    pub(crate) async fn open(window: u32) -> Self {
        let created = Native::new().create(&SandboxSpec::default()).await.expect("a jail stands");
        let (mut stream, sandbox) = (created.stream, created.sandbox);
        let mut wire = Vec::new();
        Frame::message(0, Kind::Hello, &Hello { window: 4096, ..Hello::ours("chaos") }).encode(&mut wire);
        Frame::message(WHO, Kind::Open, &Request::Run(program(&["/bin/cat", "/proc/self/uid_map"]))).encode(&mut wire);
        Frame::message(0, Kind::Hello, &Hello { window, ..Hello::ours("chaos") }).encode(&mut wire);
        stream.write_all(&wire).await.expect("the agent lives");
        let (mut buffer, mut map) = (FrameBuffer::new(), Vec::new());
        loop {
            let frame = soon("the agent", next(&mut stream, &mut buffer)).await.expect("the agent lives");
            match frame.kind {
                Kind::Data => map.extend_from_slice(frame.data().expect("fair data").2),
                Kind::Event if matches!(frame.decode(), Ok(Event::RunEnded(_))) => break,
                _ => {}
            }
        }
        let trace = Trace::of_map(&String::from_utf8_lossy(&map));
        Self { stream, buffer, sandbox, trace }
    }

    /// Sends bytes; whether the agent was there to take them.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        soon("sending", self.stream.write_all(bytes)).await.is_ok()
    }

    /// Whether the agent serves on: it answers. What it said before is passed over.
    pub(crate) async fn answers(&mut self, nonce: u64) -> bool {
        let payload = nonce.to_le_bytes().to_vec();
        let mut wire = Vec::new();
        Frame { stream: 0, kind: Kind::Ping, channel: Channel::None, payload: payload.clone() }.encode(&mut wire);
        self.send(&wire).await;
        while let Some(frame) = soon("the agent", next(&mut self.stream, &mut self.buffer)).await {
            if frame.kind == Kind::Pong && frame.stream == 0 && frame.payload == payload {
                return true;
            }
        }
        false
    }

    /// Ends our direction: whatever the agent waits for, it has to leave.
    pub(crate) async fn hang_up(&mut self) {
        // Where it has hung up already there is nothing to end.
        let _ = soon("hanging up", self.stream.shutdown()).await;
        while soon("the agent", next(&mut self.stream, &mut self.buffer)).await.is_some() {}
    }

    /// Asserts that the agent ended by itself, and not by a crash.
    pub(crate) async fn assert_left(&self) {
        let words = soon("the last words", self.sandbox.last_words()).await;
        let is_fair = words.as_deref().is_none_or(|words| words == "the agent left with status 1");
        assert!(is_fair, "{words:?}");
    }

    /// Destroys the sandbox: nothing is left.
    pub(crate) async fn close(self) {
        soon("destroying", self.sandbox.destroy()).await.expect("it can be destroyed");
        assert_eq!(self.trace.left(), [""; 0], "something is left");
    }
}

/// The agent's next frame; `None` once it has hung up. It lies to nobody, whatever it is told.
async fn next(stream: &mut Box<dyn AgentStream>, buffer: &mut FrameBuffer) -> Option<Frame> {
    loop {
        if let Some(Frame { stream, kind, channel, payload }) =
            buffer.next_frame().expect("the agent's frames are fair")
        {
            return Some(Frame { stream, kind, channel, payload: payload.to_vec() });
        }
        match stream.read(buffer.space(64 << 10)).await {
            Ok(0) | Err(_) => return None,
            Ok(size) => buffer.filled(size),
        }
    }
}
