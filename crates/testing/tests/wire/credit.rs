//! Data flows against credit only, and nothing that waits grows without end.

use std::time::Duration;

use llm_sandbox_protocol::{Channel, Control, Event, Frame, GetFiles, Kind, Request, RunEnd};

use crate::files::{BOUNDS, upload};
use crate::host::{Host, control, data, fed, program, run, shell, sourced};

/// Data of a stream until so many bytes have come.
async fn take(host: &mut Host, stream: u32, bytes: usize) {
    let mut got = 0;
    while got < bytes {
        let frame = host.answer(stream).await;
        assert_eq!(frame.kind, Kind::Data);
        got += frame.data().expect("fair data").2.len();
    }
    assert_eq!(got, bytes);
}

#[tokio::test]
async fn output_stays_within_the_window_and_goes_on_after_credit() {
    let mut host = Host::with_window(10_000).await;
    host.send(&run(1, shell("head -c 30000 /dev/zero; head -c 30000 /dev/zero >&2"))).await;
    take(&mut host, 1, 10_000).await;
    // Another run comes and goes meanwhile, and nothing more comes on this stream.
    host.assert_alive().await;
    host.send(&Frame::credit(1, 5_000)).await;
    take(&mut host, 1, 5_000).await;
    host.assert_alive().await;
    host.send_all(&[Frame::credit(1, u64::MAX), Frame::credit(1, u64::MAX), Frame::credit(1, 0)]).await;
    let left = host.finish(1).await;
    assert_eq!(left.stdout.len() + left.stderr.len(), 45_000);
    assert_eq!((left.ended.stdout.written, left.ended.stderr.written), (30_000, 30_000));
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn without_any_credit_events_and_controls_still_pass() {
    let mut host = Host::with_window(0).await;
    let left = host.run(shell("exit 3")).await;
    assert_eq!(left.ended.end, RunEnd::Exited(3));
    host.send_all(&[run(3, shell("echo words; sleep 1000")), control(3, &Control::Kill)]).await;
    host.traces.until_idle().await;
    host.send(&Frame::credit(3, 100)).await;
    assert_eq!(host.finish(3).await.ended.end, RunEnd::Killed);
    upload(&mut host, b"empty", b"").await;
    host.close().await;
}

#[tokio::test]
async fn the_tail_of_capped_output_waits_for_credit() {
    let mut host = Host::with_window(50).await;
    let mut request = shell("seq 1 100000");
    request.stdout_cap = Some(100);
    host.send(&run(1, request)).await;
    take(&mut host, 1, 50).await;
    host.traces.until_idle().await;
    host.send(&Frame::credit(1, 20)).await;
    take(&mut host, 1, 20).await;
    host.send(&Frame::credit(1, 30)).await;
    let left = host.finish(1).await;
    assert!(left.stdout.ends_with(b"99999\n100000\n") && left.stdout.len() == 30);
    assert_eq!(left.ended.stdout.written, 588_895);
    assert_eq!(left.ended.stdout.omitted, 588_795);
    host.close().await;
}

#[tokio::test]
async fn files_come_whole_however_small_the_window() {
    let mut host = Host::with_window(1000).await;
    host.printed("head -c 600000 /dev/zero > large; true").await;
    let get = GetFiles { path: b"/sandbox/large".to_vec(), recursive: false, bounds: BOUNDS };
    host.message(3, Kind::Open, &Request::Get(get)).await;
    assert!(matches!(host.event(3).await, Event::Entry(_)));
    let (mut got, mut last, mut granted) = (0, None, 1000);
    while got < 600_000 {
        let frame = host.answer(3).await;
        let (number, _, bytes) = frame.data().expect("fair data");
        assert!(last.is_none_or(|last| number > last), "{number} came behind {last:?}");
        last = Some(number);
        got += bytes.len();
        assert!(got <= granted, "{got} bytes came for {granted}");
        // What was taken is given back.
        host.send(&Frame::credit(3, bytes.len() as u64)).await;
        granted += bytes.len();
    }
    assert_eq!(host.answer(3).await.kind, Kind::End);
    assert_eq!(host.event(3).await, Event::Done);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn input_within_the_window_waits_for_the_program() {
    let mut host = Host::open().await;
    host.send(&run(1, fed("sleep 1000; cat"))).await;
    host.send(&data(1, Channel::Stdin, &[b'x'; 1_000_000])).await;
    host.send(&Frame::end(1, Channel::Stdin)).await;
    host.assert_alive_but_for(1).await;
    host.send(&control(1, &Control::Kill)).await;
    assert_eq!(host.finish(1).await.ended.end, RunEnd::Killed);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn input_beyond_the_window_ends_it() {
    let mut host = Host::open().await;
    host.send(&run(1, fed("sleep 1000"))).await;
    for _ in 0..8 {
        host.send(&data(1, Channel::Stdin, &[b'x'; 1_000_000])).await;
    }
    host.assert_closed().await;
    host.close().await;
}

#[tokio::test]
async fn files_beyond_the_window_end_it() {
    let mut host = Host::open().await;
    // The one who lists never reads what it is sent.
    let get = GetFiles { path: b"/usr".to_vec(), recursive: true, bounds: BOUNDS };
    host.message(1, Kind::Open, &Request::Get(get)).await;
    for _ in 0..8 {
        host.send(&data(1, Channel::Content, &[b'x'; 1_000_000])).await;
    }
    host.assert_closed().await;
    host.close().await;
}

#[tokio::test]
async fn program_text_beyond_all_measure_is_refused() {
    let mut host = Host::open().await;
    let piece = data(1, Channel::Source, &[b'#'; 1_000_000]);
    let mut frames = vec![run(1, sourced("/sandbox/main"))];
    frames.resize(70, piece);
    // Its end arrives together with what is too much.
    frames.push(Frame::end(1, Channel::Source));
    host.send_all(&frames).await;
    let left = host.finish(1).await;
    assert_eq!(left.ended.end, RunEnd::NeverStarted(27), "EFBIG");
    host.assert_alive_but_for(1).await;
    host.close().await;
}

/// A host that is always a little slower than the program: the agent's memory does not follow.
#[tokio::test]
async fn a_slow_reader_costs_no_memory() {
    let mut host = Host::open().await;
    host.send(&run(1, shell("head -c 300000000 /dev/zero"))).await;
    let mut got = 0;
    while got < 300_000_000 {
        let frame = host.answer(1).await;
        got += frame.data().expect("fair data").2.len();
        // Never the whole of what waits.
        tokio::time::sleep(Duration::from_micros(10)).await;
    }
    let held = host.traces.agent_memory();
    assert!(held < 24 << 20, "the agent held {held} bytes");
    assert_eq!(host.finish(1).await.ended.stdout.written, 300_000_000);
    host.close().await;
}

/// A host that reads nothing at all while there are more words for it than anybody should keep.
#[tokio::test]
async fn lists_that_nobody_reads_cost_no_memory() {
    let mut host = Host::open().await;
    host.printed(
        "mkdir many; cd many; seq -f 'a-file-of-a-rather-long-name-to-fill-the-pipe-%.0f' 40000 | xargs touch",
    )
    .await;
    let list = llm_sandbox_protocol::ListFiles { path: b"/sandbox/many".to_vec(), recursive: true, bounds: BOUNDS };
    let lists: Vec<_> =
        (1..8).map(|stream| Frame::message(2 * stream + 1, Kind::Open, &Request::List(list.clone()))).collect();
    host.send_all(&lists).await;
    // Wait as long as the workers would take if nobody held them back.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let held = host.traces.agent_memory();
    assert!(held < 10 << 20, "the agent held {held} bytes");
    let (mut entries, mut ended) = (0, 0);
    while ended < 7 {
        match host.next().await.expect("the agent lives").decode().expect("a fair event") {
            Event::Entry(_) => entries += 1,
            Event::Done => ended += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(entries, 7 * 40_000);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn many_writers_at_once_are_all_heard() {
    let mut host = Host::open().await;
    let streams: Vec<u32> = (0..12).map(|number| 2 * number + 1).collect();
    let writer = || program(&["/usr/bin/head", "-c", "3000000", "/dev/zero"]);
    host.send_all(&streams.iter().map(|stream| run(*stream, writer())).collect::<Vec<_>>()).await;
    for stream in streams {
        assert_eq!(host.finish(stream).await.stdout.len(), 3_000_000);
    }
    host.assert_alive().await;
    host.close().await;
}
