//! Agents whose stream ends.

use llm_sandbox_core::{ErrorKind, Run};
use llm_sandbox_protocol::{Channel, Frame};
use llm_sandbox_testing::FakeBackend;

use crate::{assert_misbehaved, open, run_on};

#[tokio::test]
async fn a_stream_that_ends_inside_a_frame_is_a_death() {
    let result = run_on(|mut agent, stream| async move {
        let mut wire = Vec::new();
        Frame::end(stream, Channel::Stdout).encode(&mut wire);
        agent.raw(&wire[..7]).await;
    });
    let error = result.await.expect_err("it died");
    assert_eq!(error.kind(), ErrorKind::SandboxDied);
    assert!(error.to_string().contains("inside a frame"), "{error}");
}

#[tokio::test]
async fn a_death_reaches_every_pending_operation() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        for _ in 0..3 {
            agent.next_request().await;
        }
    })
    .last_words("the kernel killed it");
    let session = open(&backend).await.expect("it greets well");
    let (one, two, three) = tokio::join!(session.run("1"), session.read("a"), session.run("2"));
    for error in [one.expect_err("dead"), two.expect_err("dead"), three.expect_err("dead")] {
        assert_eq!(error.kind(), ErrorKind::SandboxDied);
        assert!(error.to_string().contains("the kernel killed it"), "{error}");
    }
}

/// Whoever has been told of the end is not served by what is ending.
#[tokio::test]
async fn a_session_is_over_as_soon_as_it_is_known() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.stdout(stream, 1, &[b'x'; 101]).await;
        while let Some((stream, _)) = agent.next_request().await {
            agent.exit(stream, 0, 0, 0).await;
        }
    });
    let session = open(&backend).await.expect("it greets well");
    assert_misbehaved(session.run(Run::code("1").output_limit(100)).await, "more output");
    assert!(session.is_over());
    assert_misbehaved(session.run("2").await, "more output");
}

#[tokio::test]
async fn what_was_answered_before_a_death_is_heard() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.stdout(stream, 1, &[b'x'; 60_000]).await;
        agent.exit(stream, 0, 60_000, 0).await;
    });
    for _ in 0..50 {
        let session = open(&backend).await.expect("it greets well");
        // More than is sent before it is gone.
        let result = session.run(Run::code("1").stdin(vec![0; 1 << 20])).await;
        assert!(result.expect("it was answered").is_success());
    }
}
