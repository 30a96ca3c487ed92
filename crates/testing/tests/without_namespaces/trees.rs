//! Nothing of a run survives it, though no namespace dies with it.

use std::time::Duration;

use llm_sandbox_core::{Outcome, Run};

use crate::{
    python,
    support::{
        WALL, assert_usable, eventually,
        host::{exists, parent, processes_with},
        marker, open, printed, until,
    },
};

/// Processes in sessions of their own, whose parents are gone, deaf to what can be ignored; one is stopped.
const FAMILY: &str = "
import os, signal, sys, time
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def stay():
    os.write(1, b'there\\n')
    while True: time.sleep(1)
for depth in range(4):
    if os.fork() == 0:
        for _ in range(depth):
            os.setsid()
            if os.fork(): os._exit(0)
        if depth == 3: os.kill(os.getpid(), signal.SIGSTOP) if os.write(1, b'there\\n') else None
        stay()
";

const STORM: &str = "
import os
print('on', flush=True)
while True:
    try:
        if os.fork() == 0: os.setsid()
    except OSError: pass
";

async fn until_all_are_there(handle: &mut llm_sandbox_core::RunHandle) {
    let mut seen = String::new();
    while seen.matches("there").count() < 4 {
        seen.push_str(&until(handle, "\n").await);
    }
}

#[tokio::test]
async fn a_deadline_ends_all_of_it() {
    let (session, marker) = (open(python()).await, marker());
    let code = format!("{FAMILY}\nstay()");
    let run = Run::code(code).arg(marker.as_str()).timeout(Duration::from_secs(2));
    let mut handle = session.start(run).await.expect("it starts");
    until_all_are_there(&mut handle).await;
    assert!(processes_with(&marker).len() >= 4, "the test sees what it looks for");
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, WALL);
    assert_eq!(processes_with(&marker), [0; 0], "at once");
    assert_usable(&session).await;
}

#[tokio::test]
async fn the_end_of_the_program_ends_all_of_it() {
    let (session, marker) = (open(python()).await, marker());
    let code = format!("{FAMILY}\nsys.stdin.read(1)\nos._exit(3)");
    let mut handle = session.start(Run::code(code).arg(marker.as_str()).stdin_stream()).await.expect("it starts");
    until_all_are_there(&mut handle).await;
    handle.write_stdin("x").await.expect("it reads");
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, Outcome::Exited { code: 3 });
    assert_eq!(processes_with(&marker), [0; 0]);
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_storm_of_forks_comes_to_rest() {
    let (session, marker) = (open(python()).await, marker());
    for _ in 0..3 {
        let run = Run::code(STORM).arg(marker.as_str()).timeout(Duration::from_millis(800));
        let result = session.run(run).await.expect("the sandbox lives");
        assert_eq!(result.outcome, WALL);
        assert_eq!(processes_with(&marker), [0; 0]);
    }
    assert_usable(&session).await;
}

#[tokio::test]
async fn processes_that_nobody_meets_end_too() {
    let program = std::env::temp_dir().join(marker());
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/without_namespaces/hopper.c");
    let status = std::process::Command::new("cc").arg("-O1").arg("-o").arg(&program).arg(source).status();
    assert!(status.expect("a C compiler").success());
    let session = open(python()).await;
    session.upload(&program, "hopper").await.expect("it is copied");
    std::fs::remove_file(&program).expect("it is ours");
    for hoppers in [1, 1, 1, 1, 4, 4, 20, 20] {
        let marker = marker();
        let path = session.directory().join("hopper");
        let run = Run::command(path).arg(hoppers.to_string()).arg(marker.as_str()).timeout(Duration::from_millis(300));
        let before = std::time::Instant::now();
        let mut handle = session.start(run).await.expect("it starts");
        until(&mut handle, "on").await;
        assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, WALL);
        assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
        assert_eq!(processes_with(&marker), [0; 0]);
        assert_usable(&session).await;
    }
}

#[tokio::test]
async fn runs_that_overlap_end_alone() {
    let (session, one, two) = (open(python()).await, marker(), marker());
    let start = |marker: &str| session.start(Run::code(format!("{FAMILY}\nstay()")).arg(marker));
    let (mut first, mut second) = (start(&one).await.expect("it starts"), start(&two).await.expect("it starts"));
    until_all_are_there(&mut first).await;
    until_all_are_there(&mut second).await;
    first.kill().await;
    assert_eq!(first.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
    assert_eq!(processes_with(&one), [0; 0]);
    assert!(processes_with(&two).len() >= 4, "the other one is not concerned");
    drop(second);
    eventually("what is let go of goes", || processes_with(&two).iter().map(i32::to_string).collect()).await;
    assert_usable(&session).await;
}

#[tokio::test]
async fn an_agent_that_is_killed_leaves_nothing() {
    let (session, marker) = (open(python()).await, marker());
    let code = format!("{FAMILY}\nprint(os.getppid(), flush=True)\nstay()");
    let mut handle = session.start(Run::code(code).arg(marker.as_str())).await.expect("it starts");
    until_all_are_there(&mut handle).await;
    let program = *processes_with(&marker).first().expect("it is there");
    let ancestors = std::iter::successors(Some(program), |pid| parent(*pid)).take_while(|pid| *pid > 1);
    let agent = ancestors.filter(|pid| is_agent(*pid)).collect::<Vec<_>>();
    // The init, the agent, the supervisor, the fork server.
    let [.., agent, supervisor, _] = agent.as_slice() else { panic!("{agent:?}") };
    kill(*agent);
    handle.wait().await.expect_err("the sandbox is dead");
    let root = session.directory().parent().expect("it has one").to_owned();
    session.close().await.expect("closing what died is no error");
    assert_eq!(processes_with(&marker), [0; 0]);
    assert!(!root.exists() && !exists(*supervisor));
}

fn is_agent(pid: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("fork-server"))
}

fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).expect("a process id");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("it is ours");
}

#[tokio::test]
async fn many_sessions_leave_nothing() {
    let mut roots = Vec::new();
    for _ in 0..20 {
        let session = open(python()).await;
        printed(&session, "import subprocess; subprocess.Popen(['sleep', '1000'], start_new_session=True)").await;
        roots.push(session.directory().parent().expect("it has one").to_owned());
        if roots.len() % 2 == 0 {
            session.close().await.expect("it closes");
        }
    }
    eventually("their directories go", || {
        roots.iter().filter(|root| root.exists()).map(|root| root.display().to_string()).collect()
    })
    .await;
}
