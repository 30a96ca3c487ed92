//! Clients that break the rules: each ends itself, and nothing else.

use std::time::Duration;

use llm_sandbox_core::{Run, Session};
use llm_sandbox_protocol::{Channel, Frame, FrameBuffer, Hello, Kind, Request, WINDOW, data_header};
use llm_sandbox_testing::program;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use crate::{
    Place,
    support::{PATIENCE, assert_usable, open, python, run},
};

/// A client that says what it likes.
struct Stranger {
    stream: UnixStream,
    buffer: FrameBuffer,
}

impl Stranger {
    async fn come(place: &Place) -> Self {
        let stream = UnixStream::connect(&place.0).await.expect("it is let in");
        Self { stream, buffer: FrameBuffer::new() }
    }

    /// One that has been given the session and greeted.
    async fn greeted(place: &Place) -> Self {
        let mut stranger = Self::come(place).await;
        stranger.say(b"{\"want\":\"session\"}\n").await;
        assert!(stranger.line().await.starts_with("{\"ok\":{\"schema\":2"), "it is offered the session");
        stranger.frame(&Frame::message(0, Kind::Hello, &Hello::ours("stranger"))).await;
        assert_eq!(stranger.next().await.expect("it is greeted").kind, Kind::Hello);
        stranger
    }

    async fn say(&mut self, bytes: &[u8]) {
        // It may have been sent away already.
        let _ = self.stream.write_all(bytes).await;
    }

    async fn frame(&mut self, frame: &Frame) {
        let mut wire = Vec::new();
        frame.encode(&mut wire);
        self.say(&wire).await;
    }

    async fn line(&mut self) -> String {
        let mut line = Vec::new();
        while !line.ends_with(b"\n") {
            line.push(self.stream.read_u8().await.expect("it is answered"));
        }
        String::from_utf8(line).expect("text")
    }

    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(Frame { stream, kind, channel, payload }) = self.buffer.next_frame().expect("frames come") {
                return Some(Frame { stream, kind, channel, payload: payload.to_vec() });
            }
            let read = tokio::time::timeout(PATIENCE, self.stream.read(self.buffer.space(4096))).await;
            match read.expect("something comes in time") {
                Ok(0) | Err(_) => return None,
                Ok(size) => self.buffer.filled(size),
            }
        }
    }

    /// Waits until it is sent away; what was said to it last.
    async fn sent_away(mut self) -> String {
        let mut last = String::new();
        while let Some(frame) = self.next().await {
            if (frame.kind, frame.stream) == (Kind::Reset, 0) {
                last = String::from_utf8(frame.payload).expect("text");
            }
        }
        last
    }
}

async fn shared() -> (Session, Place) {
    let session = open(python()).await;
    let place = Place::new();
    session.share(&place.0).await.expect("it is shared");
    (session, place)
}

#[tokio::test]
async fn words_that_are_none_are_refused() {
    let (session, place) = shared().await;
    let long = format!("{{\"want\":\"{}\"}}\n", "x".repeat(100_000));
    let words =
        ["\n", "GET / HTTP/1.1\n", "{}\n", "{\"want\":\"all\"}\n", "{\"want\":\"stop\"}\n", "[[[[\n", "\u{0}\u{1}\n"];
    for word in words {
        let mut stranger = Stranger::come(&place).await;
        stranger.say(word.as_bytes()).await;
        let answer = stranger.line().await;
        assert!(
            answer.starts_with("{\"error\":{\"kind\":\"invalid-input\",\"what\":\"request\""),
            "{word:?}: {answer}"
        );
    }
    for word in [long.as_str(), "{\"want\":", ""] {
        let mut stranger = Stranger::come(&place).await;
        stranger.say(word.as_bytes()).await;
        stranger.stream.shutdown().await.expect("it hangs up");
        assert_eq!(stranger.sent_away().await, "");
    }
    assert_usable(&session).await;
}

