//! `--tty`: the code has a terminal, whatever this program has.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{Read, Write},
    os::unix::ffi::OsStrExt,
    process::{Child, Command},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};

use crate::support::{finish, finished, llm_sandbox};

/// `llm-sandbox` on a terminal of its own, with us at the keys.
pub(crate) struct Seated {
    pub(crate) keys: File,
    line: File,
    child: Child,
    shown: String,
}

impl Seated {
    fn at(arguments: &[&str]) -> Self {
        Self::with(&[&["run"], arguments].concat(), &[])
    }

    pub(crate) fn with(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
        grantpt(&keys).expect("a terminal");
        unlockpt(&keys).expect("a terminal");
        let name = ptsname(&keys, Vec::new()).expect("a name");
        // Opened without becoming the terminal of these tests themselves.
        let mut options = OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, OpenptFlags::NOCTTY.bits() as i32);
        let line = options.read(true).write(true).open(OsStr::from_bytes(name.to_bytes())).expect("a terminal");
        let clone = || line.try_clone().expect("a descriptor");
        let mut command = Command::new("setsid");
        command.args(["--ctty", env!("CARGO_BIN_EXE_llm-sandbox")]).args(arguments);
        command.env("LLM_SANDBOX_CONFIG", "/dev/null").env_remove("NO_COLOR").env("TERM", "xterm-256color");
        command.envs(environment.iter().copied());
        let child = command.stdin(clone()).stdout(clone()).stderr(clone()).spawn().expect("setsid, of util-linux");
        Self { keys: File::from(keys), line, child, shown: String::new() }
    }

    /// Reads on until these words are shown, gives what came before them, and forgets it.
    pub(crate) fn sees(&mut self, words: &str) -> String {
        let mut bytes = [0; 4096];
        while !self.shown.contains(words) {
            let size = self.keys.read(&mut bytes).expect("output");
            self.shown.push_str(&String::from_utf8_lossy(&bytes[..size]));
        }
        let (before, after) = self.shown.split_once(words).expect("they are there");
        let (before, after) = (before.to_owned(), after.to_owned());
        self.shown = after;
        before
    }

    pub(crate) fn press(&mut self, keys: &[u8]) {
        self.keys.write_all(keys).expect("it listens");
    }

    pub(crate) fn status(&mut self) -> Option<i32> {
        self.child.wait().expect("an end").code()
    }

    fn local_modes(&self) -> LocalModes {
        tcgetattr(&self.line).expect("modes").local_modes
    }
}

#[test]
fn the_code_sees_a_terminal() {
    let ended = finished(&["-t", "-c", "import sys; print(sys.stdin.isatty(), sys.stdout.isatty())"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), "True True\r\n"));
}

#[test]
fn json_and_a_terminal_exclude_each_other() {
    assert_eq!(finished(&["-t", "--json", "-c", "1"]).status, Some(2));
}

#[test]
fn keys_reach_the_code_and_the_terminal_is_restored() {
    let code = "import time
try:
    print('on')
    while True: time.sleep(0.01)
except KeyboardInterrupt: print('caught', input())";
    let mut seated = Seated::at(&["-t", "-c", code]);
    let before = seated.local_modes();
    seated.sees("on\r\n");
    assert!(!seated.local_modes().contains(LocalModes::ISIG), "keys are not to be interpreted here");
    seated.press(b"\x03");
    seated.press(b"hello\r");
    seated.sees("caught hello\r\n");
    assert_eq!(seated.status(), Some(0));
    assert_eq!(seated.local_modes(), before);
}

#[test]
fn without_a_terminal_of_its_own_the_code_is_killed_by_the_key() {
    let mut seated = Seated::at(&["-c", "import time; print('on'); time.sleep(600)"]);
    seated.sees("on\r\n");
    seated.press(b"\x03");
    seated.sees("llm-sandbox: stopped by signal 2 (SIGINT); the code was killed\r\n");
    assert_eq!(seated.status(), Some(130));
}

#[test]
fn an_opening_that_takes_long_is_explained() {
    // It takes connections and says nothing.
    let engine = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("tcp://{}", engine.local_addr().expect("an address"));
    let arguments = ["run", "--backend", "docker", "--image", "none", "-c", "1"];
    let mut seated = Seated::with(&arguments, &[("DOCKER_HOST", &address)]);
    seated.sees("opening the sandbox; the first one of a language on this host may take a minute");
    seated.press(b"\x03");
    seated.sees("llm-sandbox: stopped by signal 2 (SIGINT)");
    assert_eq!(seated.status(), Some(130));
}

#[test]
fn a_new_size_reaches_the_code() {
    let code = "import os, signal, time
def show(*_): print(tuple(os.get_terminal_size()))
signal.signal(signal.SIGWINCH, show)
print('on')
while True: time.sleep(0.01)";
    let mut seated = Seated::at(&["-t", "-c", code]);
    seated.sees("on\r\n");
    let size = Winsize { ws_row: 33, ws_col: 77, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&seated.keys, size).expect("a terminal");
    seated.sees("(77, 33)\r\n");
    seated.press(b"\x1c");
    assert_eq!(seated.status(), Some(131));
}

#[test]
fn no_answer_is_coloured_where_nobody_wants_it() {
    let asked: [(&[&str], &str); 3] = [
        (&["run", "-h"], "See --help for examples"),
        (&["run", "--tiemout", "1"], "try '--help'"),
        (&["run", "--memory", "12x", "-c", "1"], "64KiB"),
    ];
    for (arguments, last) in asked {
        let shown = Seated::with(arguments, &[("NO_COLOR", "1")]).sees(last);
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
        let mut command = llm_sandbox(arguments);
        command.env("CLICOLOR_FORCE", "1").env("TERM", "xterm-256color");
        let piped = finish(command);
        assert!(!(piped.stdout + &piped.stderr).contains('\u{1b}'), "{arguments:?}");
    }
}
