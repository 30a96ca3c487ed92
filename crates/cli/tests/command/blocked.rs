//! Hosts that give no user namespaces: what is said of them, and what can be had there by name.

use std::process::{Command, Stdio};

use crate::support::{Finished, directory, finish};

const PROGRAM: &str = env!("CARGO_BIN_EXE_llm-sandbox");

/// In a user namespace in which no further one may be made.
fn where_a_setting_forbids(arguments: &[&str]) -> Finished {
    let script = "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "sh", "-c", script, "sh", PROGRAM]).args(arguments);
    // Engines that answer would do in the place of namespaces.
    command.env("DOCKER_HOST", "unix:///nowhere").env("CONTAINER_HOST", "unix:///nowhere");
    command.stdin(Stdio::null());
    finish(command)
}

/// Behind a filter like those of containers: it refuses new namespaces, and `clone3` as unknown.
const FILTER: &str = "
import ctypes, os, struct, sys
class Program(ctypes.Structure): _fields_ = [('length', ctypes.c_ushort), ('lines', ctypes.c_void_p)]
load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
allow, refuse, unknown = 0x7fff0000, 0x50001, 0x50026
lines = [
    (load, 0, 0, 0),
    (equal, 5, 0, 272),  # unshare
    (equal, 5, 0, 435),  # clone3
    (equal, 0, 2, 56),  # clone
    (load, 0, 0, 16),
    (any_bit, 1, 0, 0x7e020000),
    (answer, 0, 0, allow),
    (answer, 0, 0, refuse),
    (answer, 0, 0, unknown),
]
code = b''.join(struct.pack('HBBI', *line) for line in lines)
buffer = ctypes.create_string_buffer(code)
program = Program(len(lines), ctypes.addressof(buffer))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0): sys.exit(os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])";

fn where_a_filter_forbids(arguments: &[&str]) -> Finished {
    let mut command = Command::new("python3");
    command.args(["-c", FILTER, PROGRAM]).args(arguments).stdin(Stdio::null());
    finish(command)
}

#[test]
fn a_setting_is_named_with_what_would_change_it() {
    let refused = where_a_setting_forbids(&["run", "-c", "print(1)"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(125), ""), "{}", refused.stderr);
    for words in ["user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces", "--isolation"] {
        assert!(refused.stderr.contains(words), "{words:?} is missing in\n{}", refused.stderr);
    }
}

#[test]
fn the_doctor_tells_what_could_be_had_instead() {
    let found = where_a_setting_forbids(&["doctor"]);
    assert_eq!(found.status, Some(125), "{}", found.stderr);
    for words in [
        "backend native: does not work",
        "user.max_user_namespaces is 0",
        "backend native, isolation without-namespaces: works",
    ] {
        assert!(found.stdout.contains(words), "{words:?} is missing in\n{}", found.stdout);
    }
}

#[test]
fn a_filter_is_recognised() {
    let refused = where_a_filter_forbids(&["run", "-c", "print(1)"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(125), ""), "{}", refused.stderr);
    for words in ["filter around this program", "--isolation without-namespaces"] {
        assert!(refused.stderr.contains(words), "{words:?} is missing in\n{}", refused.stderr);
    }
}

#[test]
fn less_can_be_asked_for_by_name() {
    let arguments =
        ["run", "--isolation", "without-namespaces", "--interpreter", "/usr/bin/python3", "-c", "print(6 * 7)"];
    for found in [where_a_setting_forbids(&arguments), where_a_filter_forbids(&arguments)] {
        assert_eq!((found.status, found.stdout.as_str()), (Some(0), "42\n"), "{}", found.stderr);
    }
}

/// Three jobs, one after the other: the second and later sandboxes of a process begin elsewhere than the first.
fn three_jobs(before: &[&str]) -> Vec<serde_json::Value> {
    let jobs = directory(before[0]).join("jobs.jsonl");
    let job = |number: u32| format!("{{\"id\":\"{number}\",\"code\":\"print({number})\"}}\n");
    std::fs::write(&jobs, (1..4).map(job).collect::<String>()).expect("a file");
    let mut command = Command::new(before[0]);
    command.args(&before[1..]).args([PROGRAM, "batch", "-j1"]).arg(&jobs).stdin(Stdio::null());
    command.env("DOCKER_HOST", "unix:///nowhere").env("CONTAINER_HOST", "unix:///nowhere");
    let ended = finish(command);
    let results: Vec<_> = ended.stdout.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(results.len(), 3, "{}", ended.stderr);
    results
}

#[test]
fn what_of_proc_is_hidden_is_hidden_from_every_sandbox() {
    let script = "mount -t tmpfs none /proc/bus && exec \"$@\"";
    for result in three_jobs(&["unshare", "-m", "sh", "-c", script, "sh"]) {
        let hint = result["error"]["hint"].as_str().unwrap_or_default();
        assert!(hint.contains("parts of the host's /proc are hidden"), "{result}");
    }
}

#[test]
fn root_that_may_not_change_its_root_has_sandboxes() {
    for result in three_jobs(&["setpriv", "--bounding-set=-sys_chroot", "--inh-caps=-sys_chroot"]) {
        assert_eq!(result["outcome"]["code"], 0, "{result}");
    }
}
