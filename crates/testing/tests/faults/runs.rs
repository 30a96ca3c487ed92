//! What ends one run and not its session.

use llm_sandbox_core::{ErrorKind, Outcome, Run, TimeLimit};
use llm_sandbox_protocol::{Event, Frame, Kind, RunEnd};
use llm_sandbox_testing::{FakeAgent, FakeBackend};

use crate::{open, run_on};

#[tokio::test]
async fn a_reset_ends_one_run_only() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.frame(&Frame::reset(stream)).await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.exit(stream, 3, 0, 0).await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    assert_eq!(session.run("1").await.expect_err("given up").kind(), ErrorKind::Aborted);
    assert_eq!(session.run("2").await.expect("it lives on").exit_code(), Some(3));
}

#[tokio::test]
async fn a_deadline_is_an_outcome() {
    let result = run_on(|mut agent, stream| async move {
        let ended = FakeAgent::ended(RunEnd::CpuTimeExceeded, 0, 0);
        agent.event(stream, &Event::RunEnded(ended)).await;
        agent.idle().await;
    });
    assert_eq!(result.await.expect("a value").outcome, Outcome::TimedOut { limit: TimeLimit::Cpu });
}

#[tokio::test]
async fn an_image_without_the_interpreter_is_an_error() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        while let Some((stream, _)) = agent.next_request().await {
            let ended = FakeAgent::ended(RunEnd::NeverStarted(2), 0, 0);
            agent.event(stream, &Event::RunEnded(ended)).await;
        }
    });
    let session = open(&backend).await.expect("it greets well");
    assert_eq!(session.run("1").await.expect_err("no python").kind(), ErrorKind::InterpreterMissing);
    let command = session.run(Run::command("nonsense")).await.expect("a value");
    assert!(matches!(command.outcome, Outcome::NeverStarted { .. }));
}

#[tokio::test]
async fn dropping_a_run_resets_it_and_late_words_are_let_pass() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.stdout(stream, 1, b"ready").await;
        let reset = agent.until(Kind::Reset).await.expect("a reset");
        assert_eq!(reset.stream, stream);
        agent.stdout(stream, 2, b"late").await;
        agent.exit(stream, 0, 9, 0).await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.exit(stream, 0, 0, 0).await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    let mut run = session.start("1").await.expect("it starts");
    assert_eq!(run.next_event().await.expect("output").bytes, b"ready");
    drop(run);
    assert!(session.run("2").await.expect("the session is usable").is_success());
}
