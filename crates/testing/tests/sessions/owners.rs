//! The process that has a session, its socket, and its end as others see it.

use std::{fs, path::Path, time::Duration};

use llm_sandbox_core::{Error, ErrorKind, Expiry, Language, Session};
use std::sync::Arc;

use crate::{
    Place, assert_kind, idle_backend,
    support::{PATIENCE, assert_usable, open, python},
};

async fn end_of(session: &Session) -> Error {
    tokio::time::timeout(PATIENCE, session.wait_closed()).await.expect("it ends")
}

#[tokio::test]
async fn closing_is_told() {
    let session = open(python()).await;
    let (place, other) = Place::attached(&session).await;
    let run = other.start("import time; time.sleep(1000)").await.expect("it starts");
    session.close().await.expect("it closes");
    assert!(!place.0.exists(), "the socket went with it");
    assert_eq!(end_of(&other).await.kind(), ErrorKind::Closed);
    assert_eq!(run.wait().await.expect_err("it went").kind(), ErrorKind::Closed);
    assert_kind(Session::attach(&place.0).await, ErrorKind::SandboxDied, "does not answer");
}

#[tokio::test]
async fn dropping_is_told() {
    let session = open(python()).await;
    let (place, other) = Place::attached(&session).await;
    // It would go on for long, and does not keep the owner's session.
    let _run = other.start("import time; time.sleep(1000)").await.expect("it starts");
    drop(session);
    assert_eq!(end_of(&other).await.kind(), ErrorKind::Closed);
    assert!(!place.0.exists());
}

#[tokio::test]
async fn expiry_is_told_and_put_off_from_elsewhere() {
    let session = open(python().lifetime(Duration::from_secs(2))).await;
    let (_place, other) = Place::attached(&session).await;
    let left = other.extend(Duration::from_secs(1)).await.expect("it has a lifetime");
    assert!(left <= Duration::from_secs(3) && left > Duration::from_secs(1), "{left:?}");
    let error = end_of(&other).await;
    let three = Duration::from_secs(3);
    assert!(matches!(error, Error::Expired { limit: Expiry::Lifetime, after } if after == three), "{error}");
    assert_kind(other.info().await, ErrorKind::Expired, "lifetime");
    assert_eq!(end_of(&session).await.kind(), ErrorKind::Expired);
}

#[tokio::test]
async fn the_session_is_ended_from_elsewhere() {
    let session = open(python()).await;
    let (place, other) = Place::attached(&session).await;
    let witness = Session::attach(&place.0).await.expect("it is let in");
    other.destroy_shared().await.expect("it closes");
    assert_kind(session.run("1").await, ErrorKind::Closed, "closed");
    assert_eq!(end_of(&witness).await.kind(), ErrorKind::Closed);
    assert!(!place.0.exists());
    let own = open(python()).await;
    own.destroy_shared().await.expect("here it is closing");
    assert!(own.is_over());
}

#[tokio::test]
async fn a_live_socket_is_left_alone_and_a_dead_one_replaced() {
    let (one, two) = (open(python()).await, open(python()).await);
    let place = Place::new();
    one.share(&place.0).await.expect("it is shared");
    assert_kind(two.share(&place.0).await, ErrorKind::InvalidInput, "shared there already");
    assert_eq!(Session::attach(&place.0).await.expect("it is let in").id(), one.id());
    one.close().await.expect("it closes");
    // A socket that nobody listens on any more, as a killed process leaves it.
    drop(std::os::unix::net::UnixListener::bind(&place.0).expect("it is free again"));
    assert!(place.0.exists());
    two.share(&place.0).await.expect("it is replaced");
    assert_eq!(Session::attach(&place.0).await.expect("it is let in").id(), two.id());
    let left: Vec<_> = hidden_beside(&place.0);
    assert_eq!(left, [""; 0], "no other names are left");
}

/// Names of the kind that a socket has before it listens.
fn hidden_beside(path: &Path) -> Vec<String> {
    let names = fs::read_dir(path.parent().expect("one")).expect("it is there").flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_draft = |name: &String| {
        name.len() == 9 && name.starts_with('.') && name[1..].bytes().all(|digit| digit.is_ascii_hexdigit())
    };
    names.filter(is_draft).filter(|name| !is_listened_to(&path.with_file_name(name))).collect()
}

/// Another test may be about to make one.
fn is_listened_to(path: &Path) -> bool {
    !path.exists() || std::os::unix::net::UnixStream::connect(path).is_ok()
}

#[tokio::test]
async fn what_is_no_socket_is_kept() {
    let session = open(python()).await;
    let place = Place::new();
    fs::write(&place.0, "mine").expect("it is written");
    assert_kind(session.share(&place.0).await, ErrorKind::InvalidInput, "no socket");
    assert_eq!(fs::read(&place.0).expect("it is there"), b"mine");
    assert_kind(session.share("/no/such/directory/socket").await, ErrorKind::HostFile, "/no/such/directory/socket");
    let long = std::env::temp_dir().join("x".repeat(200));
    assert_kind(session.share(long).await, ErrorKind::InvalidInput, "107");
    assert_usable(&session).await;
}

/// Of several that share at one path at once, one does.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_one_shares_at_a_path() {
    let place = Place::new();
    drop(std::os::unix::net::UnixListener::bind(&place.0).expect("it is free"));
    let mut sharing = Vec::new();
    for _ in 0..8 {
        let path = place.0.clone();
        let builder = Session::builder_on(Arc::new(idle_backend()), Language::Python);
        let session = builder.open().await.expect("it opens");
        sharing.push(tokio::spawn(async move { session.share(&path).await.is_ok().then_some(session) }));
    }
    let mut sharers = Vec::new();
    for shared in sharing {
        sharers.extend(shared.await.expect("no panic"));
    }
    assert_eq!(sharers.len(), 1);
    assert_eq!(Session::attach(&place.0).await.expect("it is let in").id(), sharers[0].id());
}

#[tokio::test]
async fn what_is_shared_no_more_stays_for_those_who_are_there() {
    let (session, place) = (open(python()).await, Place::new());
    session.share(&place.0).await.expect("it is shared");
    let client = Session::attach(&place.0).await.expect("it is let in");
    session.unshare(&place.0).expect("it is shared there");
    assert!(!place.0.exists());
    assert_kind(Session::attach(&place.0).await, ErrorKind::SandboxDied, "");
    assert_usable(&client).await;
    assert_usable(&session).await;
    assert_kind(session.unshare(&place.0), ErrorKind::InvalidInput, "not shared there");
    session.share(&place.0).await.expect("the path is free");
    assert_usable(&Session::attach(&place.0).await.expect("it is let in")).await;
}
