//! What can go wrong around a container: each a typed error in bounded time, with nothing left and no harm to others.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use llm_sandbox_core::{ErrorKind, Language, Run, RunHandle, Session};
use llm_sandbox_docker::{Docker, Engine};
use rustix::process::Signal;

use crate::{
    cable::Cable,
    daemon::Daemon,
    engine::{build, client, image, open, open_on, own},
    one_program::root_of_one_program,
    support::{eventually, marker},
};

/// Nothing takes longer to be noticed.
const BOUND: Duration = Duration::from_secs(20);

async fn waiting(session: &Session) -> RunHandle {
    let mut run = session.start("import time\nprint('on')\ntime.sleep(1000)").await.expect("it starts");
    run.next_event().await.expect("it goes on");
    run
}

async fn dies(run: RunHandle) {
    let before = Instant::now();
    assert_eq!(run.wait().await.expect_err("its sandbox is gone").kind(), ErrorKind::SandboxDied);
    assert!(before.elapsed() < BOUND, "{:?}", before.elapsed());
}

async fn works(session: &Session) {
    assert_eq!(session.run("print(6 * 7)").await.expect("it lives").stdout_text(), "42\n");
}

#[tokio::test]
async fn a_container_that_is_removed_harms_no_other() {
    let (session, other) = (open(&image()).await.expect("it opens"), open(&image()).await.expect("it opens"));
    let [one, _] = &own()[..] else { panic!("there are two") };
    let (first, second) = (waiting(&session).await, waiting(&other).await);
    client(&["rm", "-f", one]);
    // Which of the two it was makes no difference.
    tokio::select! {
        result = first.wait() => assert_eq!(result.expect_err("it is gone").kind(), ErrorKind::SandboxDied),
        result = second.wait() => assert_eq!(result.expect_err("it is gone").kind(), ErrorKind::SandboxDied),
    }
    let lives = if session.is_over() { &other } else { &session };
    works(lives).await;
    session.close().await.expect("closing what died is no error");
    other.close().await.expect("it closes");
    assert_eq!(own(), [""; 0]);
}

