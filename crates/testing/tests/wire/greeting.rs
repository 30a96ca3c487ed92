//! The first words, and bytes that are no words.

use llm_sandbox_protocol::{Channel, Frame, Hello, Kind, MAX_PAYLOAD};

use crate::host::{Host, run, shell};

fn header(size: u32, kind: u8, channel: u8) -> [u8; 12] {
    let [a, b, c, d] = size.to_le_bytes();
    [a, b, c, d, 1, 0, 0, 0, kind, channel, 0, 0]
}

/// Sends bytes before or behind a greeting; the agent must hang up, and at once.
async fn assert_ends_it(is_greeted: bool, bytes: &[u8]) {
    let mut host = if is_greeted { Host::open().await } else { Host::silent().await };
    host.raw(bytes).await;
    host.assert_closed().await;
    host.close().await;
}

fn wire(frames: &[Frame]) -> Vec<u8> {
    let mut wire = Vec::new();
    frames.iter().for_each(|frame| frame.encode(&mut wire));
    wire
}

#[tokio::test]
async fn a_stream_before_the_greeting_ends_it() {
    assert_ends_it(false, &wire(&[run(1, shell("echo hello"))])).await;
}

#[tokio::test]
async fn another_version_ends_it() {
    for (oldest, newest) in [(7, 9), (0, 0), (2, 1)] {
        let hello = Hello { oldest, newest, ..Hello::ours("stranger") };
        assert_ends_it(false, &wire(&[Frame::message(0, Kind::Hello, &hello)])).await;
    }
}

#[tokio::test]
async fn a_greeting_that_is_none_ends_it() {
    let payload = b"hello!".to_vec();
    assert_ends_it(false, &wire(&[Frame { stream: 0, kind: Kind::Hello, channel: Channel::None, payload }])).await;
}

#[tokio::test]
async fn a_frame_too_large_ends_it_before_it_arrives() {
    for size in [MAX_PAYLOAD as u32 + 1, u32::MAX] {
        for is_greeted in [false, true] {
            assert_ends_it(is_greeted, &header(size, Kind::Data as u8, 1)).await;
        }
    }
}

#[tokio::test]
async fn unknown_kinds_and_channels_end_it() {
    for (kind, channel) in [(0, 0), (11, 0), (255, 0), (Kind::Data as u8, 6), (Kind::Ping as u8, 255)] {
        assert_ends_it(true, &header(0, kind, channel)).await;
    }
}

#[tokio::test]
async fn payloads_that_are_none_end_it() {
    for kind in [Kind::Data, Kind::Credit] {
        assert_ends_it(true, &wire(&[Frame { stream: 1, kind, channel: Channel::Stdin, payload: vec![1; 7] }])).await;
    }
}

#[tokio::test]
async fn a_greeting_byte_by_byte_is_one() {
    let mut host = Host::silent().await;
    for byte in wire(&[Frame::message(0, Kind::Hello, &Hello::ours("slow")), run(1, shell("echo slowly"))]) {
        host.raw(&[byte]).await;
    }
    assert_eq!(host.finish(1).await.stdout, b"slowly\n");
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_greeting_from_the_future_is_understood() {
    let mut host = Host::silent().await;
    let hello = Hello { oldest: 1, newest: 900, features: u64::MAX, token: vec![1; 64], ..Hello::ours("future") };
    let mut greeting = Frame::message(0, Kind::Hello, &hello);
    greeting.payload.extend_from_slice(&[0xff, 0x7f, 2, 0, 0, 0, 1, 2]);
    host.send(&greeting).await;
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn an_end_inside_a_frame_ends_it() {
    let mut host = Host::open().await;
    host.send(&run(1, shell("sleep 1000"))).await;
    host.raw(&header(100, Kind::Ping as u8, 0)[..5]).await;
    host.hang_up().await;
    host.assert_closed().await;
    host.traces.until_idle().await;
    host.close().await;
}
