//! Passes the streams of one client on to the sandbox. Whatever the client sends is decoded and checked here, so that it
//! cannot make the agent take it for the fault of the process that has the session.

use std::{collections::HashMap, time::Duration};

use llm_sandbox_protocol::{Channel, Control, Event, Frame, FrameBuffer, Hello, Kind, Message, Request, RunRequest};
use tokio::{
    io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadHalf},
    net::UnixStream,
    sync::mpsc,
    time::timeout,
};

use super::{
    forms::Told,
    lane::{Downward, Lane, Piece, encoded},
};
use crate::{
    Error, InterpreterOrigin, Limits, Session,
    connection::Pulse,
    run::Launch,
    session::{WeakSession, transfer::EVENT_BYTES},
    text,
};

/// How many streams a client may have open; the agent resets those beyond its own bound, too.
const LANES_MOST: usize = 256;

/// How many frames may wait for the client.
const OUT_FRAMES: usize = 16;

/// How much is read at once.
const READ: usize = 64 << 10;

/// The longest ping that is answered, in bytes.
const PING_MOST: usize = 64;

/// How long a client may take to say hello.
const GREETING: Duration = Duration::from_secs(10);

/// How long it may read nothing while something waits for it.
const STALL: Duration = Duration::from_secs(60);

/// How long it may take to hear why the session is over.
const FAREWELL: Duration = Duration::from_secs(2);

/// Serves one client until it goes, breaks the rules, or the session is over.
pub(super) async fn relay(session: WeakSession, pulse: Pulse, features: u64, stream: BufReader<UnixStream>) {
    let (reader, writer) = tokio::io::split(stream);
    let (out, outgoing) = mpsc::channel(OUT_FRAMES);
    let writing = write(writer, outgoing);
    tokio::pin!(writing);
    let why = {
        let client = Client { session, out: out.clone(), window: 0, lanes: HashMap::new() };
        tokio::select! {
            biased;
            fate = pulse.over() => fate.error(),
            () = &mut writing => return,
            served = client.serve(reader, features) => match served {
                Ok(()) => return,
                Err(reason) => Error::invalid("shared session", reason),
            },
        }
    };
    let told = serde_json::to_vec(&Told::from(&why)).unwrap_or_default();
    let farewell = async {
        // One that takes nothing any more finds out by itself.
        let _ = out.send(encoded(&Frame { payload: told, ..Frame::reset(0) })).await;
        drop(out);
        writing.await;
    };
    let _ = timeout(FAREWELL, farewell).await;
}

async fn write(mut writer: impl AsyncWrite + Unpin, mut outgoing: mpsc::Receiver<Vec<u8>>) {
    while let Some(wire) = outgoing.recv().await {
        match timeout(STALL, writer.write_all(&wire)).await {
            Ok(Ok(())) => {}
            _ => return,
        }
    }
}

/// One client. Dropping it ends what it has started, unless that is detached.
struct Client {
    session: WeakSession,
    out: mpsc::Sender<Vec<u8>>,
    /// What it takes on a new stream before the first credit.
    window: u64,
    lanes: HashMap<u32, Lane>,
}

/// Frames as a client sends them.
struct Frames {
    reader: ReadHalf<BufReader<UnixStream>>,
    buffer: FrameBuffer,
}

impl Frames {
    /// The next frame; `None` where the client has gone.
    async fn next(&mut self) -> Result<Option<Frame>, String> {
        loop {
            if let Some(frame) = self.buffer.next_frame().map_err(|error| error.to_string())? {
                let Frame { stream, kind, channel, payload } = frame;
                return Ok(Some(Frame { stream, kind, channel, payload: payload.to_vec() }));
            }
            match self.reader.read(self.buffer.space(READ)).await {
                Ok(0) | Err(_) => return Ok(None),
                Ok(size) => self.buffer.filled(size),
            }
        }
    }
}

impl Client {
    async fn serve(mut self, reader: ReadHalf<BufReader<UnixStream>>, features: u64) -> Result<(), String> {
        let mut frames = Frames { reader, buffer: FrameBuffer::new() };
        let greeted = timeout(GREETING, self.greet(&mut frames, features)).await;
        if !greeted.map_err(|_| "it said no hello".to_owned())?? {
            return Ok(());
        }
        while let Some(frame) = frames.next().await? {
            self.take(frame).await?;
        }
        Ok(())
    }

    async fn greet(&mut self, frames: &mut Frames, features: u64) -> Result<bool, String> {
        let ours = Hello { features, ..Hello::ours(concat!("llm-sandbox ", env!("CARGO_PKG_VERSION"))) };
        self.send(&Frame::message(0, Kind::Hello, &ours)).await;
        let Some(frame) = frames.next().await? else { return Ok(false) };
        if frame.kind != Kind::Hello || frame.stream != 0 {
            return Err("it did not say hello first".to_owned());
        }
        let theirs: Hello = decoded(&frame)?;
        ours.agree(&theirs).map_err(|error| error.to_string())?;
        self.window = theirs.window.into();
        Ok(true)
    }