#[tokio::test]
async fn an_image_that_is_deleted_is_needed_no_more() {
    let name = format!("llm-sandbox-test:{}", marker());
    build(&name, &format!("FROM {}\nLABEL a=b\n", image()));
    let session = open(&name).await.expect("it opens");
    client(&["rmi", "-f", &name]);
    works(&session).await;
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_stream_that_is_cut_during_a_run_is_a_typed_error() {
    let cable = Cable::new();
    let session = open_on(Docker::new(Engine::Docker).address(cable.address()).image(image())).await;
    let run = waiting(&session).await;
    cable.cut();
    dies(run).await;
    session.close().await.expect("the engine can be reached again");
    assert_eq!(own(), [""; 0]);
}

#[tokio::test]
async fn a_stream_that_is_cut_between_runs_is_a_typed_error() {
    let cable = Cable::new();
    let session = open_on(Docker::new(Engine::Docker).address(cable.address()).image(image())).await;
    works(&session).await;
    cable.cut();
    let before = Instant::now();
    let error = session.run("print(1)").await.expect_err("its sandbox is gone");
    assert!(matches!(error.kind(), ErrorKind::SandboxDied | ErrorKind::Closed), "{error:?}");
    assert!(before.elapsed() < BOUND, "{:?}", before.elapsed());
    eventually("its container goes", own).await;
}

/// The engine is out of reach for good: its containers go by themselves.
#[tokio::test]
async fn a_container_goes_where_the_engine_is_out_of_reach() {
    let cable = Cable::new();
    let session = open_on(Docker::new(Engine::Docker).address(cable.address()).image(image())).await;
    let run = waiting(&session).await;
    drop(cable);
    dies(run).await;
    eventually("its container goes", own).await;
    drop(session);
}

async fn open_small(daemon: &Daemon) -> Result<Session, llm_sandbox_core::Error> {
    let docker = Docker::new(Engine::Docker).address(daemon.address()).image("one-program");
    Session::builder_on(Arc::new(docker), Language::Python).open().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_is_restarted_or_killed_is_a_typed_error() {
    let mut daemon = Daemon::start(256).await;
    daemon.import(&root_of_one_program(), "one-program");
    for signal in [Signal::TERM, Signal::KILL] {
        let session = open_small(&daemon).await.expect("it opens");
        let run = session.start(Run::command("/program")).await.expect("it starts");
        daemon.end(signal);
        dies(run).await;
        daemon.resume().await;
        let (was_left, before) = (daemon.containers(), Instant::now());
        session.close().await.unwrap_or_else(|error| panic!("{error}: {was_left:?}"));
        eventually("its container goes", || daemon.containers()).await;
        assert!(before.elapsed() < BOUND, "{:?}", before.elapsed());
        let session = open_small(&daemon).await.expect("another opens");
        session.close().await.expect("it closes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_is_told_and_harms_nothing() {
    let daemon = Daemon::start(64).await;
    daemon.import(&root_of_one_program(), "one-program");
    let session = open_small(&daemon).await.expect("it opens");
    let full = session.run(Run::command("/program").args(["fill"])).await.expect("it lives");
    assert_eq!(full.stdout_text(), "No space left on device\n", "{}", full.stderr_text());
    let next = session.run(Run::command("/program").args(["a", "b"])).await.expect("it lives");
    assert_eq!(next.stdout_text(), "a\nb\n");
    let error = open_small(&daemon).await.expect_err("there is no room");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert!(error.to_string().contains("no space left on device"), "{error}");
    session.close().await.expect("it closes");
    assert_eq!(daemon.containers(), [""; 0]);
    let filling = daemon.fill();
    open_small(&daemon).await.expect_err("there is no room");
    std::fs::remove_file(filling).expect("it is ours");
    open_small(&daemon).await.expect("there is room again").close().await.expect("it closes");
}

/// Whatever the engine is at when nobody wants the session any more, it is undone.
#[tokio::test]
async fn a_session_that_nobody_waits_for_leaves_nothing() {
    for milliseconds in (0..200).step_by(8) {
        let opened = tokio::time::timeout(Duration::from_millis(milliseconds), open(&image())).await;
        drop(opened);
    }
    eventually("their containers go", own).await;
}

/// The agent's process as the host sees it, and those of its children whom the kernel would rather kill.
fn agent_and_decoys() -> (String, Vec<String>) {
    let [container] = &own()[..] else { panic!("there is one") };
    let agent = client(&["inspect", "--format", "{{.State.Pid}}", container]);
    let read = |path: String| std::fs::read_to_string(path).expect("it is there");
    let score = |pid: &str| read(format!("/proc/{pid}/oom_score")).trim().parse::<i64>().expect("a number");
    let children = read(format!("/proc/{agent}/task/{agent}/children"));
    let preferred = children.split_whitespace().filter(|pid| score(pid) > score(&agent)).map(str::to_owned).collect();
    (agent, preferred)
}

#[tokio::test]
async fn the_kernel_has_somebody_else_to_kill_than_the_agent() {
    let session = open(&image()).await.expect("it opens");
    works(&session).await;
    let (agent, decoys) = agent_and_decoys();
    let [decoy] = &decoys[..] else { panic!("{agent}: {decoys:?}") };
    let status = std::fs::read_to_string(format!("/proc/{decoy}/status")).expect("it is there");
    assert!(status.contains("CapPrm:\t0000000000000000\n") && status.contains("Seccomp:\t2\n"), "{status}");
    let pid = rustix::process::Pid::from_raw(decoy.parse().expect("a number")).expect("a process");
    rustix::process::kill_process(pid, Signal::KILL).expect("it is there");
    works(&session).await;
    let (same, others) = agent_and_decoys();
    assert!(same == agent && others.len() == 1 && others != decoys, "{others:?}");
    for _ in 0..3 {
        let greedy =
            session.run("held = [bytearray(8 << 20) for _ in range(1 << 20)]").await.expect("the sandbox lives");
        assert_eq!(greedy.outcome, llm_sandbox_core::Outcome::OutOfMemory);
        works(&session).await;
    }
    session.close().await.expect("it closes");
}
