//! Names, links and failures that an agent makes up: none of them writes where it was not asked to.

use std::sync::Arc;

use llm_sandbox_core::{Error, ErrorKind, Language, Session};
use llm_sandbox_protocol::{Channel, Entry, EntryKind, Event, FailureKind, FileFailure, Frame};
use llm_sandbox_testing::FakeBackend;

async fn open(backend: &FakeBackend) -> Result<Session, Error> {
    Session::builder_on(Arc::new(backend.clone()), Language::Python).open().await
}

fn assert_misbehaved<T: std::fmt::Debug>(result: Result<T, Error>, words: &str) {
    let error = result.expect_err("the agent misbehaved");
    assert_eq!(error.kind(), ErrorKind::AgentMisbehaved, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

fn entry(path: &[u8], kind: EntryKind, target: Option<&[u8]>) -> Entry {
    Entry { path: path.to_vec(), kind, size: 4, mode: 0o6755, modified: 0, target: target.map(<[u8]>::to_vec) }
}

/// A download of what an agent makes up; the fresh directory it goes to is removed afterwards.
async fn download(entries: Vec<Entry>, look: impl FnOnce(&std::path::Path)) -> Result<Vec<std::path::PathBuf>, Error> {
    let backend = FakeBackend::new(move |mut agent| {
        let entries = entries.clone();
        async move {
            agent.greet().await;
            let Some((stream, _)) = agent.next_request().await else { return };
            for (number, entry) in entries.into_iter().enumerate() {
                let is_file = entry.kind == EntryKind::File;
                agent.event(stream, &Event::Entry(entry)).await;
                if is_file {
                    agent.data(stream, Channel::Content, number as u64, b"text").await;
                    agent.frame(&Frame::end(stream, Channel::Content)).await;
                }
            }
            agent.event(stream, &Event::Done).await;
            agent.idle().await;
        }
    });
    let place = std::env::temp_dir().join(format!("download-{:x}", unique()));
    std::fs::create_dir(&place).expect("a fresh directory");
    let session = open(&backend).await.expect("it greets well");
    let result = session.download("out", place.join("out")).await;
    look(&place.join("out"));
    if let Err(error) = &result {
        assert_eq!(std::fs::read_dir(&place).expect("it is there").count(), 0, "nothing is left");
        assert_eq!(session.is_over(), error.kind() == ErrorKind::AgentMisbehaved, "{error}");
    }
    std::fs::remove_dir_all(&place).expect("it can be removed");
    result.map(|transferred| transferred.skipped)
}

fn unique() -> u64 {
    std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), 0)
}

#[tokio::test]
async fn hostile_names_are_never_written() {
    for name in [&b"../x"[..], b"/etc/x", b"a/../../x", b"a\0b", b"a/./../../x"] {
        let entries = vec![entry(b"", EntryKind::Directory, None), entry(name, EntryKind::File, None)];
        assert_misbehaved(download(entries, |_| {}).await, "leads elsewhere");
    }
    let twice = vec![entry(b"a", EntryKind::File, None), entry(b"a", EntryKind::File, None)];
    assert_eq!(download(twice, |_| {}).await.expect_err("a name twice").kind(), ErrorKind::HostFile);
}

#[tokio::test]
async fn what_is_asked_for_comes_once_and_first() {
    let (file, directory) = (|| entry(b"", EntryKind::File, None), || entry(b"", EntryKind::Directory, None));
    let inside = || entry(b"a", EntryKind::File, None);
    for entries in [[file(), file()], [file(), inside()], [directory(), directory()], [inside(), directory()]] {
        assert_misbehaved(download(entries.to_vec(), |_| {}).await, "second root");
    }
}

#[tokio::test]
async fn links_are_made_only_where_they_stay_inside() {
    let entries = vec![
        entry(b"", EntryKind::Directory, None),
        entry(b"d", EntryKind::Directory, None),
        entry(b"d/file", EntryKind::File, None),
        entry(b"fine", EntryKind::Link, Some(b"d/file")),
        entry(b"absolute", EntryKind::Link, Some(b"/etc/passwd")),
        entry(b"up", EntryKind::Link, Some(b"../x")),
        entry(b"around", EntryKind::Link, Some(b"d/../../x")),
        entry(b"pipe", EntryKind::Other, None),
    ];
    let look = |out: &std::path::Path| {
        assert_eq!(std::fs::read(out.join("fine")).expect("a link to a file"), b"text");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&out.join("d/file").metadata().expect("a file").permissions());
        assert_eq!(mode & 0o7000, 0, "no setuid");
        assert!(out.join("absolute").symlink_metadata().is_err());
    };
    let skipped = download(entries, look).await.expect("it is a fair tree");
    assert_eq!(skipped, ["absolute", "up", "around", "pipe"].map(std::path::PathBuf::from));
}

#[tokio::test]
async fn nothing_is_written_through_a_link() {
    let entries = vec![
        entry(b"d", EntryKind::Link, Some(b".")),
        entry(b"d/file", EntryKind::File, None),
        entry(b"d/link", EntryKind::Link, Some(b"../x")),
    ];
    assert_eq!(download(entries, |_| {}).await.expect_err("the link's place is taken").kind(), ErrorKind::HostFile);
}

#[tokio::test]
async fn a_refusal_inside_is_a_file_error() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        while let Some((stream, _)) = agent.next_request().await {
            let (path, detail) = (b"/sandbox/a\x1b[2J".to_vec(), "who knows".to_owned());
            let failure = FileFailure { kind: FailureKind::NotFound, path, error: Some(2), detail };
            agent.event(stream, &Event::Failed(failure)).await;
        }
    });
    let session = open(&backend).await.expect("it greets well");
    for error in [
        session.read("a").await.expect_err("not there"),
        session.list("a").await.expect_err("not there"),
        session.write("a", vec![0; 5 << 20]).await.expect_err("not there"),
        session.upload("/etc/hostname", "a").await.expect_err("not there"),
    ] {
        assert_eq!(error.kind(), ErrorKind::File, "{error}");
        assert!(!error.to_string().contains('\x1b'), "control characters stay out of messages");
    }
}
