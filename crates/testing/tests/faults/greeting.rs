//! Before a session is open.

use llm_sandbox_core::ErrorKind;
use llm_sandbox_protocol::{Frame, Hello};
use llm_sandbox_testing::FakeBackend;

use crate::{assert_misbehaved, open};

#[tokio::test(start_paused = true)]
async fn an_agent_that_says_nothing_is_not_waited_for() {
    let backend = FakeBackend::new(|mut agent| async move { agent.idle().await });
    assert_misbehaved(open(&backend).await, "hello");
    assert!(backend.destroyed() > 0);
}

#[tokio::test]
async fn an_agent_of_another_version_is_told_apart() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet_as(&Hello { oldest: 7, newest: 9, ..Hello::ours("future") }).await;
        agent.idle().await;
    });
    assert_eq!(open(&backend).await.expect_err("no common version").kind(), ErrorKind::Unsupported);
    assert!(backend.destroyed() > 0);
}

#[tokio::test]
async fn something_else_than_hello_is_refused() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.frame(&Frame::reset(1)).await;
        agent.idle().await;
    });
    assert_misbehaved(open(&backend).await, "hello");
}

#[tokio::test]
async fn an_agent_that_dies_before_hello_leaves_its_words() {
    let backend = FakeBackend::new(|_| async {}).last_words("no memory for the jail");
    let error = open(&backend).await.expect_err("it died");
    assert_eq!(error.kind(), ErrorKind::SandboxDied);
    assert!(error.to_string().contains("no memory for the jail"), "{error}");
}