    async fn send(&self, frame: &Frame) {
        // A client that has gone is noticed where it is read from.
        let _ = self.out.send(encoded(frame)).await;
    }

    async fn take(&mut self, frame: Frame) -> Result<(), String> {
        match frame.kind {
            Kind::Open => self.open(frame.stream, decoded(&frame)?).await,
            Kind::Data => {
                let (_, _, bytes) = frame.data().map_err(|error| error.to_string())?;
                match self.lanes.get(&frame.stream) {
                    Some(lane) => lane.upward.accept(frame.channel, bytes).await,
                    None => Ok(()),
                }
            }
            Kind::End => {
                if let Some(lane) = self.lanes.get(&frame.stream) {
                    if let (Channel::Source, Some(record)) = (frame.channel, &lane.detached) {
                        // It can do without the client now, which waits to hear that.
                        record.detach();
                        let number = Event::RunNumbered(record.number());
                        self.send(&Frame::message(frame.stream, Kind::Event, &number)).await;
                    }
                    lane.upward.push(Piece::End(frame.channel), 0).await;
                }
                Ok(())
            }
            Kind::Credit => {
                let bytes = frame.granted().map_err(|error| error.to_string())?;
                if let Some(lane) = self.lanes.get(&frame.stream) {
                    lane.grant(bytes);
                }
                Ok(())
            }
            Kind::Control => {
                let control = decoded(&frame)?;
                self.control(frame.stream, control, frame.payload.len()).await;
                Ok(())
            }
            Kind::Reset => {
                self.lanes.remove(&frame.stream);
                Ok(())
            }
            Kind::Ping if frame.payload.len() <= PING_MOST => {
                self.send(&Frame { kind: Kind::Pong, ..frame }).await;
                Ok(())
            }
            kind => Err(format!("it sent {kind:?}, which it may not")),
        }
    }

    /// Parts of what is written keep their place among its content; all else overtakes what the sandbox does not take.
    async fn control(&mut self, stream: u32, control: Control, size: usize) {
        let Some(lane) = self.lanes.get(&stream) else { return };
        match control {
            Control::Taken => {
                if let Some(record) = self.lanes.remove(&stream).and_then(|lane| lane.detached.clone()) {
                    record.taken();
                }
            }
            Control::Entry(_) | Control::Finish => lane.upward.push(Piece::Control(control), size).await,
            control => {
                lane.sender.control(&control).await;
            }
        }
    }

    async fn open(&mut self, stream: u32, request: Request) -> Result<(), String> {
        if stream.is_multiple_of(2) {
            return Err("it opened a stream by a number that is not its own".to_owned());
        }
        if self.lanes.get(&stream).is_some_and(|lane| !lane.is_done()) {
            return Err("it opened a stream twice".to_owned());
        }
        if self.lanes.len() >= LANES_MOST {
            self.lanes.retain(|_, lane| !lane.is_done());
        }
        let opened = match self.lanes.len() < LANES_MOST {
            true => self.pass_on(stream, request).await,
            false => None,
        };
        match opened {
            Some(lane) => {
                self.lanes.insert(stream, lane);
            }
            None => self.send(&Frame::reset(stream)).await,
        }
        Ok(())
    }

    /// Opens a stream of the session's for it; nothing where the session is over, which is told by itself.
    async fn pass_on(&self, stream: u32, request: Request) -> Option<Lane> {
        let session = self.session.upgrade()?;
        let down = Downward::new(self.out.clone(), stream, self.window);
        match request {
            Request::Run(request) => run(&session, request, false, down).await,
            Request::RunDetached(request) => run(&session, request, true, down).await,
            request => {
                let opened = session.connection().ok()?.open(&request, EVENT_BYTES).await;
                Some(Lane::of_files(opened.ok()?, down))
            }
        }
    }
}

async fn run(session: &Session, request: RunRequest, is_detached: bool, down: Downward) -> Option<Lane> {
    let needs_source = request.source.is_some();
    let is_of_image = session.interpreter_origin() == InterpreterOrigin::Image;
    let launch = Launch {
        what: what(session, &request),
        is_detached,
        is_stdin_live: request.stdin,
        kept: request.stdout_cap.unwrap_or(Limits::OUTPUT_BYTES),
        needs_image_interpreter: needs_source && is_of_image,
        build: None,
        request,
    };
    let held = launch.open(session).await.ok()?.hold(session).await.ok()?;
    if !(is_detached && needs_source) {
        down.number(held.number()).await;
    }
    Some(Lane::of_run(held, is_detached, needs_source, down))
}

/// What a run is called in lists.
fn what(session: &Session, request: &RunRequest) -> String {
    match request.source {
        Some(_) => session.language().name.clone(),
        None => {
            let program = request.argv.get(session.image().launcher.len());
            text::brief(&String::from_utf8_lossy(program.map_or(&[], Vec::as_slice)))
        }
    }
}

fn decoded<M: Message>(frame: &Frame) -> Result<M, String> {
    match frame.channel {
        Channel::None => frame.decode().map_err(|error| error.to_string()),
        channel => Err(format!("it sent {:?} on the {channel:?} channel", frame.kind)),
    }
}
