//! Agents that do not answer, or do not read.

use llm_sandbox_core::{ErrorKind, Run};
use llm_sandbox_protocol::{Event, Hello, RunStarted};
use llm_sandbox_testing::FakeBackend;
use std::time::Duration;

use crate::{assert_misbehaved, open, run_on};

#[tokio::test(start_paused = true)]
async fn a_run_without_an_end_is_given_up_after_its_deadline() {
    let before = tokio::time::Instant::now();
    let result = run_on(|mut agent, _| async move { agent.idle().await });
    assert_misbehaved(result.await, "deadline");
    assert!(before.elapsed() < Duration::from_secs(120), "it never even started");
    let before = tokio::time::Instant::now();
    let result = run_on(|mut agent, stream| async move {
        // Saying so again and again does not put the deadline off.
        loop {
            agent.event(stream, &Event::RunStarted(RunStarted { prepare_time: 1 })).await;
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    });
    assert_misbehaved(result.await, "deadline");
    assert!(before.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_file_operation_without_an_answer_is_given_up() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    assert_misbehaved(session.read("a").await, "silent");
}

#[tokio::test(start_paused = true)]
async fn a_write_for_which_no_credit_comes_is_given_up() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    assert_misbehaved(session.write("a", vec![0; 3 << 20]).await, "took no content");
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_reads_nothing_is_given_up() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet_as(&Hello { window: u32::MAX, ..Hello::ours("deaf") }).await;
        std::future::pending().await
    });
    let session = open(&backend).await.expect("it greets well");
    let run = session.start(Run::code("1").no_timeout().stdin_stream()).await.expect("it starts");
    let words = run.write_stdin(vec![0; 4 << 20]);
    // Both wait for the same room.
    let (written, read) = tokio::join!(words, session.read("a"));
    assert_eq!(written.expect_err("nobody reads").kind(), ErrorKind::StdinClosed);
    assert_misbehaved(read, "read nothing");
    assert_misbehaved(run.wait().await, "read nothing");
}
