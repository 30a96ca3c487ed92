//! A limit of the host process that is reached. One test, as the limit is the whole process's.

#![cfg(target_os = "linux")]

#[path = "support/mod.rs"]
mod support;

use llm_sandbox_core::{Error, ErrorKind};
use rustix::process::{Resource, getrlimit, setrlimit};
use support::{assert_usable, open, python};

#[tokio::test]
async fn a_limit_on_files_is_named_where_it_is_reached() {
    open(python()).await.close().await.expect("it closes");
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = Some(64);
    setrlimit(Resource::Nofile, limit).expect("it may be lowered");
    let mut sessions = Vec::new();
    let error = loop {
        match python().open().await {
            Ok(session) => sessions.push(session),
            Err(error) => break error,
        }
        assert!(sessions.len() < 64, "each holds a descriptor at least");
    };
    assert!(sessions.len() > 10, "{} sessions", sessions.len());
    assert_eq!(error.kind(), ErrorKind::Exhausted, "{error}");
    assert!(matches!(error, Error::Exhausted { limit: "RLIMIT_NOFILE", .. }), "{error:?}");
    assert!(error.to_string().contains("RLIMIT_NOFILE lets it, 64"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("ulimit -n")), "{error:?}");
    // Those that are open are as good as before, and one that is closed makes room.
    assert_usable(&sessions[0]).await;
    for session in sessions.drain(..5) {
        session.close().await.expect("it closes");
    }
    let session = open(python()).await;
    assert_usable(&session).await;
    sessions.push(session);
    for session in sessions {
        session.close().await.expect("it closes");
    }
}
