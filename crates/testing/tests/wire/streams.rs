//! Streams that are opened, used and closed in ways no fair host would.

use llm_sandbox_protocol::{Channel, Control, Entry, EntryKind, Event, Frame, Kind, Request, RunEnd, TerminalSize};

use crate::files::{BOUNDS, put};
use crate::host::{Host, control, data, fed, run, shell, sourced, text};

/// How many streams may be open at once.
const STREAMS_MOST: u32 = 1024;

fn ping(payload: &[u8]) -> Frame {
    Frame { stream: 0, kind: Kind::Ping, channel: Channel::None, payload: payload.to_vec() }
}

#[tokio::test]
async fn pings_are_answered_even_before_the_greeting() {
    let mut host = Host::silent().await;
    for payload in [&b""[..], b"hey", &[7; 64]] {
        host.send(&ping(payload)).await;
        let pong = host.next_of(0).await;
        assert_eq!((pong.kind, pong.payload.as_slice()), (Kind::Pong, payload));
    }
    host.close().await;
}

#[tokio::test]
async fn a_number_in_use_costs_that_stream_only() {
    let mut host = Host::open().await;
    host.send_all(&[run(1, fed("echo up; cat")), run(3, fed("cat"))]).await;
    assert_eq!(host.answer(1).await.kind, Kind::Data);
    host.send(&run(1, shell("echo never"))).await;
    assert_eq!(host.answer(1).await.kind, Kind::Reset);
    // What was there ends as well: both sides agree that the stream is over.
    host.send_all(&[data(3, Channel::Stdin, b"on"), Frame::end(3, Channel::Stdin)]).await;
    assert_eq!(host.finish(3).await.stdout, b"on");
    host.traces.until_idle().await;
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn numbers_that_are_not_the_hosts_are_refused() {
    let mut host = Host::open().await;
    for stream in [0, 2, u32::MAX - 1] {
        host.send(&run(stream, shell("echo never"))).await;
        assert_eq!(host.answer(stream).await.kind, Kind::Reset, "stream {stream}");
    }
    host.send(&run(u32::MAX, shell("echo last"))).await;
    assert_eq!(host.finish(u32::MAX).await.stdout, b"last\n");
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn more_streams_than_allowed_are_refused() {
    let mut host = Host::open().await;
    let numbers: Vec<u32> = (0..=STREAMS_MOST).map(|number| 2 * number + 1).collect();
    let frames: Vec<_> = numbers.iter().map(|number| run(*number, sourced("/sandbox/main"))).collect();
    host.send_all(&frames).await;
    let (last, rest) = numbers.split_last().expect("there are many");
    assert_eq!(host.answer(*last).await.kind, Kind::Reset);
    // One goes, so one can come.
    host.send(&Frame::reset(rest[0])).await;
    host.assert_over(rest[0]).await;
    host.send_all(&rest.iter().map(|number| Frame::reset(*number)).collect::<Vec<_>>()).await;
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn streams_that_were_never_opened_mean_nothing() {
    let mut host = Host::open().await;
    host.send_all(&[
        data(7, Channel::Stdin, b"who am I"),
        Frame::end(7, Channel::Source),
        Frame::credit(9, u64::MAX),
        control(11, &Control::Kill),
        Frame::reset(13),
        Frame { stream: 15, kind: Kind::Control, channel: Channel::None, payload: vec![1, 2, 3] },
        Frame { stream: 0, kind: Kind::Pong, channel: Channel::None, payload: vec![0; 1000] },
        Frame::message(17, Kind::Event, &Event::Done),
    ])
    .await;
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_request_that_is_none_is_refused() {
    let mut host = Host::open().await;
    for (stream, payload) in [(1, vec![]), (3, vec![0xff; 64]), (5, vec![9, 0, 0, 0, 0, 0])] {
        host.send(&Frame { stream, kind: Kind::Open, channel: Channel::None, payload }).await;
        assert_eq!(host.answer(stream).await.kind, Kind::Reset);
    }
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_control_that_is_none_ends_it() {
    let mut host = Host::open().await;
    let payload = vec![0xff; 64];
    host.send_all(&[run(1, fed("cat")), Frame { stream: 1, kind: Kind::Control, channel: Channel::None, payload }])
        .await;
    host.assert_closed().await;
    host.close().await;
}

#[tokio::test]
async fn words_for_files_mean_nothing_to_a_run() {
    let mut host = Host::open().await;
    let entry = Entry { path: b"x".to_vec(), kind: EntryKind::File, size: 0, mode: 0, modified: 0, target: None };
    host.send_all(&[
        run(1, fed("cat")),
        control(1, &Control::Entry(entry)),
        control(1, &Control::Finish),
        control(1, &Control::Resize(TerminalSize { rows: 1, columns: 1 })),
        control(1, &Control::Signal(i32::MIN)),
        control(1, &Control::Signal(0)),
        control(1, &Control::Signal(65)),
        data(1, Channel::Content, b"no content"),
        data(1, Channel::Stdout, b"no output"),
        Frame::end(1, Channel::Stdout),
        data(1, Channel::Stdin, b"input"),
        Frame::end(1, Channel::Stdin),
    ])
    .await;
    let left = host.finish(1).await;
    assert_eq!((left.stdout.as_slice(), left.ended.end), (&b"input"[..], RunEnd::Exited(0)));
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn words_for_runs_fail_a_file_operation() {
    for words in [
        control(1, &Control::Kill),
        data(1, Channel::Content, b"no entry came before"),
        Frame::end(1, Channel::Content),
        Frame { stream: 1, kind: Kind::Control, channel: Channel::None, payload: vec![0xff; 64] },
    ] {
        let mut host = Host::open().await;
        host.send_all(&[Frame::message(1, Kind::Open, &Request::Put(put("/sandbox", BOUNDS))), words]).await;
        assert!(matches!(host.event(1).await, Event::Failed(_)));
        host.assert_alive().await;
        host.close().await;
    }
}

#[tokio::test]
async fn the_end_of_the_source_starts_one_program() {
    let mut host = Host::open().await;
    let [script, end] = text(1, "echo once");
    host.send_all(&[run(1, sourced("/sandbox/main")), script.clone(), end.clone(), end.clone()]).await;
    host.send_all(&[script, end.clone(), Frame::end(1, Channel::Stdin), end]).await;
    assert_eq!(host.finish(1).await.stdout, b"once\n");
    host.assert_alive().await;
    // A run that needs none is not started by it either.
    host.send_all(&[run(3, fed("echo once; cat")), Frame::end(3, Channel::Source)]).await;
    host.send_all(&[Frame::end(3, Channel::Source), Frame::end(3, Channel::Stdin)]).await;
    assert_eq!(host.finish(3).await.stdout, b"once\n");
    host.traces.until_idle().await;
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_ping_that_is_no_small_one_ends_it() {
    let mut host = Host::open().await;
    host.send(&ping(&[0; 65])).await;
    host.assert_closed().await;
    host.close().await;
}

#[tokio::test]
async fn pings_whose_answers_nobody_reads_end_it() {
    let mut host = Host::open().await;
    let mut flood = Vec::new();
    (0..20_000).for_each(|_| ping(&[0; 64]).encode(&mut flood));
    for _ in 0..60 {
        host.raw(&flood).await;
    }
    host.assert_closed().await;
    host.close().await;
}
