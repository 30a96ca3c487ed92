//! What runs in a session, and how it is listed.

use std::{io::Write, os::unix::fs::PermissionsExt};

use rustix::process::{Pid, Signal, kill_process};

use super::Home;
use crate::support::Live;

#[test]
fn files_stay_between_runs() {
    let home = Home::with_session("files", &[]);
    assert_eq!(home.told(&["exec", "s", "-c", "open('a', 'w').write('kept'); print('written')"]), "written\n");
    assert_eq!(
        home.told(&["exec", "s", "-c", "import sys; print(open('a').read(), sys.argv[1:])", "1", "-x"]),
        "kept ['1', '-x']\n"
    );
    assert_eq!(home.told(&["exec", "s", "cat", "a"]), "kept");
}

#[test]
fn options_of_open_are_the_sandboxs() {
    let home = Home::new("options");
    std::fs::write(home.path.join("in.txt"), "seen").expect("a file");
    let mount = format!("{}:/data", home.path.display());
    let file = format!("{}:copied.txt", home.path.join("in.txt").display());
    let id = home.told(&["open", "--env", "A=7", "--mount", &mount, "--file", &file, "--label", "owner=ada"]);
    let id = id.trim_end();
    let code = "import os; print(os.environ['A'], open('/data/in.txt').read(), open('copied.txt').read())";
    assert_eq!(home.told(&["exec", id, "-c", code]), "7 seen seen\n");
    assert_eq!(home.listed()[0]["labels"], serde_json::json!({ "owner": "ada" }));
    let limited = home.told(&["open", "--timeout", "0.2"]);
    let ended = home.ask(&["exec", limited.trim_end(), "-c", "while True: pass"]);
    assert_eq!(ended.status, Some(124));
    assert!(ended.stderr.contains("0.2 s of wall time"), "{}", ended.stderr);
}

#[test]
fn settings_are_the_sandboxs() {
    let home = Home::new("settings");
    let mut command = home.command(&["open", "--name", "s"]);
    command.env("LLM_SANDBOX_ENV", "A=7").env("LLM_SANDBOX_LANGUAGE", "python");
    assert!(command.status().expect("it starts").success());
    assert_eq!(home.told(&["exec", "s", "-c", "import os; print(os.environ['A'])"]), "7\n");
    let mut command = home.command(&["open"]);
    command.env("LLM_SANDBOX_PIDS", "0");
    let ended = crate::support::finish(command);
    let message = "llm-sandbox: LLM_SANDBOX_PIDS: processes: 0 processes are too few\n";
    assert_eq!((ended.status, ended.stderr.split_inclusive('\n').next()), (Some(2), Some(message)));
}

#[test]
fn a_run_has_options_of_its_own() {
    let home = Home::with_session("own", &["--env", "A=session"]);
    let code = "import os; print(os.environ['A'], os.getcwd())";
    assert_eq!(home.told(&["exec", "-e", "A=run", "-w", "/tmp", "s", "-c", code]), "run /tmp\n");
    let ended = home.ask(&["exec", "--timeout", "0.3", "s", "-c", "while True: pass"]);
    assert_eq!(ended.status, Some(124));
    assert!(ended.stderr.contains("0.3 s of wall time"), "{}", ended.stderr);
    let found: serde_json::Value =
        serde_json::from_str(&home.told(&["exec", "--json", "s", "echo", "hi"])).expect("one object");
    assert_eq!((&found["exit_code"], &found["stdout"]["bytes"]), (&serde_json::json!(0), &serde_json::json!("hi\n")));
}

#[test]
fn statuses_are_the_programs() {
    let home = Home::with_session("statuses", &[]);
    assert_eq!(home.ask(&["exec", "s", "-c", "import sys; sys.exit(3)"]).status, Some(3));
    assert_eq!(home.ask(&["exec", "s", "-c", "import os; os.abort()"]).status, Some(134));
    let ended = home.ask(&["exec", "s", "no-such-program"]);
    assert_eq!(ended.status, Some(125));
    assert!(ended.stderr.contains("no-such-program"), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("no shell takes arguments apart, but sh -c LINE does\n"), "{}", ended.stderr);
}

