//! The times of a session, on a clock that stands still until somebody waits.

use std::{sync::Arc, time::Duration};

use llm_sandbox_core::{Error, ErrorKind, Expiry, Language, Run, Session, SessionBuilder};
use llm_sandbox_testing::{Destruction, FakeBackend};
use tokio::time::{Instant, advance};

use crate::{assert_kind, idle_backend};

const SECOND: Duration = Duration::from_secs(1);

fn builder(backend: &FakeBackend) -> SessionBuilder {
    Session::builder_on(Arc::new(backend.clone()), Language::Python)
}

/// Waits for the end of a session, and says after how many seconds that came and why.
async fn end_of(session: &Session, since: Instant) -> (u64, Error) {
    let error = session.wait_closed().await;
    (since.elapsed().as_secs(), error)
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_ends_whatever_goes_on() {
    let backend = idle_backend();
    let since = Instant::now();
    let session = builder(&backend).lifetime(100 * SECOND).idle_timeout(1000 * SECOND).open().await.expect("it opens");
    let run = session.start(Run::code("1").no_timeout()).await.expect("it starts");
    let (after, error) = end_of(&session, since).await;
    assert_eq!(after, 100);
    assert_eq!(error.to_string(), "the session has expired: its lifetime of 100s is over");
    assert!(error.hint().is_some_and(|hint| hint.contains("extend()")));
    assert_eq!(run.wait().await.expect_err("it went with the session").kind(), ErrorKind::Expired);
    assert_eq!(session.extend(SECOND).await.expect_err("it is over").kind(), ErrorKind::Expired);
    assert!(session.is_over());
    session.close().await.expect("it was destroyed");
    assert!(backend.destroyed() > 0);
    assert_eq!(session.run("1").await.expect_err("it was closed, too").kind(), ErrorKind::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_lifetime_is_put_off() {
    let since = Instant::now();
    let session = builder(&idle_backend()).lifetime(10 * SECOND).open().await.expect("it opens");
    advance(4 * SECOND).await;
    assert_eq!(session.extend(20 * SECOND).await.expect("it lives").as_secs(), 26);
    let (after, error) = end_of(&session, since).await;
    assert_eq!(after, 30);
    assert!(matches!(error, Error::Expired { limit: Expiry::Lifetime, after } if after == 30 * SECOND), "{error}");
}

#[tokio::test(start_paused = true)]
async fn idleness_counts_from_the_last_operation() {
    let since = Instant::now();
    let session = builder(&idle_backend()).idle_timeout(10 * SECOND).open().await.expect("it opens");
    advance(9 * SECOND).await;
    // The agent never answers; both are given up after a while.
    let run = session.start(Run::code("1").no_timeout()).await.expect("it starts");
    advance(500 * SECOND).await;
    assert!(!session.is_over(), "a run goes on");
    drop(run);
    let file = tokio::time::timeout(5 * SECOND, session.read("a")).await;
    assert!(file.is_err());
    let (after, error) = end_of(&session, since).await;
    assert_eq!(after, 9 + 500 + 5 + 10);
    assert!(matches!(error, Error::Expired { limit: Expiry::Idle, after } if after == 10 * SECOND), "{error}");
}

#[tokio::test(start_paused = true)]
async fn sessions_without_an_end_have_none() {
    let session = builder(&idle_backend()).open().await.expect("it opens");
    assert!(tokio::time::timeout(1_000_000 * SECOND, session.wait_closed()).await.is_err());
    assert_kind(session.extend(SECOND).await, ErrorKind::Unsupported, "no lifetime");
    let endless = builder(&idle_backend()).lifetime(Duration::MAX).idle_timeout(Duration::MAX).open().await;
    let endless = endless.expect("never is a time, too");
    assert!(tokio::time::timeout(1_000_000 * SECOND, endless.wait_closed()).await.is_err());
    endless.extend(Duration::MAX).await.expect("it lives");
}

#[tokio::test]
async fn no_time_at_all_is_refused() {
    let backend = idle_backend();
    assert_kind(builder(&backend).lifetime(Duration::ZERO).open().await, ErrorKind::InvalidInput, "lifetime");
    assert_kind(builder(&backend).idle_timeout(Duration::ZERO).open().await, ErrorKind::InvalidInput, "idle timeout");
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_end_of_its_time_keeps_no_session() {
    let backend = idle_backend();
    let session = builder(&backend).lifetime(100 * SECOND).idle_timeout(100 * SECOND).open().await.expect("it opens");
    drop(session);
    while backend.alive() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_that_does_not_go_expires_all_the_same() {
    let backend = idle_backend().destruction(Destruction::Hangs);
    let session = builder(&backend).lifetime(SECOND).open().await.expect("it opens");
    assert_eq!(session.wait_closed().await.kind(), ErrorKind::Expired);
    assert_kind(session.close().await, ErrorKind::Backend, "destroying");
}

#[tokio::test]
async fn closing_and_dying_are_waited_for() {
    let session = builder(&idle_backend()).open().await.expect("it opens");
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.wait_closed().await }
    });
    session.close().await.expect("it closes");
    assert_eq!(waiting.await.expect("no panic").kind(), ErrorKind::Closed);
    let dying = FakeBackend::new(|mut agent| async move { agent.greet().await }).last_words("it was ill");
    let session = builder(&dying).open().await.expect("it opens");
    assert_eq!(session.wait_closed().await.to_string(), "the sandbox died: it was ill");
}
