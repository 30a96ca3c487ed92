//! Sandboxes whose own processes are killed from outside.

use std::{fs, process::Command};

use llm_sandbox_core::{ErrorKind, Outcome, Run, Session};

use crate::support::{
    assert_usable, eventually,
    host::{Trace, exists, parent, processes_with},
    marker, open, python, until,
    victim::Victim,
};

fn kill(pid: i32) {
    let status = Command::new("kill").args(["-s", "KILL", &pid.to_string()]).status();
    assert!(status.expect("kill is there").success());
}

async fn sleeper(session: &Session, marker: &str) -> llm_sandbox_core::RunHandle {
    let mut handle =
        session.start(Run::shell("echo on; read word").arg(marker).stdin_stream()).await.expect("it starts");
    until(&mut handle, "on").await;
    handle
}

#[tokio::test]
async fn a_killed_supervisor_takes_its_jail_along() {
    let session = open(python()).await;
    let (trace, marker) = (Trace::of(&session).await, marker());
    let handle = sleeper(&session, &marker).await;
    let (agent, supervisor) = trace.agent_and_supervisor();
    kill(supervisor);
    let error = handle.wait().await.expect_err("the sandbox died");
    assert_eq!(error.kind(), ErrorKind::SandboxDied, "{error}");
    assert!(session.is_over());
    assert_eq!(session.run("print(1)").await.expect_err("it is over").kind(), ErrorKind::SandboxDied);
    eventually("every process of the jail goes", || trace.processes().iter().map(i32::to_string).collect()).await;
    assert_eq!(processes_with(&marker), [0; 0]);
    assert!(!exists(agent));
    session.close().await.expect("closing what died is no error");
    eventually("the supervisor goes", || exists(supervisor).then(|| supervisor.to_string()).into_iter().collect())
        .await;
    // What nobody is left to remove: empty groups. Here the test does it.
    for group in trace.groups() {
        for run in fs::read_dir(&group).expect("a group").flatten().filter(|entry| entry.path().is_dir()) {
            fs::remove_dir(run.path()).expect("an empty group");
        }
        fs::remove_dir(&group).expect("an empty group");
    }
    assert_eq!(trace.left(), [""; 0]);
}

#[tokio::test]
async fn a_killed_agent_is_told_and_leaves_nothing() {
    let session = open(python()).await;
    let trace = Trace::of(&session).await;
    let handle = sleeper(&session, &marker()).await;
    let (agent, supervisor) = trace.agent_and_supervisor();
    kill(agent);
    let error = handle.wait().await.expect_err("the sandbox died");
    assert_eq!(error.kind(), ErrorKind::SandboxDied, "{error}");
    assert!(error.to_string().contains("signal 9"), "{error}");
    session.close().await.expect("it closes");
    assert_eq!(trace.left(), [""; 0]);
    assert!(!exists(supervisor));
}

#[tokio::test]
async fn a_killed_init_costs_one_run_only() {
    let session = open(python()).await;
    let marker = marker();
    let handle = sleeper(&session, &marker).await;
    let processes = processes_with(&marker);
    let [program] = processes.as_slice() else { panic!("{processes:?}") };
    kill(parent(*program).expect("it has a parent"));
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
    assert_eq!(processes_with(&marker), [0; 0]);
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_host_that_leaves_without_closing_leaves_nothing() {
    let marker = marker();
    let mut victim = Victim::start(&marker, 2, &["leave"]);
    assert!(victim.process.wait().expect("it is ours").success());
    eventually("all goes", || victim.traces.iter().flat_map(Trace::left).collect()).await;
}

#[tokio::test]
async fn a_killed_program_is_told_by_its_signal() {
    let session = open(python()).await;
    let marker = marker();
    let handle = sleeper(&session, &marker).await;
    let processes = processes_with(&marker);
    let [program] = processes.as_slice() else { panic!("{processes:?}") };
    kill(*program);
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, Outcome::Signalled { signal: 9 });
    assert_usable(&session).await;
}
