//! Ends that come from outside: a signal, a reader who leaves. Nothing stays behind.

use std::{fs::File, io::Write, process::Stdio};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open},
};

use crate::support::{Footprint, Live, descendants, run};

/// Hard to kill: children that left the session and ignore what can be ignored.
const STUBBORN: &str = "import os, signal, time
for name in ('SIGINT', 'SIGTERM', 'SIGHUP'): signal.signal(getattr(signal, name), signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: print('ready')
time.sleep(600)";

fn started() -> (Live, Footprint) {
    let mut live = Live::start(run(["-c", STUBBORN]));
    assert_eq!(live.line(), "ready\n");
    let footprint = Footprint::of(live.child.id());
    (live, footprint)
}

fn stopped_by(signal: Signal) -> (Option<i32>, String) {
    let (live, footprint) = started();
    kill_process(Pid::from_child(&live.child), signal).expect("it lives");
    let ended = live.end();
    footprint.assert_gone();
    assert_eq!(ended.stdout, "");
    (ended.status, ended.stderr)
}

#[test]
fn interrupting_kills_and_cleans_up() {
    let words = "llm-sandbox: stopped by signal 2 (SIGINT); the code was killed\n";
    assert_eq!(stopped_by(Signal::INT), (Some(130), words.to_owned()));
}

#[test]
fn terminating_kills_and_cleans_up() {
    let words = "llm-sandbox: stopped by signal 15 (SIGTERM); the code was killed\n";
    assert_eq!(stopped_by(Signal::TERM), (Some(143), words.to_owned()));
}

#[test]
fn a_terminal_that_goes_kills_and_cleans_up() {
    assert_eq!(stopped_by(Signal::HUP).0, Some(129));
}

#[test]
fn even_killed_it_leaves_nothing() {
    let (mut live, footprint) = started();
    let supervisors = descendants(live.child.id()).into_iter().map(|pid| {
        let pid = Pid::from_raw(pid.try_into().expect("a number")).expect("not zero");
        pidfd_open(pid, PidfdFlags::empty()).expect("it lives")
    });
    let supervisors: Vec<_> = supervisors.collect();
    live.child.kill().expect("it lives");
    live.child.wait().expect("an end");
    for supervisor in &supervisors {
        poll(&mut [PollFd::new(supervisor, PollFlags::IN)], None).expect("its end");
    }
    footprint.assert_gone();
}

#[test]
fn an_ordinary_end_leaves_nothing() {
    let mut live = Live::start(run(["-c", "print('ready'); input()"]));
    assert_eq!(live.line(), "ready\n");
    let footprint = Footprint::of(live.child.id());
    live.stdin.write_all(b"\n").expect("it reads");
    assert_eq!(live.end().status, Some(0));
    footprint.assert_gone();
}

#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    let mut live = Live::start(run(["-c", "print('first')\nwhile True: print('more')"]));
    assert_eq!(live.line(), "first\n");
    let footprint = Footprint::of(live.child.id());
    let Live { child, stdin, stdout } = live;
    drop(stdout);
    let output = child.wait_with_output().expect("an end");
    drop(stdin);
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(141), &b""[..]));
    footprint.assert_gone();
}

#[test]
fn one_write_to_nobody_is_enough() {
    let code = "import os, time\nprint('first'); input(); os.write(1, b'second')\ntime.sleep(600)";
    let mut live = Live::start(run(["-c", code]));
    assert_eq!(live.line(), "first\n");
    let Live { child, mut stdin, stdout } = live;
    drop(stdout);
    stdin.write_all(b"\n").expect("it reads");
    assert_eq!(child.wait_with_output().expect("an end").status.code(), Some(141));
}

#[test]
fn a_reader_who_takes_nothing_does_not_stop_a_signal() {
    let mut live = Live::start(run(["-c", "print('first')\nwhile True: print('more' * 9999)"]));
    assert_eq!(live.line(), "first\n");
    let footprint = Footprint::of(live.child.id());
    kill_process(Pid::from_child(&live.child), Signal::TERM).expect("it lives");
    assert_eq!(live.child.wait().expect("an end").code(), Some(143));
    footprint.assert_gone();
}

#[test]
fn json_for_nobody_ends_quietly() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = run(["--json", "-c", "print(1)"]);
    command.stdout(writer).stderr(Stdio::piped());
    let output = command.spawn().expect("it starts").wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(141), &b""[..]));
}

#[test]
fn what_nohup_ignores_stays_ignored() {
    let mut command = std::process::Command::new("nohup");
    command.arg(env!("CARGO_BIN_EXE_llm-sandbox")).args(["run", "-c", "print('ready'); print(input())"]);
    let mut live = Live::start(command);
    assert_eq!(live.line(), "ready\n");
    kill_process(Pid::from_child(&live.child), Signal::HUP).expect("it lives");
    live.stdin.write_all(b"still here\n").expect("it reads");
    let ended = live.end();
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), "still here\n"));
}

#[test]
fn closed_standard_streams_are_no_trouble() {
    let null = || Stdio::from(File::open("/dev/null").expect("null"));
    let mut command = run(["-q", "-c", "print(1)"]);
    // Open for reading only: writing fails as to a closed one.
    let status = command.stdout(null()).stderr(null()).status().expect("it starts");
    assert_eq!(status.code(), Some(125));
}
