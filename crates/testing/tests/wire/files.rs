//! Files in and out, where the code has laid traps or the host asks for what it should not.

use llm_sandbox_protocol::{
    Channel, Control, Entry, EntryKind, Event, FailureKind, FileFailure, Frame, GetFiles, Kind, ListFiles,
    MakeDirectory, PutFiles, RemoveFile, Request, StatFile, TreeBounds,
};

use crate::host::{Host, control, data};

pub(crate) const BOUNDS: TreeBounds = TreeBounds { bytes: 1 << 30, entries: 1 << 20, depth: 64 };

pub(crate) fn put(directory: &str, bounds: TreeBounds) -> PutFiles {
    PutFiles { directory: directory.as_bytes().to_vec(), bounds }
}

pub(crate) fn get(path: &[u8]) -> Request {
    Request::Get(GetFiles { path: path.to_vec(), recursive: true, bounds: BOUNDS })
}

pub(crate) fn list(path: &[u8], bounds: TreeBounds) -> Request {
    Request::List(ListFiles { path: path.to_vec(), recursive: true, bounds })
}

pub(crate) fn entry(path: &[u8], kind: EntryKind) -> Entry {
    Entry { path: path.to_vec(), kind, size: 0, mode: 0o644, modified: 0, target: None }
}

/// Frames that write one file below the directory of a put, on whichever stream.
pub(crate) fn file(path: &[u8], content: &[u8]) -> Vec<Frame> {
    let stream = 1;
    let announced = control(stream, &Control::Entry(entry(path, EntryKind::File)));
    let pieces = content.chunks(500_000).map(|piece| data(stream, Channel::Content, piece));
    let end = Frame::end(stream, Channel::Content);
    [announced].into_iter().chain(pieces).chain([end]).collect()
}

/// What an operation gave: entries in their order, the content of all files, and its end.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) entries: Vec<Entry>,
    pub(crate) content: Vec<u8>,
    pub(crate) end: Result<(), FileFailure>,
}

impl Given {
    pub(crate) fn failure(&self) -> FailureKind {
        self.end.as_ref().expect_err("it must fail").kind.clone()
    }
}

/// Asks for something and reads the answer to its end.
pub(crate) async fn ask(host: &mut Host, request: &Request) -> Given {
    let stream = host.fresh();
    host.message(stream, Kind::Open, request).await;
    given(host, stream).await
}

pub(crate) async fn given(host: &mut Host, stream: u32) -> Given {
    let mut given = Given { entries: Vec::new(), content: Vec::new(), end: Ok(()) };
    loop {
        let frame = host.answer(stream).await;
        match frame.kind {
            Kind::Data => given.content.extend_from_slice(frame.data().expect("fair data").2),
            Kind::End => {}
            Kind::Event => match frame.decode().expect("a fair event") {
                Event::Entry(entry) => given.entries.push(entry),
                Event::Done => return given,
                Event::Failed(failure) => return Given { end: Err(failure), ..given },
                other => panic!("{other:?} is no event of files"),
            },
            other => panic!("{other:?} for files"),
        }
    }
}

/// Writes below a directory.
pub(crate) async fn send_files(host: &mut Host, request: PutFiles, mut frames: Vec<Frame>) -> Given {
    let stream = host.fresh();
    frames.iter_mut().for_each(|frame| frame.stream = stream);
    let open = Frame::message(stream, Kind::Open, &Request::Put(request));
    let finish = control(stream, &Control::Finish);
    host.send_all(&[vec![open], frames, vec![finish]].concat()).await;
    let given = given(host, stream).await;
    host.forget(stream);
    given
}

/// Writes one file to the working directory.
pub(crate) async fn upload(host: &mut Host, path: &[u8], content: &[u8]) {
    let given = send_files(host, put("/sandbox", BOUNDS), file(path, content)).await;
    assert_eq!(given.end, Ok(()));
}

