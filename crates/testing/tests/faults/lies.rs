//! What an agent may not say.

use llm_sandbox_core::Run;
use llm_sandbox_protocol::{Channel, Event, Frame, Kind, RunEnd, StreamTotal};
use llm_sandbox_testing::{FakeAgent, FakeBackend};

use crate::{assert_misbehaved, open, run_on};

#[tokio::test]
async fn a_frame_of_4_gib_is_refused_by_its_header() {
    let result = run_on(|mut agent, _| async move {
        agent.raw(&[0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0, Kind::Data as u8, 2, 0, 0]).await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "4294967295");
}

#[tokio::test]
async fn an_unknown_kind_is_refused() {
    let result = run_on(|mut agent, _| async move {
        agent.raw(&[0, 0, 0, 0, 1, 0, 0, 0, 99, 0, 0, 0]).await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "kind 99");
}

#[tokio::test]
async fn a_stream_that_was_never_opened_is_refused() {
    for number in [2, 7, u32::MAX] {
        let result = run_on(move |mut agent, _| async move {
            agent.stdout(number, 1, b"who am I").await;
            agent.idle().await;
        });
        assert_misbehaved(result.await, "never opened");
    }
}

#[tokio::test]
async fn an_agent_may_not_open_streams() {
    let result = run_on(|mut agent, _| async move {
        agent.frame(&Frame { stream: 2, kind: Kind::Open, channel: Channel::None, payload: Vec::new() }).await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "only the host");
}

#[tokio::test]
async fn words_after_the_last_word_are_refused() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.exit(stream, 0, 0, 0).await;
        agent.exit(stream, 0, 0, 0).await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    assert!(session.run("print(1)").await.is_ok(), "the first word counts");
    assert_misbehaved(session.run("print(2)").await, "which is over");
}

#[tokio::test]
async fn an_overrun_of_credit_is_refused() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        for number in 1.. {
            agent.stdout(stream, number, &[0; 60_000]).await;
            if number == 50 {
                return agent.idle().await;
            }
        }
    });
    let session = open(&backend).await.expect("it greets well");
    let mut run = session.start(Run::code("1").unlimited_output()).await.expect("it starts");
    // Nobody takes anything meanwhile: 50 × 60,000 bytes are three times the window.
    while !session.is_over() {
        tokio::task::yield_now().await;
    }
    while run.next_event().await.is_some() {}
    assert_misbehaved(run.wait().await, "overran the credit");
}

#[tokio::test]
async fn more_output_than_asked_for_is_refused() {
    let result = run_on(|mut agent, stream| async move {
        agent.stdout(stream, 1, &[b'x'; 101]).await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "more output than the 100");
}

#[tokio::test]
async fn numbers_that_go_backwards_are_refused() {
    let result = run_on(|mut agent, stream| async move {
        agent.stdout(stream, 5, b"a").await;
        agent.stdout(stream, 5, b"b").await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "came after a later one");
}

#[tokio::test]
async fn output_on_a_channel_of_input_is_refused() {
    let result = run_on(|mut agent, stream| async move {
        agent.data(stream, Channel::Stdin, 1, b"a").await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "Stdin");
}

#[tokio::test]
async fn totals_that_lie_are_refused() {
    for (written, omitted) in [(2, 0), (u64::MAX, u64::MAX), (0, 0), (1, u64::MAX)] {
        let result = run_on(move |mut agent, stream| async move {
            agent.stdout(stream, 1, b"a").await;
            let mut ended = FakeAgent::ended(RunEnd::Exited(0), 0, 0);
            ended.stdout = StreamTotal { written, omitted };
            agent.event(stream, &Event::RunEnded(ended)).await;
            agent.idle().await;
        });
        assert_misbehaved(result.await, "totals");
    }
}

#[tokio::test]
async fn huge_figures_are_only_figures() {
    let result = run_on(|mut agent, stream| async move {
        let mut ended = FakeAgent::ended(RunEnd::Exited(i32::MIN), u64::MAX, u64::MAX);
        ended.stdout.omitted = u64::MAX;
        ended.stderr.omitted = u64::MAX;
        ended.usage.peak_memory = Some(u64::MAX);
        (ended.run_time, ended.prepare_time) = (u64::MAX, u64::MAX);
        agent.event(stream, &Event::RunEnded(ended)).await;
        agent.idle().await;
    });
    let result = result.await.expect("nothing in it contradicts itself");
    assert_eq!(result.exit_code(), Some(i32::MIN));
    assert_eq!(result.usage.output_bytes, Some(u64::MAX));
    assert!(result.stdout.is_truncated() && result.stdout.bytes.is_empty());
    assert!(serde_json::to_string(&result).is_ok());
}

#[tokio::test]
async fn an_answer_to_another_question_is_refused() {
    let result = run_on(|mut agent, stream| async move {
        agent.event(stream, &Event::Done).await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "something else");
}

#[tokio::test]
async fn a_description_of_nothing_ends_the_session() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        while let Some((stream, _)) = agent.next_request().await {
            agent.event(stream, &Event::Done).await;
        }
    });
    let session = open(&backend).await.expect("it greets well");
    assert_misbehaved(session.stat("a").await, "described nothing");
    assert!(session.is_over());
}

#[tokio::test]
async fn endless_events_are_refused() {
    let result = run_on(|mut agent, stream| async move {
        for _ in 0..100_000 {
            agent.frame(&Frame::end(stream, Channel::Stdout)).await;
        }
        agent.idle().await;
    });
    assert_misbehaved(result.await, "more on stream");
}

#[tokio::test]
async fn pings_are_answered_and_oversized_ones_refused() {
    let result = run_on(|mut agent, stream| async move {
        agent.frame(&Frame { stream: 0, kind: Kind::Ping, channel: Channel::None, payload: b"hey".to_vec() }).await;
        let pong = agent.until(Kind::Pong).await.expect("an answer");
        assert_eq!(pong.payload, b"hey");
        agent.exit(stream, 0, 0, 0).await;
        agent.idle().await;
    });
    assert!(result.await.expect("all went well").is_success());
    let result = run_on(|mut agent, _| async move {
        agent.frame(&Frame { stream: 0, kind: Kind::Ping, channel: Channel::None, payload: vec![0; 65] }).await;
        agent.idle().await;
    });
    assert_misbehaved(result.await, "ping");
}
