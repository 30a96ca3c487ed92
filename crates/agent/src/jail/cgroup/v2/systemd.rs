//! Asks the service manager for a group of our own, where there is one: what it has not given it may take back.
//!
//! One call of its D-Bus interface (<https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html>)
//! through the socket that its own tools use, so that no message bus is needed. Its answers are the host's, not the code's.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{Timespec, poll};
use rustix::process::{getpid, getuid};

/// How long the service manager may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest message that is taken, in bytes.
const MESSAGE_MOST: usize = 64 << 10;

/// Moves this process into a scope of its own that it may divide.
pub(super) fn enter_scope() -> io::Result<()> {
    let name = format!("llm-sandbox-{}.scope", getpid().as_raw_nonzero());
    let mut stream = UnixStream::connect(socket())?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    authenticate(&mut stream)?;
    stream.write_all(&start_scope(&name))?;
    await_answer(&mut stream)?;
    await_move(&name)
}

fn socket() -> PathBuf {
    match getuid() {
        user if user.is_root() => PathBuf::from("/run/systemd/private"),
        user => PathBuf::from(format!("/run/user/{}/systemd/private", user.as_raw())),
    }
}

fn authenticate(stream: &mut UnixStream) -> io::Result<()> {
    let user: String = getuid().as_raw().to_string().bytes().map(|digit| format!("{digit:02x}")).collect();
    stream.write_all(format!("\0AUTH EXTERNAL {user}\r\n").as_bytes())?;
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") && line.len() < 1024 {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        line.extend(byte);
    }
    if !line.starts_with(b"OK ") {
        return Err(io::Error::other("the service manager does not know this user"));
    }
    stream.write_all(b"BEGIN\r\n")
}

/// Waits until the manager has taken the job.
fn await_answer(stream: &mut UnixStream) -> io::Result<()> {
    loop {
        let mut head = [0; 16];
        stream.read_exact(&mut head)?;
        let number = |at: usize| {
            let bytes = [head[at], head[at + 1], head[at + 2], head[at + 3]];
            let value = if head[0] == b'B' { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
            value as usize
        };
        let size = number(12).next_multiple_of(8).saturating_add(number(4));
        if size > MESSAGE_MOST {
            return Err(io::Error::other("the service manager's answer is too long"));
        }
        let mut rest = vec![0; size];
        stream.read_exact(&mut rest)?;
        match head[1] {
            METHOD_RETURN => return Ok(()),
            ERROR => {
                let words = rest.get(number(12).next_multiple_of(8) + 4..).unwrap_or_default();
                let words = String::from_utf8_lossy(words).trim_end_matches('\0').to_owned();
                return Err(io::Error::other(format!("the service manager refused: {words}")));
            }
            _ => {}
        }
    }
}

/// Waits until this process is in its scope, of which nobody tells it.
fn await_move(name: &str) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if fs::read_to_string("/proc/self/cgroup")?.lines().any(|line| line.ends_with(name)) {
            return Ok(());
        }
        let _ = poll(&mut [], Some(&Timespec { tv_sec: 0, tv_nsec: 500_000 }));
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "the service manager did not move this process into its scope"))
}

const METHOD_CALL: u8 = 1;
const METHOD_RETURN: u8 = 2;
const ERROR: u8 = 3;

/// The call that starts a delegated scope with this process in it.
fn start_scope(name: &str) -> Vec<u8> {
    let mut body = Marshal::default();
    body.string(name);
    body.string("fail");
    body.array(8, |properties| {
        properties.property("Description", "s", |value| value.string("a sandbox of llm-sandbox"));
        properties.property("Delegate", "b", |value| value.number(1));
        properties.property("CollectMode", "s", |value| value.string("inactive-or-failed"));
        let own = getpid().as_raw_nonzero().get().cast_unsigned();
        properties.property("PIDs", "au", |value| value.array(4, |list| list.number(own)));
    });
    body.array(8, |_| {});

    let mut message = Marshal::default();
    message.bytes.extend([b'l', METHOD_CALL, 0, 1]);
    message.number(u32::try_from(body.bytes.len()).unwrap_or(u32::MAX));
    message.number(1);
    message.array(8, |fields| {
        fields.field(1, "o", |value| value.string("/org/freedesktop/systemd1"));
        fields.field(6, "s", |value| value.string("org.freedesktop.systemd1"));
        fields.field(2, "s", |value| value.string("org.freedesktop.systemd1.Manager"));
        fields.field(3, "s", |value| value.string("StartTransientUnit"));
        fields.field(8, "g", |value| value.signature("ssa(sv)a(sa(sv))"));
    });
    message.align(8);
    message.bytes.extend(body.bytes);
    message.bytes
}

/// Bytes as D-Bus has them, little endian, each value at a multiple of its own alignment.
#[derive(Debug, Default)]
struct Marshal {
    bytes: Vec<u8>,
}

impl Marshal {
    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }

    fn number(&mut self, number: u32) {
        self.align(4);
        self.bytes.extend(number.to_le_bytes());
    }

    fn string(&mut self, text: &str) {
        self.number(u32::try_from(text.len()).unwrap_or(u32::MAX));
        self.bytes.extend(text.bytes());
        self.bytes.push(0);
    }

    fn signature(&mut self, text: &str) {
        self.bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
        self.bytes.extend(text.bytes());
        self.bytes.push(0);
    }

    /// Elements aligned so; the padding before the first one is not counted in the array's length.
    fn array(&mut self, alignment: usize, elements: impl FnOnce(&mut Self)) {
        self.number(0);
        let length = self.bytes.len() - 4;
        self.align(alignment);
        let start = self.bytes.len();
        elements(self);
        let size = u32::try_from(self.bytes.len() - start).unwrap_or(u32::MAX);
        self.bytes[length..length + 4].copy_from_slice(&size.to_le_bytes());
    }

    /// A name and a value of any type.
    fn property(&mut self, name: &str, kind: &str, value: impl FnOnce(&mut Self)) {
        self.align(8);
        self.string(name);
        self.signature(kind);
        value(self);
    }

    /// A header field.
    fn field(&mut self, code: u8, kind: &str, value: impl FnOnce(&mut Self)) {
        self.align(8);
        self.bytes.push(code);
        self.signature(kind);
        value(self);
    }
}