#[test]
fn standard_input_is_passed_where_asked_for() {
    let home = Home::with_session("input", &[]);
    let fed = |arguments: &[&str]| {
        let mut live = Live::start(home.command(arguments));
        let _ = live.stdin.write_all(b"fed\n");
        let Live { child, stdin, mut stdout } = live;
        drop(stdin);
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stdout, &mut text).expect("text");
        drop(child);
        text
    };
    assert_eq!(fed(&["exec", "-i", "s", "cat"]), "fed\n");
    assert_eq!(fed(&["exec", "s", "cat"]), "");
}

#[test]
fn what_is_detached_goes_on_and_is_reached() {
    let home = Home::with_session("detached", &[]);
    home.told(&["exec", "s", "mkfifo", "ready"]);
    let server = "import socket
with socket.create_server(('127.0.0.1', 8080)) as server:
    open('ready', 'w').close()
    while True:
        with server.accept()[0] as client: client.sendall(b'served')";
    assert_eq!(home.told(&["exec", "-d", "s", "-c", server]), "2\n");
    let client = "import socket
open('ready').close()
print(socket.create_connection(('127.0.0.1', 8080)).makefile().read())";
    assert_eq!(home.told(&["exec", "s", "-c", client]), "served\n");
    let listed = home.told(&["ps", "s"]);
    let row: Vec<_> = listed.lines().nth(1).expect("a run").split_whitespace().collect();
    assert_eq!((row[0], row[1], row[3], row[4]), ("2", "python", "yes", "running"), "{listed}");
    assert_eq!(home.listed()[0]["runs_live"], 1);
    assert_eq!(home.told(&["kill", "s", "2"]), "");
    let listed = home.told(&["ps", "s"]);
    assert!(listed.contains(" killed"), "{listed}");
    let found: serde_json::Value = serde_json::from_str(&home.told(&["ps", "s", "--json"])).expect("one object");
    assert_eq!((&found["runs"][0]["number"], &found["session"]["runs_live"]), (&2.into(), &0.into()));
}

#[test]
fn what_is_detached_has_a_result() {
    let home = Home::with_session("result", &["--output", "100"]);
    let code = "import sys; print('out' * 100); print('err', file=sys.stderr); open('over', 'w'); sys.exit(3)";
    assert_eq!(home.told(&["exec", "-d", "s", "-c", code]), "1\n");
    let ended = home.ask(&["wait", "s", "1"]);
    assert_eq!((ended.status, ended.stdout.len()), (Some(3), 100), "{}", ended.stdout);
    let words = "err\nllm-sandbox: 201 of 301 bytes of output were left out after the first 50; \
                 --output of llm-sandbox open raises the limit\n";
    assert_eq!(ended.stderr, words);
    let hint = "llm-sandbox ps SESSION lists the runs by their numbers";
    home.refused(&["wait", "s", "1"], "run 1: there is none of that number, or its result was taken", hint);
    assert_eq!(home.told(&["exec", "-d", "s", "sleep", "600"]), "2\n");
    assert_eq!(home.told(&["kill", "s", "2"]), "");
    let told = home.ask(&["wait", "s", "2", "--json"]);
    let result: serde_json::Value = serde_json::from_str(&told.stdout).expect("one object");
    assert_eq!((told.status, &result["outcome"]["kind"]), (Some(137), &"killed".into()), "{result}");
    let ended = home.ask(&["exec", "s", "-c", "bytearray(2 << 30)"]);
    assert!(ended.stderr.ends_with("hint: --memory of llm-sandbox open raises it\n"), "{}", ended.stderr);
}

#[test]
fn sessions_are_listed() {
    let home = Home::new("listed");
    assert_eq!(home.told(&["ps"]).lines().count(), 1);
    let first = home.told(&["open", "--name", "first"]);
    let second = home.told(&["open", "--language", "python", "--json"]);
    let second: serde_json::Value = serde_json::from_str(&second).expect("one object");
    let listed = home.told(&["ps"]);
    let rows: Vec<Vec<_>> = listed.lines().map(|row| row.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["ID", "NAME", "BACKEND", "LANGUAGE", "UPTIME", "RUNS"]);
    assert_eq!(rows[1][..4], [first.trim_end(), "first", "native", "python"]);
    assert_eq!(rows[2][..2], [second["id"].as_str().expect("an id"), "-"]);
    assert_eq!(rows.len(), 3);
}

