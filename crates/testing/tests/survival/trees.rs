//! The whole tree of a run is gone when its result is there.

use std::time::Duration;

use llm_sandbox_core::{Outcome, Run};

use crate::support::{
    PATIENCE, WALL, assert_usable, eventually,
    host::{Trace, exists, processes_with},
    marker, open, printed, python, run, until,
};

/// A child, a grandchild, a daemon, a group of its own: all deaf to every signal that can be ignored.
const FAMILY: &str = "
import os, signal, sys, time
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def stay(name):
    print(name, flush=True)
    while True: time.sleep(1)
if os.fork() == 0:
    if os.fork() == 0: stay('grandchild')
    stay('child')
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: stay('daemon')
    os._exit(0)
if os.fork() == 0:
    os.setpgid(0, 0)
    stay('group')
";

const FAMILY_SIZE: usize = 5;

/// Forks without end in every process there is, each in a session of its own.
const STORM: &str = "
import os, sys, time
print('on', flush=True)
while True:
    try:
        if os.fork() == 0: os.setsid()
    except OSError:
        pass
";

fn family(last: &str, marker: &str) -> Run {
    Run::code(format!("{FAMILY}{last}")).arg(marker)
}

#[tokio::test]
async fn a_deadline_ends_a_family_that_ignores_signals() {
    let session = open(python()).await;
    let marker = marker();
    let mut handle =
        session.start(family("stay('parent')", &marker).timeout(Duration::from_secs(2))).await.expect("it starts");
    let mut seen = String::new();
    while seen.lines().count() < FAMILY_SIZE {
        seen.push_str(&crate::support::next(&mut handle).await);
    }
    assert_eq!(processes_with(&marker).len(), FAMILY_SIZE, "the test sees what it looks for");
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, WALL);
    assert_eq!(processes_with(&marker), [0; 0], "at once");
    assert_usable(&session).await;
}

#[tokio::test]
async fn the_end_of_the_program_ends_its_family() {
    let session = open(python()).await;
    let marker = marker();
    // It leaves only when the others are there.
    let last = "
while len([p for p in os.listdir('/proc') if p.isdigit()]) < 6: time.sleep(0.01)
os._exit(3)";
    let result = run(&session, family(last, &marker)).await;
    assert_eq!(result.outcome, Outcome::Exited { code: 3 }, "{}", result.stderr_text());
    assert_eq!(processes_with(&marker), [0; 0]);
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_kill_ends_the_family() {
    let session = open(python()).await;
    let marker = marker();
    let mut handle = session.start(family("stay('parent')", &marker)).await.expect("it starts");
    until(&mut handle, "daemon").await;
    handle.kill().await;
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
    assert_eq!(processes_with(&marker), [0; 0]);
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_dropped_handle_ends_the_family_soon() {
    let session = open(python()).await;
    let marker = marker();
    let mut handle = session.start(family("stay('parent')", &marker)).await.expect("it starts");
    until(&mut handle, "daemon").await;
    drop(handle);
    eventually("the family goes", || processes_with(&marker).iter().map(i32::to_string).collect()).await;
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_fork_storm_at_its_deadline_is_gone() {
    let session = open(python()).await;
    for milliseconds in [200, 350, 500, 777] {
        let marker = marker();
        let storm = Run::code(STORM).arg(marker.as_str()).timeout(Duration::from_millis(milliseconds));
        assert_eq!(run(&session, storm).await.outcome, WALL);
        assert_eq!(processes_with(&marker), [0; 0], "after {milliseconds} ms");
        assert_usable(&session).await;
    }
}

#[tokio::test]
async fn closing_ends_a_fork_storm_and_leaves_nothing() {
    let session = open(python()).await;
    let trace = Trace::of(&session).await;
    let (agent, supervisor) = trace.agent_and_supervisor();
    let mut handle = session.start(STORM).await.expect("it starts");
    until(&mut handle, "on").await;
    session.close().await.expect("it closes");
    assert_eq!(trace.left(), [""; 0], "at once");
    assert!(!exists(agent) && !exists(supervisor));
    handle.wait().await.expect_err("its session is closed");
}

#[tokio::test]
async fn a_dropped_session_goes_soon_with_all_its_runs() {
    let session = open(python()).await;
    let trace = Trace::of(&session).await;
    let mut handle = session.start(STORM).await.expect("it starts");
    until(&mut handle, "on").await;
    drop((session, handle));
    eventually("the sandbox goes", || trace.left()).await;
}

#[tokio::test]
async fn orphans_that_end_are_reaped_while_the_run_goes_on() {
    let session = open(python()).await;
    let code = "
import os, time
for _ in range(300):
    if os.fork() == 0:
        if os.fork() == 0: os._exit(0)
        os._exit(0)
    os.wait()
def others():
    return [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]
deadline = time.monotonic() + 10
while others() and time.monotonic() < deadline: time.sleep(0.01)
print(others())";
    assert_eq!(printed(&session, code).await, "[]\n");
}

#[tokio::test]
async fn a_grandchild_that_holds_the_output_does_not_hold_the_result() {
    let session = open(python()).await;
    let marker = marker();
    let code = "import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\nprint('done')";
    let result = tokio::time::timeout(PATIENCE, session.run(Run::code(code).arg(marker.as_str()).no_timeout())).await;
    let result = result.expect("it returns").expect("the sandbox lives");
    assert_eq!((result.stdout_text(), result.exit_code()), ("done\n".into(), Some(0)));
    assert_eq!(processes_with(&marker), [0; 0]);
}

#[tokio::test]
async fn kill_all_reaches_only_the_run_itself() {
    let session = open(python()).await;
    let mut other =
        session.start(Run::shell("echo on; read word; echo $word").stdin_stream()).await.expect("it starts");
    until(&mut other, "on").await;
    let code = "import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child == 0: time.sleep(1000)
for number in (signal.SIGTERM, signal.SIGKILL):
    try: os.kill(-1, number)
    except OSError as error: print(error)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0)";
    assert_eq!(printed(&session, code).await, "True\n");
    other.write_stdin("alive\n").await.expect("it reads");
    until(&mut other, "alive").await;
    assert!(other.wait().await.expect("the sandbox lives").is_success());
}

#[tokio::test]
async fn objects_shared_between_processes_go_with_the_run() {
    let session = open(python()).await;
    let make = "ipcmk -M 100000 -S 3 -Q >/dev/null && ipcs -m -s -q | grep -c ^0x";
    assert_eq!(printed(&session, Run::shell(make)).await, "3\n");
    let count = "ipcs -m -s -q | grep -c ^0x; true";
    assert_eq!(printed(&session, Run::shell(count)).await, "0\n");
}
