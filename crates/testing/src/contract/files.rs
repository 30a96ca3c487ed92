//! Files inside.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use llm_sandbox_core::{Error, FileKind, FileProblem};

use super::{Shared, open, printed};

fn assert_problem<T: std::fmt::Debug>(result: Result<T, Error>, expected: FileProblem) {
    match result.expect_err("it cannot be") {
        Error::File { problem, .. } => assert_eq!(problem, expected),
        error => panic!("{error}"),
    }
}

/// What was written is read, of any size, and replaces what was there.
pub async fn written_files_are_read(backend: Shared) {
    let session = open(backend).await;
    for size in [0, 1, 100_000, 5_000_000, 3] {
        let bytes: Vec<u8> = (0..size).map(|number: u32| (number % 253) as u8).collect();
        session.write("new/deep/file", bytes.clone()).await.expect("it is written");
        assert!(session.read("/sandbox/new/deep/file").await.expect("it is read") == bytes);
    }
}

/// Files that code made are read, and code reads those that were written.
pub async fn code_and_files_meet(backend: Shared) {
    let session = open(backend).await;
    session.write("in", "abc").await.expect("it is written");
    let code = "text = open('in').read()\nopen('out', 'w').write(text[::-1])\nopen('in', 'a').write('+')";
    printed(&session, code).await;
    assert_eq!(session.read("out").await.expect("it is read"), b"cba");
    assert_eq!(session.read("in").await.expect("it is read"), b"abc+");
}

/// A directory lists what is directly in it.
pub async fn directories_are_listed(backend: Shared) {
    let session = open(backend).await;
    session.write("d/b", "12345").await.expect("it is written");
    session.write("d/a/x", "").await.expect("it is written");
    printed(&session, "import os; os.symlink('b', 'd/link'); os.mkfifo('d/pipe')").await;
    let listed = session.list("d").await.expect("it is listed");
    let seen: Vec<_> = listed.iter().map(|entry| (entry.path.to_str().expect("text"), entry.kind)).collect();
    let expected =
        [("a", FileKind::Directory), ("b", FileKind::File), ("link", FileKind::Link), ("pipe", FileKind::Other)];
    assert_eq!(seen, expected);
    assert_eq!((listed[1].size, listed[2].target.as_deref()), (5, Some(&b"b"[..])));
    assert_problem(session.list("d/b").await, FileProblem::WrongKind);
}

/// A tree lists all below, without following links.
pub async fn trees_are_listed(backend: Shared) {
    let session = open(backend).await;
    session.write("t/a/b/c", "x").await.expect("it is written");
    printed(&session, "import os; os.symlink('/', 't/root')").await;
    let listed = session.list_tree("t").await.expect("it is listed");
    let seen: Vec<_> = listed.iter().map(|entry| entry.path.to_str().expect("text")).collect();
    assert_eq!(seen, ["a", "a/b", "a/b/c", "root"]);
}

/// A single path is described, a last link as a link.
pub async fn stat_describes(backend: Shared) {
    let session = open(backend).await;
    session.write("file", "12345").await.expect("it is written");
    printed(&session, "import os; os.chmod('file', 0o750); os.symlink('file', 'link')").await;
    let file = session.stat("file").await.expect("it is there");
    assert_eq!((file.kind, file.size, file.mode), (FileKind::File, 5, 0o750));
    assert!(file.modified.elapsed().is_ok_and(|age| age.as_secs() < 600));
    assert_eq!(session.stat("link").await.expect("it is there").kind, FileKind::Link);
    assert_eq!(session.stat("/sandbox").await.expect("it is there").kind, FileKind::Directory);
}

/// Removing removes; a full directory only as a tree.
pub async fn removal_removes(backend: Shared) {
    let session = open(backend).await;
    session.write("d/e/f", "x").await.expect("it is written");
    assert!(session.remove("d").await.is_err(), "it is not empty");
    session.remove("d/e/f").await.expect("it is removed");
    assert_problem(session.read("d/e/f").await, FileProblem::NotFound);
    session.remove_tree("d").await.expect("it is removed");
    assert_problem(session.stat("d").await, FileProblem::NotFound);
}

/// What is not there is told as such.
pub async fn missing_files_are_errors(backend: Shared) {
    let session = open(backend).await;
    assert_problem(session.read("nothing").await, FileProblem::NotFound);
    assert_problem(session.list("nothing").await, FileProblem::NotFound);
    assert_problem(session.stat("nothing").await, FileProblem::NotFound);
    assert_problem(session.remove("nothing").await, FileProblem::NotFound);
    assert_problem(session.read("/sandbox").await, FileProblem::WrongKind);
    assert!(session.write("/usr/new", "x").await.is_err());
    assert!(session.read("/etc/shadow").await.is_err());
}

/// A file larger than asked for is refused, also a sparse one.
pub async fn reads_are_bounded(backend: Shared) {
    let session = open(backend).await;
    session.write("five", "12345").await.expect("it is written");
    assert_eq!(session.read_limited("five", 5).await.expect("it fits"), b"12345");
    assert_problem(session.read_limited("five", 4).await, FileProblem::TooLarge);
    printed(&session, "open('sparse', 'w').truncate(1 << 40)").await;
    assert_problem(session.read("sparse").await, FileProblem::TooLarge);
}

/// Names are bytes and come back as they were.
pub async fn names_are_bytes(backend: Shared) {
    let session = open(backend).await;
    for name in [&b"a b"[..], b"new\nline", b"\xff\xfe", b"-rf", "é".as_bytes(), b"..."] {
        let path = Path::new("names").join(OsStr::from_bytes(name));
        session.write(&path, name).await.expect("it is written");
        assert_eq!(session.read(&path).await.expect("it is read"), name);
    }
    assert_eq!(session.list("names").await.expect("it is listed").len(), 6);
    assert_eq!(printed(&session, "import os; print(sorted(os.listdir(b'names'))[-1])").await, "b'\\xff\\xfe'\n");
}
