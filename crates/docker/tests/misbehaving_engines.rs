//! Engines that hang, break off, refuse or talk nonsense, at each step: a typed error follows in bounded time.
//!
//! They are fakes on sockets of the tests' own, and time is the runtime's, which passes where nobody has anything to do.

#![cfg(target_os = "linux")]

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use llm_sandbox_core::{Backend, Error, ErrorKind, Isolation, SandboxSpec};
use llm_sandbox_docker::{Docker, Engine, TlsFiles};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UnixListener, UnixStream},
    task::JoinHandle,
    time::Instant,
};

/// How the engine is asked, in this order, and what a good one answers.
const STEPS: [(&str, &str); 7] = [
    ("/version", "200 OK\r\ncontent-length: 21\r\n\r\n{\"ApiVersion\":\"1.41\"}"),
    ("/info", "200 OK\r\ncontent-length: 2\r\n\r\n{}"),
    ("/containers/create", "201 Created\r\ncontent-length: 24\r\n\r\n{\"Id\":\"x\",\"Warnings\":[]}"),
    ("/archive", "200 OK\r\ncontent-length: 0\r\n\r\n"),
    ("/json", "200 OK\r\ncontent-length: 2\r\n\r\n{}"),
    ("/attach", "101 UPGRADED\r\nconnection: Upgrade\r\nupgrade: tcp\r\n\r\n"),
    ("/start", "204 No Content\r\n\r\n"),
];

/// How an address may take its time at most, and each step after it.
const TO_CONNECT: Duration = Duration::from_secs(10);
const TO_ANSWER: Duration = Duration::from_secs(60);

/// What a bad engine does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whim {
    /// Says nothing.
    Hangs,
    /// Ends the connection.
    Closes,
    /// Says what is no HTTP.
    Babbles,
    /// Refuses, saying why.
    Refuses,
    /// Refuses, without ever saying why.
    RefusesHalf,
    /// Answers with what is no JSON.
    SpeaksNoJson,
    /// Begins an answer and never ends it.
    AnswersHalf,
}

const WHIMS: [Whim; 7] =
    [Whim::Hangs, Whim::Closes, Whim::Babbles, Whim::Refuses, Whim::RefusesHalf, Whim::SpeaksNoJson, Whim::AnswersHalf];

impl Whim {
    fn answer(self) -> &'static str {
        match self {
            Self::Hangs | Self::Closes => "",
            Self::Babbles => "\u{1b}[2J nonsense\r\n\r\n",
            Self::Refuses => "HTTP/1.1 500 No\r\ncontent-length: 23\r\n\r\n{\"message\":\"no reason\"}",
            Self::RefusesHalf => "HTTP/1.1 500 No\r\ncontent-length: 23\r\n\r\n{\"mess",
            Self::SpeaksNoJson => "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>",
            Self::AnswersHalf => "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{",
        }
    }
}

/// An engine that answers well until it is asked for one step. It is gone when dropped.
struct Fake {
    socket: PathBuf,
    serving: JoinHandle<()>,
}

impl Fake {
    fn new(step: &'static str, whim: Whim) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let socket = std::env::temp_dir().join(format!("llm-sandbox-fake-{}-{number}.sock", std::process::id()));
        let listener = UnixListener::bind(&socket).expect("a fresh socket");
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, step, whim));
            }
        });
        Self { socket, serving }
    }

    fn backend(&self) -> Docker {
        Docker::new(Engine::Docker).address(format!("unix://{}", self.socket.display()))
    }

    async fn create(&self) -> Result<(), Error> {
        let spec = SandboxSpec { image: Some("python:3".to_owned()), ..SandboxSpec::default() };
        self.backend().create(&spec).await.map(drop)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
        std::fs::remove_file(&self.socket).expect("it is ours");
    }
}

