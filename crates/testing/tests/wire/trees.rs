//! Trees that are too large, too many, too deep, and a disk that is full.

use llm_sandbox_protocol::{
    Channel, Control, Entry, EntryKind, FailureKind, Frame, GetFiles, Kind, MakeDirectory, RemoveFile, Request, RunEnd,
    TreeBounds,
};

use crate::files::{BOUNDS, ask, entry, file, given, list, put, send_files};
use crate::host::{Host, control, data, program};

#[tokio::test]
async fn bounds_hold_on_the_way_in() {
    let mut host = Host::open().await;
    let files = |count: u32| (0..count).flat_map(|number| file(format!("f{number}").as_bytes(), b"text")).collect();
    let cases: [(TreeBounds, Vec<Frame>); 4] = [
        (TreeBounds { bytes: 11, ..BOUNDS }, files(3)),
        (TreeBounds { entries: 2, ..BOUNDS }, files(3)),
        (TreeBounds { depth: 2, ..BOUNDS }, file(b"a/b/c/d", b"")),
        (TreeBounds { bytes: 0, entries: 0, depth: 0 }, file(b"a", b"")),
    ];
    for (bounds, frames) in cases {
        let given = send_files(&mut host, put("/sandbox", bounds.clone()), frames).await;
        assert_eq!(given.failure(), FailureKind::TooLarge, "{bounds:?}");
    }
    let exact = [
        (TreeBounds { bytes: 12, entries: 3, depth: 0 }, files(3)),
        (TreeBounds { bytes: 0, entries: 1, depth: 3 }, file(b"a/b/c/d", b"")),
    ];
    for (bounds, frames) in exact {
        assert_eq!(send_files(&mut host, put("/sandbox", bounds), frames).await.end, Ok(()));
    }
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn bounds_hold_on_the_way_out() {
    let mut host = Host::open().await;
    host.printed("mkdir -p a/b/c; echo 1234567 > a/b/c/f; truncate -s 1P sparse || truncate -s 1T sparse").await;
    let get = |path: &[u8], bounds| Request::Get(GetFiles { path: path.to_vec(), recursive: true, bounds });
    let cases = [
        (b"/sandbox/a".as_slice(), TreeBounds { bytes: 7, ..BOUNDS }),
        (b"/sandbox/a", TreeBounds { entries: 2, ..BOUNDS }),
        (b"/sandbox/a", TreeBounds { depth: 1, ..BOUNDS }),
        (b"/sandbox/sparse", BOUNDS),
        (b"/sandbox", BOUNDS),
    ];
    for (path, bounds) in cases {
        let given = ask(&mut host, &get(path, bounds.clone())).await;
        assert_eq!(given.failure(), FailureKind::TooLarge, "{} {bounds:?}", path.escape_ascii());
    }
    let exact = TreeBounds { bytes: 8, entries: 3, depth: 2 };
    let given = ask(&mut host, &get(b"/sandbox/a", exact)).await;
    assert_eq!((given.end, given.content), (Ok(()), b"1234567\n".to_vec()));
    host.close().await;
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_did_not_fit_is_gone() {
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
    assert_eq!(ask(&mut host, &remove).await.failure(), FailureKind::NotFound);
    assert_eq!(ask(&mut host, &make).await.end, Ok(()));
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_thousand_directories_in_one_another() {
    let mut host = Host::open().await;
    let deep = TreeBounds { depth: 2000, ..BOUNDS };
    let path = vec!["d"; 1000].join("/");
    host.send(&Frame::message(1, Kind::Open, &Request::Put(put("/sandbox", deep.clone())))).await;
    let directory = Entry { mode: 0o755, ..entry(path.as_bytes(), EntryKind::Directory) };
    host.send_all(&[control(1, &Control::Entry(directory)), control(1, &Control::Finish)]).await;
    assert_eq!(given(&mut host, 1).await.end, Ok(()));
    let listed = ask(&mut host, &list(b"/sandbox", deep)).await;
    assert_eq!((listed.end.clone(), listed.entries.len()), (Ok(()), 1000));
    let listed = ask(&mut host, &list(b"/sandbox", BOUNDS)).await;
    assert_eq!(listed.failure(), FailureKind::TooLarge);
    let remove = Request::Remove(RemoveFile { path: b"/sandbox/d".to_vec(), recursive: true });
    assert_eq!(ask(&mut host, &remove).await.end, Ok(()));
    assert_eq!(host.printed("ls").await, "");
    host.close().await;
}

/// Deeper than anybody has descriptors: an error, or done, but the session lives.
#[tokio::test]
async fn what_is_deeper_than_the_limits_of_processes_is_too_deep() {
    let mut host = Host::open().await;
    let code = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')";
    assert_eq!(host.run(program(&["/usr/bin/python3", "-I", "-c", code])).await.ended.end, RunEnd::Exited(0));
    let deep = TreeBounds { depth: u32::MAX, ..BOUNDS };
    let listed = ask(&mut host, &list(b"/sandbox", deep.clone())).await;
    assert!(listed.end.is_ok() || listed.failure() == FailureKind::TooLarge, "{:?}", listed.end);
    let remove = Request::Remove(RemoveFile { path: b"/sandbox/d".to_vec(), recursive: true });
    let removed = ask(&mut host, &remove).await;
    assert!(removed.end.is_ok() || removed.failure() == FailureKind::TooLarge, "{:?}", removed.end);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn removing_and_making_go_wrong_as_they_should() {
    let mut host = Host::open().await;
    host.printed("mkdir -p full/x; ln -s /sandbox/full link; touch file; mkdir locked; touch locked/x").await;
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
        assert_eq!(ask(&mut host, &request).await.failure(), expected, "{request:?}");
    }
    // A link goes itself, what it leads to stays.
    assert_eq!(ask(&mut host, &remove("/sandbox/link", true)).await.end, Ok(()));
    assert_eq!(ask(&mut host, &make("/sandbox/full/x")).await.end, Ok(()));
    assert_eq!(host.printed("ls; ls full").await, "file\nfull\nlocked\nx\n");
    host.close().await;
}

#[tokio::test]
async fn a_reset_ends_an_operation_in_every_phase() {
    let mut host = Host::with_window(1000).await;
    host.printed("head -c 9000000 /dev/zero > large; mkdir -p t; cd t; seq 2000 | xargs touch").await;
    let phases = |stream| {
        let open_put = Frame::message(stream, Kind::Open, &Request::Put(put("/sandbox", BOUNDS)));
        let mut whole = file(b"half", &[7; 800_000]);
        whole.iter_mut().for_each(|frame| frame.stream = stream);
        let get = |path: &str| Frame::message(stream, Kind::Open, &crate::files::get(path.as_bytes()));
        [
            vec![open_put.clone()],
            [vec![open_put.clone()], whole[..2].to_vec()].concat(),
            [vec![open_put], whole].concat(),
            vec![get("/sandbox/large")],
            vec![get("/usr/share")],
            vec![Frame::message(stream, Kind::Open, &list(b"/sandbox", BOUNDS))],
        ]
    };
    for number in 0..phases(1).len() {
        let stream = host.fresh();
        host.send_all(&[&phases(stream)[number][..], &[Frame::reset(stream)]].concat()).await;
        host.assert_over(stream).await;
        let stream = host.fresh();
        host.send_all(&phases(stream)[number]).await;
        host.assert_alive_but_for(stream).await;
        host.send(&Frame::reset(stream)).await;
        host.assert_over(stream).await;
    }
    host.traces.until_idle().await;
    host.close().await;
}
