use llm_sandbox_core::{ErrorKind, Run, RunState};

use crate::{
    assert_kind,
    support::{assert_usable, eventually, host::processes_with, marker, open, printed, python},
};

#[tokio::test]
async fn sixty_four_results_are_kept() {
    let session = open(python()).await;
    for number in 1..=66_u64 {
        let handle = session.start(Run::command("echo").arg(number.to_string()).detached()).await.expect("it starts");
        assert_eq!(handle.number(), number);
        drop(handle);
        while session.runs().await.expect("it is open").iter().any(|run| run.state == RunState::Running) {
            tokio::task::yield_now().await;
        }
    }
    let kept: Vec<_> = session.runs().await.expect("it is open").iter().map(|run| run.number).collect();
    assert_eq!(kept, (3..=66).collect::<Vec<_>>());
    assert_kind(session.take(2).await, ErrorKind::InvalidInput, "run 2");
    assert_eq!(session.take(3).await.expect("the sandbox lives").stdout_text(), "3\n");
}

#[tokio::test]
async fn they_end_with_their_session() {
    let marker = marker();
    let session = open(python()).await;
    let run = Run::shell("echo on; while sleep 1000; do :; done").arg(marker.as_str()).detached().no_timeout();
    let mut handle = session.start(run).await.expect("it starts");
    handle.next_event().await.expect("it says so");
    drop(handle);
    let watch = session.watch().await.expect("it is open");
    drop(session);
    eventually("the run goes", || processes_with(&marker).iter().map(ToString::to_string).collect()).await;
    drop(watch);
}

#[tokio::test]
async fn a_deadline_is_one_without_a_handle_too() {
    let session = open(python()).await;
    let code = Run::code("import time; time.sleep(1000)").detached().timeout_seconds(0.2);
    let number = session.start(code).await.expect("it starts").number();
    assert_eq!(session.take(number).await.expect("the sandbox lives").outcome, crate::support::WALL);
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_take_that_is_given_up_takes_nothing() {
    let session = open(python()).await;
    let code = Run::code("print(input())").stdin_stream().detached();
    let number = session.start(code).await.expect("it starts").number();
    let early = tokio::time::timeout(std::time::Duration::from_millis(50), session.take(number)).await;
    assert!(early.is_err());
    session.run_control(number).expect("it goes on").write_stdin("word\n").await.expect("it is read");
    assert_eq!(session.take(number).await.expect("the sandbox lives").stdout_text(), "word\n");
}

#[tokio::test]
async fn a_closed_session_gives_nothing_out() {
    let session = open(python()).await;
    let number = session.start(Run::command("true").detached()).await.expect("it starts").number();
    session.close().await.expect("it closes");
    assert_kind(session.take(number).await, ErrorKind::Closed, "closed");
    assert_kind(session.stop(number).await, ErrorKind::Closed, "closed");
    assert_kind(session.run_control(number).map(|_| ()), ErrorKind::Closed, "closed");
}

#[tokio::test]
async fn a_program_that_never_starts_says_so_when_it_is_taken() {
    let session = open(python()).await;
    let number = session.start(Run::command("no-such-program").detached()).await.expect("it is asked").number();
    let result = session.take(number).await.expect("the sandbox lives");
    assert!(matches!(result.outcome, llm_sandbox_core::Outcome::NeverStarted { .. }), "{:?}", result.outcome);
}

#[tokio::test]
async fn a_large_text_arrives_without_a_handle() {
    let session = open(python()).await;
    let source = format!("{}print('all of it')", "# filler\n".repeat(400_000));
    let number = session.start(Run::code(source).detached()).await.expect("it starts").number();
    assert_eq!(session.take(number).await.expect("the sandbox lives").stdout_text(), "all of it\n");
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}
