//! Trees that are too large, too many, too deep, and a disk that is full.

use llm_sandbox_protocol::{
    Channel, Control, EntryKind, FailureKind, Frame, GetFiles, Kind, MakeDirectory, RemoveFile, Request, TreeBounds,
};

use crate::files::{BOUNDS, ask, entry, file, given, list, put, send_files};
use crate::host::{Host, control, data};

#[tokio::test]
async fn bounds_hold_on_the_way_in() {
    let mut host = Host::open().await;
    let files = |count: u32| (0..count).flat_map(|number| file(1, format!("f{number}").as_bytes(), b"text")).collect();
    let cases: [(TreeBounds, Vec<Frame>); 4] = [
        (TreeBounds { bytes: 11, ..BOUNDS }, files(3)),
        (TreeBounds { entries: 2, ..BOUNDS }, files(3)),
        (TreeBounds { depth: 2, ..BOUNDS }, file(1, b"a/b/c/d", b"")),
        (TreeBounds { bytes: 0, entries: 0, depth: 0 }, file(1, b"a", b"")),
    ];
    for (bounds, frames) in cases {
        let given = send_files(&mut host, 1, put("/sandbox", bounds.clone()), frames).await;
        assert_eq!(given.failure(), FailureKind::TooLarge, "{bounds:?}");
    }
    let exact = [
        (TreeBounds { bytes: 12, entries: 3, depth: 0 }, files(3)),
        (TreeBounds { bytes: 0, entries: 1, depth: 3 }, file(1, b"a/b/c/d", b"")),
    ];
    for (bounds, frames) in exact {
        assert_eq!(send_files(&mut host, 1, put("/sandbox", bounds), frames).await.end, Ok(()));
    }
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn bounds_hold_on_the_way_out() {
    let mut host = Host::open().await;
    host.printed(1, "mkdir -p a/b/c; echo 1234567 > a/b/c/f; truncate -s 1P sparse || truncate -s 1T sparse").await;
    let get = |path: &[u8], bounds| Request::Get(GetFiles { path: path.to_vec(), recursive: true, bounds });
    let cases = [
        (b"/sandbox/a".as_slice(), TreeBounds { bytes: 7, ..BOUNDS }),
        (b"/sandbox/a", TreeBounds { entries: 2, ..BOUNDS }),
        (b"/sandbox/a", TreeBounds { depth: 1, ..BOUNDS }),
        (b"/sandbox/sparse", BOUNDS),
        (b"/sandbox", BOUNDS),
    ];
    for (path, bounds) in cases {
        let given = ask(&mut host, 3, &get(path, bounds.clone())).await;
        assert_eq!(given.failure(), FailureKind::TooLarge, "{} {bounds:?}", path.escape_ascii());
    }
    let exact = TreeBounds { bytes: 8, entries: 3, depth: 2 };
    let given = ask(&mut host, 3, &get(b"/sandbox/a", exact)).await;
    assert_eq!((given.end, given.content), (Ok(()), b"1234567\n".to_vec()));
    host.close().await;
}

#[tokio::test]
async fn a_full_disk_is_told_and_can_be_emptied() {
    let mut host = Host::open().await;
    host.send(&Frame::message(1, Kind::Open, &Request::Put(put("/sandbox", BOUNDS)))).await;
    host.send(&control(1, &Control::Entry(entry(b"large", EntryKind::File)))).await;
    let mut sent = 0;
    // The default disk is 256 MiB; the host writes on until the agent has said its last word.
    let failed = loop {
        host.send(&data(1, Channel::Content, &[7; 500_000])).await;
        sent += 500_000;
        assert!(sent < 300_000_000, "the disk has no end");
        let frame = host.next_of(1).await;
        if frame.kind == Kind::Event {
            break frame;
        }
    };
    let Ok(llm_sandbox_protocol::Event::Failed(failure)) = failed.decode() else { panic!("{failed:?}") };
    assert_eq!(failure.kind, FailureKind::NoSpace);
    assert!(sent > 200_000_000);
    host.forget(1);
    let make = Request::MakeDirectory(MakeDirectory { path: b"/sandbox/a/b".to_vec() });
    let remove = Request::Remove(RemoveFile { path: b"/sandbox/large".to_vec(), recursive: false });
    assert_eq!(ask(&mut host, 3, &remove).await.end, Ok(()));
    assert_eq!(ask(&mut host, 3, &make).await.end, Ok(()));
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_thousand_directories_in_one_another() {
    let mut host = Host::open().await;
    let deep = TreeBounds { depth: 2000, ..BOUNDS };
    let path = vec!["d"; 1000].join("/");
    host.send(&Frame::message(1, Kind::Open, &Request::Put(put("/sandbox", deep.clone())))).await;
    let directory = entry(path.as_bytes(), EntryKind::Directory);
    host.send_all(&[control(1, &Control::Entry(directory)), control(1, &Control::Finish)]).await;
    assert_eq!(given(&mut host, 1).await.end, Ok(()));
    let listed = ask(&mut host, 3, &list(b"/sandbox", deep)).await;
    assert_eq!((listed.end.clone(), listed.entries.len()), (Ok(()), 1000));
    let listed = ask(&mut host, 3, &list(b"/sandbox", BOUNDS)).await;
    assert_eq!(listed.failure(), FailureKind::TooLarge);
    let remove = Request::Remove(RemoveFile { path: b"/sandbox/d".to_vec(), recursive: true });
    assert_eq!(ask(&mut host, 5, &remove).await.end, Ok(()));
    assert_eq!(host.printed(7, "ls").await, "");
    host.close().await;
}

/// Deeper than anybody has descriptors: an error, or done, but the session lives.
#[tokio::test]
async fn what_is_deeper_than_the_limits_of_processes_is_too_deep() {
    let mut host = Host::open().await;
    host.printed(1, "i=0; while [ $i -lt 3000 ]; do mkdir d; cd -P d 2>/dev/null || exit 0; i=$((i+1)); done").await;
    let deep = TreeBounds { depth: u32::MAX, ..BOUNDS };
    let listed = ask(&mut host, 3, &list(b"/sandbox", deep.clone())).await;
    assert!(listed.end.is_ok() || listed.failure() == FailureKind::TooLarge, "{:?}", listed.end);
    let remove = Request::Remove(RemoveFile { path: b"/sandbox/d".to_vec(), recursive: true });
    let removed = ask(&mut host, 5, &remove).await;
    assert!(removed.end.is_ok() || removed.failure() == FailureKind::TooLarge, "{:?}", removed.end);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn removing_and_making_go_wrong_as_they_should() {
    let mut host = Host::open().await;
    host.printed(1, "mkdir -p full/x; ln -s /sandbox/full link; touch file; mkdir locked; touch locked/x").await;
    let remove = |path: &str, recursive| Request::Remove(RemoveFile { path: path.as_bytes().to_vec(), recursive });
    let make = |path: &str| Request::MakeDirectory(MakeDirectory { path: path.as_bytes().to_vec() });
    let cases = [
        (remove("/sandbox/full", false), FailureKind::WrongKind),
        (remove("/sandbox/none", true), FailureKind::NotFound),
        (remove("/etc/passwd", false), FailureKind::PermissionDenied),
        (remove("/usr", true), FailureKind::PermissionDenied),
        (make("/sandbox/file/x"), FailureKind::WrongKind),
        (make("/sandbox/file"), FailureKind::WrongKind),
        (make("/usr/x"), FailureKind::PermissionDenied),
    ];
    for (request, expected) in cases {
        assert_eq!(ask(&mut host, 3, &request).await.failure(), expected, "{request:?}");
    }
    // A link goes itself, what it leads to stays.
    assert_eq!(ask(&mut host, 5, &remove("/sandbox/link", true)).await.end, Ok(()));
    assert_eq!(ask(&mut host, 5, &make("/sandbox/full/x")).await.end, Ok(()));
    assert_eq!(host.printed(7, "ls; ls full").await, "file\nfull\nlocked\nx\n");
    host.close().await;
}

#[tokio::test]
async fn a_reset_ends_an_operation_in_every_phase() {
    let mut host = Host::with_window(1000).await;
    host.printed(1, "head -c 9000000 /dev/zero > large; mkdir -p t; cd t; seq 2000 | xargs touch").await;
    let open_put = Frame::message(1, Kind::Open, &Request::Put(put("/sandbox", BOUNDS)));
    let whole = file(1, b"half", &[7; 800_000]);
    let get = |path: &str| Frame::message(1, Kind::Open, &crate::files::get(path.as_bytes()));
    let phases = [
        vec![open_put.clone()],
        [vec![open_put.clone()], whole[..2].to_vec()].concat(),
        [vec![open_put], whole].concat(),
        vec![get("/sandbox/large")],
        vec![get("/usr/share")],
        vec![Frame::message(1, Kind::Open, &list(b"/sandbox", BOUNDS))],
    ];
    for phase in phases {
        host.send_all(&[&phase[..], &[Frame::reset(1)]].concat()).await;
        host.assert_over(1).await;
        host.send_all(&phase).await;
        host.assert_alive_but_for(1).await;
        host.send(&Frame::reset(1)).await;
        host.assert_over(1).await;
    }
    host.traces.until_idle().await;
    host.close().await;
}