#[tokio::test]
async fn frames_that_are_none_end_their_client() {
    let (session, place) = shared().await;
    let mut witness = Session::attach(&place.0).await.expect("it is let in");
    let request = Request::Run(program(&["/bin/sleep", "1000"]));
    let open = |stream| Frame::message(stream, Kind::Open, &request);
    let mut huge = Frame::reset(1).payload;
    huge.extend(u32::MAX.to_le_bytes());
    huge.extend([0; 8]);
    let encoded = |frames: &[Frame]| {
        let mut wire = Vec::new();
        frames.iter().for_each(|frame| frame.encode(&mut wire));
        wire
    };
    let with = |kind, channel, payload: &[u8]| Frame { stream: 1, kind, channel, payload: payload.to_vec() };
    let cases: [(&str, Vec<u8>); 11] = [
        ("a frame", huge),
        ("kind 99", vec![0, 0, 0, 0, 1, 0, 0, 0, 99, 0, 0, 0]),
        ("it sent Hello", encoded(&[Frame::message(0, Kind::Hello, &Hello::ours("again"))])),
        ("it sent Event", encoded(&[open(1), with(Kind::Event, Channel::None, b"")])),
        ("it sent Pong", encoded(&[with(Kind::Pong, Channel::None, b"")])),
        ("it sent Ping", encoded(&[with(Kind::Ping, Channel::None, &[0; 65])])),
        ("number that is not its own", encoded(&[open(2)])),
        ("twice", encoded(&[open(1), open(1)])),
        ("Request", encoded(&[with(Kind::Open, Channel::None, b"nonsense")])),
        ("Control", encoded(&[open(1), with(Kind::Control, Channel::None, b"nonsense")])),
        ("Data", encoded(&[open(1), with(Kind::Data, Channel::Stdin, b"short")])),
    ];
    for (named, wire) in cases {
        let mut stranger = Stranger::greeted(&place).await;
        stranger.say(&wire).await;
        let told = stranger.sent_away().await;
        assert!(told.contains(named), "{named:?}: {told:?}");
        assert_usable(&witness).await;
        while !session.runs().await.expect("it is open").is_empty() {
            tokio::task::yield_now().await;
        }
    }
    assert_usable(&session).await;
    witness = Session::attach(&place.0).await.expect("others are let in");
    assert_usable(&witness).await;
}

#[tokio::test]
async fn more_than_was_allowed_ends_its_client() {
    let (session, place) = shared().await;
    let mut stranger = Stranger::greeted(&place).await;
    let mut request = program(&["/bin/sleep", "1000"]);
    request.stdin = true;
    stranger.frame(&Frame::message(1, Kind::Open, &Request::Run(request))).await;
    let piece = vec![0; 512 << 10];
    // Twice the window is the relay's own and the agent's; one more is too much.
    for _ in 0..2 * (WINDOW as usize / piece.len()) + 1 {
        let header = data_header(1, Channel::Stdin, 0, 0, piece.len());
        stranger.say(&[&header[..], &piece].concat()).await;
    }
    assert!(stranger.sent_away().await.contains("overran the credit"));
    assert_usable(&session).await;
}

/// Bytes one by one, on channels in turn, never more than is allowed: it costs little, and others are served.
#[tokio::test]
async fn crumbs_cost_their_client_only() {
    let (session, place) = shared().await;
    let mut stranger = Stranger::greeted(&place).await;
    let mut request = program(&["/bin/sleep", "1000"]);
    request.stdin = true;
    stranger.frame(&Frame::message(1, Kind::Open, &Request::Run(request))).await;
    let mut wire = Vec::new();
    for number in 0..200_000 {
        let channel = if number % 2 == 0 { Channel::Stdin } else { Channel::Content };
        wire.extend(data_header(1, channel, 0, 0, 1));
        wire.push(0);
        Frame::end(1, channel).encode(&mut wire);
    }
    let saying = tokio::time::timeout(Duration::from_millis(500), stranger.say(&wire)).await;
    let other = Session::attach(&place.0).await.expect("others are let in");
    assert_usable(&other).await;
    drop((saying, stranger));
    while !session.runs().await.expect("it is open").is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn streams_beyond_the_bound_are_reset() {
    let (session, place) = shared().await;
    let mut stranger = Stranger::greeted(&place).await;
    // Each waits for a text that does not come.
    let mut request = program(&["/bin/sh", "/sandbox/text"]);
    request.source = Some(b"/sandbox/text".to_vec());
    for number in 0..300_u32 {
        stranger.frame(&Frame::message(number * 2 + 1, Kind::Open, &Request::Run(request.clone()))).await;
    }
    let mut reset = 0;
    while reset < 300 - 256 {
        let frame = stranger.next().await.expect("it is still served");
        reset += usize::from(frame.kind == Kind::Reset);
    }
    assert_eq!(session.runs().await.expect("it is open").len(), 256);
    assert_usable(&session).await;
}

#[tokio::test]
async fn silent_ones_keep_nobody_out() {
    let (session, place) = shared().await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(Stranger::come(&place).await);
    }
    let other = Session::attach(&place.0).await.expect("there is room");
    assert_eq!(run(&other, Run::code("print(1)")).await.stdout_text(), "1\n");
    drop(silent);
    assert_usable(&session).await;
}
