//! How sessions end, and that nothing is left of them.

use rustix::process::{Pid, Signal, kill_process};

use super::Home;
use crate::support::{Footprint, Live};

/// What the session has on the host while something runs in it.
fn footprint(home: &Home, live: &Live) -> Footprint {
    home.told(&["exec", "-d", "s", "sleep", "600"]);
    Footprint::of(live.child.id())
}

#[test]
fn killing_a_session_leaves_nothing() {
    let home = Home::new("killing");
    let live = home.owner(&[]);
    let footprint = footprint(&home, &live);
    assert_eq!(home.told(&["kill", "s"]), "");
    footprint.assert_gone();
    let ended = live.end();
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(std::fs::read_dir(home.sockets()).expect("a directory").count(), 0);
    let hint = "none is open: llm-sandbox open opens one";
    home.refused(&["exec", "s", "ls"], "session s: there is none of that name or id", hint);
}

#[test]
fn its_process_can_be_told_to_end() {
    let home = Home::new("told");
    for signal in [Signal::TERM, Signal::INT] {
        let live = home.owner(&[]);
        let footprint = footprint(&home, &live);
        kill_process(Pid::from_child(&live.child), signal).expect("it lives");
        assert_eq!(live.end().status, Some(0));
        footprint.assert_gone();
    }
    assert_eq!(home.listed().len(), 0);
}

#[test]
fn a_process_that_was_killed_is_told() {
    let home = Home::new("gone");
    let mut live = home.owner(&[]);
    let mut exec = Live::start(home.command(&["exec", "s", "-c", "import time; print('on'); time.sleep(600)"]));
    assert_eq!(exec.line(), "on\n");
    live.child.kill().expect("it lives");
    live.child.wait().expect("an end");
    let ended = exec.end();
    assert_eq!(ended.status, Some(125));
    assert!(ended.stderr.contains("the process that has it has gone"), "{}", ended.stderr);
    let message = "session s: the process that had it has gone, and the sandbox with it";
    for arguments in [&["exec", "s", "ls"][..], &["kill", "s"], &["cp", "s:a", "."]] {
        home.refused(arguments, message, "open a new one by llm-sandbox open");
    }
    // Its name is free.
    let again = home.owner(&[]);
    assert_eq!(home.told(&["exec", "s", "echo", "new"]), "new\n");
    assert_eq!(home.listed().len(), 1);
    drop(again);
}

#[test]
fn a_session_that_nobody_uses_ends_by_itself() {
    let home = Home::new("idle");
    let live = home.owner(&["--idle-timeout", "0.2"]);
    assert_eq!(live.end().status, Some(0));
    let live = home.owner(&["--lifetime", "0.3"]);
    assert_eq!(live.end().status, Some(0));
    assert_eq!(home.listed().len(), 0);
}

#[test]
fn numbers_of_runs_that_are_none() {
    let home = Home::with_session("numbers", &[]);
    let hint = "llm-sandbox ps SESSION lists the runs by their numbers";
    home.refused(&["kill", "s", "first"], "run: \"first\" is no number", hint);
    home.refused(&["kill", "s", "7"], "run 7: there is none of that number, or its result was taken", hint);
}