#[tokio::test]
async fn a_file_goes_in_and_out() {
    let mut host = Host::open().await;
    let content: Vec<u8> = (0..900_000_u32).map(|number| (number % 251) as u8).collect();
    upload(&mut host, b"a", &content).await;
    let given = ask(&mut host, &get(b"/sandbox/a")).await;
    assert_eq!(given.end, Ok(()));
    assert!(given.content == content, "what came out is what went in");
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn credit_comes_back_for_what_was_written() {
    let mut host = Host::open().await;
    host.send(&Frame::message(1, Kind::Open, &Request::Put(put("/sandbox", BOUNDS)))).await;
    let (mut credit, mut sent, piece) = (1_u64 << 20, 0, 100_000);
    host.send(&control(1, &Control::Entry(entry(b"large", EntryKind::File)))).await;
    while sent < 20_000_000 {
        while credit < piece {
            let frame = host.next_of(1).await;
            assert_eq!(frame.kind, Kind::Credit);
            credit += frame.granted().expect("a number");
        }
        host.send(&data(1, Channel::Content, &[7; 100_000])).await;
        credit -= piece;
        sent += piece;
    }
    host.send_all(&[Frame::end(1, Channel::Content), control(1, &Control::Finish)]).await;
    assert_eq!(given(&mut host, 1).await.end, Ok(()));
    host.forget(1);
    assert_eq!(host.printed("wc -c < large").await, "20000000\n");
    host.close().await;
}

#[tokio::test]
async fn nothing_is_written_through_a_planted_link() {
    let mut host = Host::open().await;
    let plant = "ln -s /tmp/elsewhere absolute; ln -s ../tmp relative; mkdir d; ln -s /tmp d/middle; \
        touch /tmp/elsewhere; ln -s / root; ln -s loop loop; mkfifo pipe; mkdir directory";
    host.printed(plant).await;
    let paths: [&[u8]; 8] = [
        b"absolute",
        b"relative/elsewhere",
        b"d/middle/elsewhere",
        b"root/tmp/elsewhere",
        b"loop",
        b"loop/x",
        b"pipe",
        b"directory",
    ];
    for path in paths {
        let given = send_files(&mut host, put("/sandbox", BOUNDS), file(path, b"text")).await;
        assert_eq!(given.failure(), FailureKind::WrongKind, "{}", path.escape_ascii());
    }
    for directory in ["/sandbox/d/middle", "/sandbox/relative/x", "/sandbox/absolute"] {
        let given = send_files(&mut host, put(directory, BOUNDS), file(b"elsewhere", b"text")).await;
        assert_eq!(given.failure(), FailureKind::WrongKind, "{directory}");
    }
    assert_eq!(host.printed("cat /tmp/elsewhere; ls /tmp").await, "elsewhere\n");
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_pipe_that_is_read_takes_no_file() {
    let mut host = Host::open().await;
    host.printed("mkfifo pipe").await;
    host.send(&crate::host::run(3, crate::host::shell("exec 3<> pipe; echo up; exec cat <&3"))).await;
    host.answer(3).await;
    let given = send_files(&mut host, put("/sandbox", BOUNDS), file(b"pipe", b"text")).await;
    assert_eq!(given.failure(), FailureKind::WrongKind);
    assert_eq!(ask(&mut host, &get(b"/sandbox/pipe")).await.failure(), FailureKind::WrongKind);
    host.send(&control(3, &Control::Kill)).await;
    assert_eq!(host.finish(3).await.stdout, b"");
    host.close().await;
}

#[tokio::test]
async fn names_of_any_bytes_go_in_and_out() {
    let mut host = Host::open().await;
    let every: Vec<u8> = (1..=255).filter(|byte| *byte != b'/').collect();
    let names: [&[u8]; 6] = [b"\xff\xfe", b"line\nbreak", b" ", b"...", b"-rf", &every];
    let frames = names.iter().flat_map(|name| file(name, name)).collect();
    assert_eq!(send_files(&mut host, put("/sandbox/names", BOUNDS), frames).await.end, Ok(()));
    let listed = ask(&mut host, &list(b"/sandbox/names", BOUNDS)).await;
    let mut found: Vec<_> = listed.entries.iter().map(|entry| entry.path.as_slice()).collect();
    let mut expected = names.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    for name in names {
        let path = [b"/sandbox/names/", name].concat();
        assert_eq!(ask(&mut host, &get(&path)).await.content, name);
        let remove = Request::Remove(RemoveFile { path: path.clone(), recursive: false });
        assert_eq!(ask(&mut host, &remove).await.end, Ok(()));
        assert_eq!(ask(&mut host, &Request::Stat(StatFile { path })).await.failure(), FailureKind::NotFound);
    }
    host.close().await;
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused() {
    let mut host = Host::open().await;
    let long = [b'x'; 256];
    let names: [&[u8]; 11] =
        [b"..", b"../x", b"a/../../x", b"/tmp/x", b"", b".", b"a//b", b"a/", b"nul\0", b"./x", &long];
    for name in names {
        let given = send_files(&mut host, put("/sandbox", BOUNDS), file(name, b"text")).await;
        assert_eq!(given.failure(), FailureKind::BadName, "{}", name.escape_ascii());
    }
    for directory in ["/sandbox/../tmp", "/sandbox/nul\0"] {
        let given = send_files(&mut host, put(directory, BOUNDS), file(b"x", b"text")).await;
        assert_eq!(given.failure(), FailureKind::BadName, "{directory:?}");
    }
    for request in [
        get(b"/sandbox/nul\0"),
        list(b"nul\0", BOUNDS),
        Request::Stat(StatFile { path: long.to_vec() }),
        Request::Remove(RemoveFile { path: b"nul\0".to_vec(), recursive: true }),
        Request::MakeDirectory(MakeDirectory { path: b"/sandbox/nul\0".to_vec() }),
    ] {
        assert_eq!(ask(&mut host, &request).await.failure(), FailureKind::BadName, "{request:?}");
    }
    assert_eq!(host.printed("ls /sandbox /tmp").await, "/sandbox:\n\n/tmp:\n");
    host.close().await;
}

#[tokio::test]
async fn devices_and_the_agents_own_give_nothing() {
    let mut host = Host::open().await;
    host.printed("ln -s /proc/self/maps maps; ln -s /dev/zero zero; ln -s /.agent agent; ln -s /proc/1/root root")
        .await;
    let readable: [&[u8]; 5] =
        [b"/proc/self/maps", b"/sandbox/maps", b"/proc/self/status", b"/proc/version", b"/proc/self/cmdline"];
    for path in readable {
        assert_eq!(ask(&mut host, &get(path)).await.content, b"", "{}", path.escape_ascii());
    }
    let refused: [&[u8]; 9] = [
        b"/.agent",
        b"/.agent/proc",
        b"/sandbox/agent",
        b"/proc/self/mem",
        b"/proc/self/environ",
        b"/proc/1/environ",
        b"/proc/1/root/.agent",
        b"/sandbox/root/sandbox",
        b"/proc/kcore",
    ];
    for path in refused {
        let given = ask(&mut host, &get(path)).await;
        assert!(given.content.is_empty() && given.end.is_err(), "{}: {given:?}", path.escape_ascii());
    }
    for path in [&b"/dev/zero"[..], b"/sandbox/zero", b"/dev/tty", b"/proc/self/fd/0"] {
        let given = ask(&mut host, &get(path)).await;
        assert!(given.content.is_empty() && given.end.is_err(), "{}: {given:?}", path.escape_ascii());
    }
    for directory in ["/", "/.agent", "/usr", "/etc", "/proc", "/dev"] {
        let given = send_files(&mut host, put(directory, BOUNDS), file(b"planted", b"text")).await;
        assert!(given.end.is_err(), "{directory}: {given:?}");
    }
    host.assert_alive().await;
    host.close().await;
}
