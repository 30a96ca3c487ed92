//! Before a session is open.

use std::sync::Arc;

use llm_sandbox_core::{Assurance, Capabilities, ErrorKind, Guarantee, Language, Session, Strength};
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

#[tokio::test]
async fn what_the_agent_can_do_decides_where_the_backend_cannot_know() {
    let weaker = Assurance {
        guarantee: Guarantee::TreeKill,
        strength: Strength::BestEffort,
        form: "one by one".to_owned(),
        remedy: None,
    };
    for (features, is_held) in [(0, false), (Hello::KILLS_WHOLE_TREES, true), (u64::MAX, true), (2, false)] {
        let backend = FakeBackend::new(move |mut agent| async move {
            agent.greet_as(&Hello { features, ..Hello::ours("able") }).await;
            agent.idle().await;
        })
        .promising(Capabilities { assurances: vec![weaker.clone()] });
        let builder = Session::builder_on(Arc::new(backend.clone()), Language::Python);
        match builder.require([Guarantee::TreeKill]).open().await {
            Ok(session) => {
                assert!(is_held && session.capabilities().holds(Guarantee::TreeKill), "{features}");
                session.close().await.expect("it closes");
            }
            Err(error) => assert!(!is_held && error.to_string().contains("one by one"), "{features}: {error}"),
        }
        assert!(backend.destroyed() > 0, "{features}");
    }
}
