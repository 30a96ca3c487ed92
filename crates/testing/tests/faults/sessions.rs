//! Opening what does not hold, and destroying what does not go.

use std::sync::Arc;

use llm_sandbox_core::{Assurance, Capabilities, ErrorKind, Guarantee, Language, Limits, Session, Strength};
use llm_sandbox_testing::{Destruction, FakeAgent, FakeBackend};

use crate::{assert_misbehaved, open};

#[tokio::test]
async fn a_destroy_that_fails_is_told_and_can_be_tried_again() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend.clone().destruction(Destruction::Fails)).await.expect("it greets well");
    for _ in 0..2 {
        assert_eq!(session.close().await.expect_err("told to fail").kind(), ErrorKind::Backend);
    }
    assert_eq!(session.run("1").await.expect_err("closed").kind(), ErrorKind::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_destroy_that_hangs_is_told() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend.destruction(Destruction::Hangs)).await.expect("it greets well");
    assert_eq!(session.close().await.expect_err("it hangs").kind(), ErrorKind::Backend);
}

#[tokio::test(start_paused = true)]
async fn an_opening_that_fails_does_not_wait_for_a_destroy_that_hangs() {
    let silent = FakeBackend::new(|mut agent| async move { agent.idle().await }).destruction(Destruction::Hangs);
    assert_misbehaved(open(&silent).await, "hello");
    let refused = promising(Strength::Absent).destruction(Destruction::Hangs);
    let builder = Session::builder_on(Arc::new(refused), Language::Python).require([Guarantee::MemoryLimit]);
    assert_eq!(builder.open().await.expect_err("it hangs").kind(), ErrorKind::Backend);
}

#[tokio::test]
async fn dropping_the_last_clone_destroys() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    let clone = session.clone();
    drop(session);
    tokio::task::yield_now().await;
    assert_eq!(backend.destroyed(), 0);
    drop(clone);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(backend.destroyed() > 0);
}

fn promising(strength: Strength) -> FakeBackend {
    let remedy = Some("mount the cgroups".to_owned());
    let assurance = Assurance { guarantee: Guarantee::MemoryLimit, strength, form: "a watchdog".into(), remedy };
    let agent = |mut agent: FakeAgent| async move {
        agent.greet().await;
        agent.idle().await;
    };
    FakeBackend::new(agent).promising(Capabilities { assurances: vec![assurance] })
}

#[tokio::test]
async fn what_is_required_and_does_not_hold_refuses_the_session_and_leaves_nothing() {
    let builder = |backend: &FakeBackend| Session::builder_on(Arc::new(backend.clone()), Language::Python);
    let weak = promising(Strength::BestEffort);
    let refusals = [
        builder(&weak).require([Guarantee::MemoryLimit]),
        builder(&weak).memory_mib(512),
        builder(&weak).limits(Limits { memory_bytes: 64 << 20, ..Limits::default() }),
        builder(&weak).accept_weaker([Guarantee::MemoryLimit]).require([Guarantee::MemoryLimit]),
    ];
    for (count, refused) in refusals.into_iter().enumerate() {
        let error = refused.open().await.expect_err("it does not hold");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("memory-limit") && error.to_string().contains("a watchdog"), "{error}");
        assert_eq!(error.hint(), Some("mount the cgroups"));
        assert!(weak.destroyed() > count, "it was destroyed");
    }
    for taken in [builder(&weak), builder(&weak).memory_mib(64).accept_weaker([Guarantee::MemoryLimit])] {
        let session = taken.open().await.expect("nobody relies on it");
        assert_eq!(session.capabilities().strength(Guarantee::MemoryLimit), Strength::BestEffort);
    }
    let strong = promising(Strength::Enforced);
    builder(&strong).memory_mib(64).require([Guarantee::MemoryLimit]).open().await.expect("it holds");
}