#[test]
fn only_the_user_gets_at_a_session() {
    let home = Home::with_session("private", &[]);
    let mode = |path: &std::path::Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(&home.sockets()), mode(&home.sockets().join("s.sock"))), (0o700, 0o600));
    std::fs::set_permissions(home.sockets(), std::fs::Permissions::from_mode(0o750)).expect("ours");
    let message = "it is no directory of this user's alone, so that others could pose as sessions";
    let message = format!("directory {}: {message}", home.sockets().display());
    let hint = "remove it, or set XDG_RUNTIME_DIR to a directory of your own";
    for arguments in [&["ps"][..], &["open"], &["exec", "s", "ls"], &["kill", "s"]] {
        home.refused(arguments, &message, hint);
    }
    std::fs::set_permissions(home.sockets(), std::fs::Permissions::from_mode(0o700)).expect("ours");
}

#[test]
fn a_signal_ends_the_run_and_not_the_session() {
    let home = Home::with_session("signal", &[]);
    let mut live = Live::start(home.command(&["exec", "s", "-c", "import time; print('on'); time.sleep(600)"]));
    assert_eq!(live.line(), "on\n");
    kill_process(Pid::from_child(&live.child), Signal::INT).expect("it lives");
    let ended = live.end();
    let words = "llm-sandbox: stopped by signal 2 (SIGINT); the code was killed\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(130), words));
    assert_eq!(home.told(&["exec", "s", "echo", "lives"]), "lives\n");
}

#[test]
fn what_is_not_detached_ends_with_its_call() {
    let home = Home::with_session("call", &[]);
    let code = "import signal, time
print('on'); time.sleep(600)";
    let mut live = Live::start(home.command(&["exec", "s", "-c", code]));
    assert_eq!(live.line(), "on\n");
    live.child.kill().expect("it lives");
    live.child.wait().expect("an end");
    while home.listed()[0]["runs_live"] != 0 {}
    assert_eq!(home.told(&["exec", "s", "echo", "lives"]), "lives\n");
}

#[test]
fn names_that_are_none() {
    let home = Home::with_session("names", &[]);
    let name = "use letters, digits, \".\", \"_\" and \"-\", such as work-1";
    home.refused(&["open", "--name", "a/b"], "session \"a/b\": a name has no '/'", name);
    let hint = "choose a name that could not be another session's id";
    home.refused(&["open", "--name", "0123456789abcdef"], "session \"0123456789abcdef\": it looks like an id", hint);
    let hint = "choose another name, or end that one by llm-sandbox kill s";
    home.refused(&["open", "--name", "s"], "session s: there is one of that name", hint);
    home.told(&["open", "--name", "research"]);
    let hint = "did you mean \"research\"? llm-sandbox ps lists them";
    for arguments in [
        &["exec", "resaerch", "ls"][..],
        &["shell", "resaerch"],
        &["ps", "resaerch"],
        &["cp", "resaerch:a", "."],
        &["kill", "resaerch"],
    ] {
        home.refused(arguments, "session resaerch: there is none of that name or id", hint);
    }
    let hint = "none is open: llm-sandbox open opens one";
    Home::new("nobody").refused(&["exec", "s", "ls"], "session s: there is none of that name or id", hint);
}

#[test]
fn what_cannot_be_opened_is_told() {
    let home = Home::new("refused");
    let hint = "give seconds from zero up, such as 2 or 0.5, or none";
    home.refused(&["open", "--idle-timeout", "soon"], "idle timeout: \"soon\" is not a time in seconds", hint);
    home.refused(&["open", "--label", "a"], "label \"a\": it has no value", "write NAME=VALUE, such as owner=ada");
    let hint = "say --name, which tells names that are taken";
    home.refused(&["open", "--label", "name=s"], "label \"name\": it is what the session is called", hint);
    home.refused(&["open", "--pids", "0"], "processes: 0 processes are too few", "give at least 2 processes");
    let ended = home.ask(&["open", "--json", "--pids", "0"]);
    let found: serde_json::Value = serde_json::from_str(&ended.stdout).expect("one object");
    assert_eq!((ended.status, &found["error"]["kind"]), (Some(2), &"invalid-input".into()));
    assert_eq!(home.listed(), [serde_json::Value::Null; 0]);
}
