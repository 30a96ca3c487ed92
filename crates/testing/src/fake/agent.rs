use llm_sandbox_protocol::{
    Channel, Event, Frame, FrameBuffer, Hello, Kind, Message, Request, RunEnd, RunEnded, RunUsage, StreamTotal,
    data_header,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// The agent's end of a fake sandbox, as a script sees it. What it sends is not checked in any way.
#[derive(Debug)]
pub struct FakeAgent {
    stream: DuplexStream,
    buffer: FrameBuffer,
}

impl FakeAgent {
    pub(super) fn new(stream: DuplexStream) -> Self {
        Self { stream, buffer: FrameBuffer::new() }
    }

    /// Says hello and reads the host's.
    pub async fn greet(&mut self) {
        self.greet_as(&Hello::ours("fake")).await;
    }

    /// The same in other words.
    pub async fn greet_as(&mut self, hello: &Hello) {
        self.message(0, Kind::Hello, hello).await;
        self.next_frame().await;
    }

    /// The host's next frame; `None` when it has gone.
    pub async fn next_frame(&mut self) -> Option<Frame> {
        loop {
            match self.buffer.next_frame() {
                Ok(Some(Frame { stream, kind, channel, payload })) => {
                    return Some(Frame { stream, kind, channel, payload: payload.to_vec() });
                }
                Ok(None) => {}
                Err(_) => return None,
            }
            let size = self.stream.read(self.buffer.space(64 << 10)).await.ok().filter(|size| *size > 0)?;
            self.buffer.filled(size);
        }
    }

    /// The next request and its stream; other frames are passed over.
    pub async fn next_request(&mut self) -> Option<(u32, Request)> {
        loop {
            let frame = self.next_frame().await?;
            if frame.kind == Kind::Open {
                return frame.decode().ok().map(|request| (frame.stream, request));
            }
        }
    }

    /// Passes over frames until one of this kind comes.
    pub async fn until(&mut self, kind: Kind) -> Option<Frame> {
        loop {
            let frame = self.next_frame().await?;
            if frame.kind == kind {
                return Some(frame);
            }
        }
    }

    /// Sends bytes as they are; whether the host was there to take them.
    pub async fn raw(&mut self, bytes: &[u8]) -> bool {
        // A host that has hung up is what many scripts are about.
        self.stream.write_all(bytes).await.is_ok()
    }

    /// Sends a frame.
    pub async fn frame(&mut self, frame: &Frame) {
        let mut wire = Vec::new();
        frame.encode(&mut wire);
        self.raw(&wire).await;
    }

    /// Sends a message.
    pub async fn message<M: Message>(&mut self, stream: u32, kind: Kind, message: &M) {
        self.frame(&Frame::message(stream, kind, message)).await;
    }

    /// Reports an event.
    pub async fn event(&mut self, stream: u32, event: &Event) {
        self.message(stream, Kind::Event, event).await;
    }

    /// Sends data.
    pub async fn data(&mut self, stream: u32, channel: Channel, number: u64, bytes: &[u8]) {
        let header = data_header(stream, channel, number, number, bytes.len());
        self.raw(&[&header, bytes].concat()).await;
    }

    /// Sends standard output of a run.
    pub async fn stdout(&mut self, stream: u32, number: u64, bytes: &[u8]) {
        self.data(stream, Channel::Stdout, number, bytes).await;
    }

    /// Ends a run with this exit status and these totals.
    pub async fn exit(&mut self, stream: u32, code: i32, stdout: u64, stderr: u64) {
        let ended = Self::ended(RunEnd::Exited(code), stdout, stderr);
        self.event(stream, &Event::RunEnded(ended)).await;
    }

    /// The end of a run with these totals, nothing omitted.
    pub fn ended(end: RunEnd, stdout: u64, stderr: u64) -> RunEnded {
        let usage = RunUsage { user_time: Some(1), system_time: None, peak_memory: None, peak_processes: Some(1) };
        let total = |written| StreamTotal { written, omitted: 0 };
        let (stdout, stderr) = (total(stdout), total(stderr));
        RunEnded {
            end,
            usage,
            stdout,
            stderr,
            prepare_time: 1,
            run_time: 1,
            detail: None,
            refusals: None,
            compile_time: None,
        }
    }

    /// Reads and does nothing until the host has gone.
    pub async fn idle(&mut self) {
        while self.next_frame().await.is_some() {}
    }
}