async fn answer(mut stream: UnixStream, step: &str, whim: Whim) {
    let Some(target) = asked(&mut stream).await else { return };
    let path = target.split('?').next().unwrap_or_default();
    if path.ends_with(step) {
        let _ = stream.write_all(whim.answer().as_bytes()).await;
        if whim != Whim::Closes {
            std::future::pending::<()>().await;
        }
        return;
    }
    let known = STEPS.iter().find(|(step, _)| path.ends_with(step));
    let good = known.map_or("204 No Content\r\n\r\n", |(_, answer)| answer);
    let _ = stream.write_all(format!("HTTP/1.1 {good}").as_bytes()).await;
    if path.ends_with("/attach") {
        std::future::pending::<()>().await;
    }
}

/// Reads a request to its end, and gives its target.
async fn asked(stream: &mut UnixStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let mut body = stream.take(length.unwrap_or(0));
    tokio::io::copy(&mut body, &mut tokio::io::sink()).await.ok()?;
    head.split(' ').nth(1).map(str::to_owned)
}

#[tokio::test(start_paused = true)]
async fn every_whim_at_every_step_is_a_typed_error_in_bounded_time() {
    for (number, (step, _)) in STEPS.into_iter().enumerate() {
        for whim in WHIMS {
            // An answer whose words nobody needs may be any.
            let takes_anything = ["/archive", "/start"].contains(&step);
            if takes_anything && matches!(whim, Whim::SpeaksNoJson | Whim::AnswersHalf) {
                continue;
            }
            let fake = Fake::new(step, whim);
            let before = Instant::now();
            let error = fake.create().await.expect_err("it misbehaves");
            let bound = if number < 2 { TO_CONNECT } else { TO_ANSWER };
            let took = before.elapsed();
            assert!(took <= bound + Duration::from_secs(1), "{step} {whim:?}: {took:?}: {error}");
            assert_eq!(error.kind(), ErrorKind::Backend, "{step} {whim:?}: {error}");
            assert!(number >= 2 || error.hint().is_some(), "{step} {whim:?}: {error}");
            assert!(whim != Whim::Refuses || error.to_string().contains("no reason") || step == "/info", "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_engine_promises_is_asked_of_it() {
    let fake = Fake::new("/nothing", Whim::Hangs);
    fake.create().await.expect("it behaves");
    let capabilities = fake.backend().capabilities(Isolation::Full).await.expect("it answers");
    for limit in [llm_sandbox_core::Guarantee::MemoryLimit, llm_sandbox_core::Guarantee::CpuLimit] {
        assert!(!capabilities.holds(limit), "it said nothing of {limit}");
    }
    let mute = Fake::new("/info", Whim::Hangs);
    let before = Instant::now();
    let error = mute.backend().capabilities(Isolation::Full).await.expect_err("it hangs");
    assert!(before.elapsed() <= TO_CONNECT + Duration::from_secs(1));
    assert!(error.to_string().contains("does not answer within 10s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_nobody_listens_at_is_named() {
    let fake = Fake::new("/version", Whim::Hangs);
    let socket = fake.socket.display().to_string();
    let absent = Docker::new(Engine::Podman).address(format!("unix://{socket}.absent"));
    let error = absent.capabilities(Isolation::Full).await.expect_err("there is none");
    assert!(error.to_string().contains(".absent (address): no such socket") && error.hint().is_some(), "{error}");
    fake.serving.abort();
    tokio::task::yield_now().await;
    let error = fake.create().await.expect_err("nobody listens");
    assert!(error.to_string().contains(&socket) && error.to_string().contains("refused"), "{error}");
}

/// Nothing answers, neither to a greeting of TLS nor to a plain one.
#[tokio::test(start_paused = true)]
async fn a_mute_port_is_left_in_bounded_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("tcp://{}", listener.local_addr().expect("it has one"));
    let plain = Docker::new(Engine::Docker).address(&address);
    let secure = plain.clone().tls(TlsFiles { verify: false, ..TlsFiles::default() });
    for docker in [plain, secure] {
        let before = Instant::now();
        let error = docker.capabilities(Isolation::Full).await.expect_err("it is mute");
        assert!(before.elapsed() <= TO_CONNECT + Duration::from_secs(1), "{:?}", before.elapsed());
        assert!(error.to_string().contains(&address) && error.hint().is_some(), "{error}");
    }
}
