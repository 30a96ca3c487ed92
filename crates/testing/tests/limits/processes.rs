//! Processes and threads.

use std::time::Duration;

use llm_sandbox_core::{Outcome, Run};

use crate::support::{
    PATIENCE, WALL, assert_usable, host::processes_with, javascript, marker, open, printed, python, run, until,
};

#[tokio::test]
async fn forks_stop_at_the_limit() {
    let session = open(python().processes(20)).await;
    let code = "
import errno, os, signal
made = 0
try:
    while True:
        if os.fork() == 0: signal.pause()
        made += 1
except OSError as error: print(errno.errorcode[error.errno], made)";
    for _ in 0..3 {
        assert_eq!(printed(&session, code).await, "EAGAIN 19\n");
    }
}

#[tokio::test]
async fn threads_stop_at_the_same_limit() {
    let session = open(python().processes(20)).await;
    let code = "
import os, threading
made, forever = 0, threading.Event()
try:
    while True:
        threading.Thread(target=forever.wait, daemon=True).start()
        made += 1
except RuntimeError as error: print(error, made, flush=True)
os._exit(0)";
    assert_eq!(printed(&session, code).await, "can't start new thread 19\n");
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_fork_bomb_ends_at_its_deadline_and_the_next_run_works() {
    let session = open(python()).await;
    // The shell itself leaves when it cannot fork.
    let pipes =
        "import os, time\nif os.fork() == 0:\n    os.execvp('sh', ['sh', '-c', 'b() { b | b & }; b'])\ntime.sleep(60)";
    let plain = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass";
    for bomb in [pipes, plain] {
        let marker = marker();
        let bomb = Run::code(bomb).arg(marker.as_str()).timeout(Duration::from_secs(1));
        let result = run(&session, bomb).await;
        assert_eq!(result.outcome, WALL, "{}", result.stderr_text());
        assert_eq!(processes_with(&marker), [0; 0]);
        assert!(result.usage.peak_processes.is_none_or(|peak| peak <= 128), "{:?}", result.usage);
        assert_usable(&session).await;
    }
}

#[tokio::test]
async fn a_fork_bomb_whose_program_leaves_ends_with_it() {
    let session = open(python()).await;
    let marker = marker();
    // The shell that started it has left; what it started goes on until the program leaves.
    let code = "import subprocess, sys, time
subprocess.Popen(['sh', '-c', 'b() { b | b & }; b', sys.argv[1]])
time.sleep(0.5)
sys.exit(5)";
    let result = run(&session, Run::code(code).arg(marker.as_str())).await;
    assert_eq!(result.outcome, Outcome::Exited { code: 5 }, "{}", result.stderr_text());
    assert_eq!(processes_with(&marker), [0; 0], "at once");
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_fork_bomb_does_not_keep_others_from_starting() {
    let session = open(python().processes(32)).await;
    let code = "import os\nprint('on', flush=True)\nwhile True:\n    try: os.fork()\n    except OSError: pass";
    let mut bomb = session.start(code).await.expect("it starts");
    until(&mut bomb, "on").await;
    let other = tokio::time::timeout(PATIENCE, run(&session, Run::shell("echo fine | cat"))).await;
    assert_eq!(other.expect("it gets its turn").stdout_text(), "fine\n");
    bomb.kill().await;
    assert_eq!(bomb.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
}

#[tokio::test]
async fn files_and_the_session_work_beside_a_fork_bomb() {
    let session = open(python().processes(32)).await;
    let code = "import os\nprint('on', flush=True)\nwhile True:\n    try: os.fork()\n    except OSError: pass";
    let mut bomb = session.start(code).await.expect("it starts");
    until(&mut bomb, "on").await;
    let files = async {
        session.write("beside", b"it").await.expect("it is written");
        assert_eq!(session.read("beside").await.expect("it is read"), b"it");
    };
    tokio::time::timeout(PATIENCE, files).await.expect("files get their turn");
    tokio::time::timeout(PATIENCE, session.close()).await.expect("it gets its turn").expect("it closes");
}

#[tokio::test]
async fn node_starts_within_the_default_limit() {
    let session = open(javascript()).await;
    assert_eq!(printed(&session, "console.log(6 * 7)").await, "42\n");
}
