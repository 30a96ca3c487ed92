//! Agents that break, lie and fall silent: each costs its own session a typed error and nothing else.

use std::{future::Future, sync::Arc, time::Duration};

use llm_sandbox_core::{
    Assurance, Capabilities, Error, ErrorKind, Guarantee, Language, Limits, Outcome, Run, RunResult, Session, Strength,
    TimeLimit,
};
use llm_sandbox_protocol::{Channel, Event, Frame, Hello, Kind, RunEnd, RunStarted, StreamTotal};
use llm_sandbox_testing::{Destruction, FakeAgent, FakeBackend};

async fn open(backend: &FakeBackend) -> Result<Session, Error> {
    Session::builder_on(Arc::new(backend.clone()), Language::Python).timeout(Duration::from_secs(1)).open().await
}

/// Runs something on an agent that greets well, reads the request and then does this.
async fn run_on<F>(script: impl Fn(FakeAgent, u32) -> F + Send + Sync + Clone + 'static) -> Result<RunResult, Error>
where
    F: Future<Output = ()> + Send,
{
    let backend = FakeBackend::new(move |mut agent| {
        let script = script.clone();
        async move {
            agent.greet().await;
            if let Some((stream, _)) = agent.next_request().await {
                script(agent, stream).await;
            }
        }
    });
    let session = open(&backend).await.expect("it greets well");
    let result = session.run(Run::code("print(1)").output_limit(100)).await;
    if result.is_err() {
        assert!(session.run("print(2)").await.is_err(), "a session that failed is over");
        assert!(session.is_over());
    }
    session.close().await.expect("it can be destroyed");
    assert!(backend.destroyed() > 0);
    result
}

fn assert_misbehaved<T: std::fmt::Debug>(result: Result<T, Error>, words: &str) {
    let error = result.expect_err("the agent misbehaved");
    assert_eq!(error.kind(), ErrorKind::AgentMisbehaved, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_says_nothing_is_not_waited_for() {
    let backend = FakeBackend::new(|mut agent| async move { agent.idle().await });
    assert_misbehaved(open(&backend).await, "hello");
    assert!(backend.destroyed() > 0);
}

#[tokio::test]
async fn an_agent_of_another_version_is_told_apart() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet_as(&Hello { oldest: 7, newest: 9, ..Hello::ours("future") }).await;
        agent.idle().await;
    });
    assert_eq!(open(&backend).await.expect_err("no common version").kind(), ErrorKind::Unsupported);
    assert!(backend.destroyed() > 0);
}

#[tokio::test]
async fn something_else_than_hello_is_refused() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.frame(&Frame::reset(1)).await;
        agent.idle().await;
    });
    assert_misbehaved(open(&backend).await, "hello");
}

#[tokio::test]
async fn an_agent_that_dies_before_hello_leaves_its_words() {
    let backend = FakeBackend::new(|_| async {}).last_words("no memory for the jail");
    let error = open(&backend).await.expect_err("it died");
    assert_eq!(error.kind(), ErrorKind::SandboxDied);
    assert!(error.to_string().contains("no memory for the jail"), "{error}");
}

#[tokio::test]
async fn a_stream_that_ends_inside_a_frame_is_a_death() {
    let result = run_on(|mut agent, stream| async move {
        let mut wire = Vec::new();
        Frame::end(stream, Channel::Stdout).encode(&mut wire);
        agent.raw(&wire[..7]).await;
    });
    let error = result.await.expect_err("it died");
    assert_eq!(error.kind(), ErrorKind::SandboxDied);
    assert!(error.to_string().contains("inside a frame"), "{error}");
}

#[tokio::test]
async fn a_death_reaches_every_pending_operation() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        for _ in 0..3 {
            agent.next_request().await;
        }
    })
    .last_words("the kernel killed it");
    let session = open(&backend).await.expect("it greets well");
    let (one, two, three) = tokio::join!(session.run("1"), session.read("a"), session.run("2"));
    for error in [one.expect_err("dead"), two.expect_err("dead"), three.expect_err("dead")] {
        assert_eq!(error.kind(), ErrorKind::SandboxDied);
        assert!(error.to_string().contains("the kernel killed it"), "{error}");
    }
}

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

#[tokio::test]
async fn a_reset_ends_one_run_only() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.frame(&Frame::reset(stream)).await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.exit(stream, 3, 0, 0).await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    assert_eq!(session.run("1").await.expect_err("given up").kind(), ErrorKind::Aborted);
    assert_eq!(session.run("2").await.expect("it lives on").exit_code(), Some(3));
}

#[tokio::test(start_paused = true)]
async fn a_run_without_an_end_is_given_up_after_its_deadline() {
    let before = tokio::time::Instant::now();
    let result = run_on(|mut agent, _| async move { agent.idle().await });
    assert_misbehaved(result.await, "deadline");
    assert!(before.elapsed() < Duration::from_secs(120), "it never even started");
    let before = tokio::time::Instant::now();
    let result = run_on(|mut agent, stream| async move {
        // Saying so again and again does not put the deadline off.
        loop {
            agent.event(stream, &Event::RunStarted(RunStarted { prepare_time: 1 })).await;
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    });
    assert_misbehaved(result.await, "deadline");
    assert!(before.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_file_operation_without_an_answer_is_given_up() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    assert_misbehaved(session.read("a").await, "silent");
}

#[tokio::test]
async fn a_deadline_is_an_outcome() {
    let result = run_on(|mut agent, stream| async move {
        let ended = FakeAgent::ended(RunEnd::CpuTimeExceeded, 0, 0);
        agent.event(stream, &Event::RunEnded(ended)).await;
        agent.idle().await;
    });
    assert_eq!(result.await.expect("a value").outcome, Outcome::TimedOut { limit: TimeLimit::Cpu });
}

#[tokio::test]
async fn an_image_without_the_interpreter_is_an_error() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        while let Some((stream, _)) = agent.next_request().await {
            let ended = FakeAgent::ended(RunEnd::NeverStarted(2), 0, 0);
            agent.event(stream, &Event::RunEnded(ended)).await;
        }
    });
    let session = open(&backend).await.expect("it greets well");
    assert_eq!(session.run("1").await.expect_err("no python").kind(), ErrorKind::InterpreterMissing);
    let command = session.run(Run::command("nonsense")).await.expect("a value");
    assert!(matches!(command.outcome, Outcome::NeverStarted { .. }));
}

#[tokio::test]
async fn dropping_a_run_resets_it_and_late_words_are_let_pass() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.stdout(stream, 1, b"ready").await;
        let reset = agent.until(Kind::Reset).await.expect("a reset");
        assert_eq!(reset.stream, stream);
        agent.stdout(stream, 2, b"late").await;
        agent.exit(stream, 0, 9, 0).await;
        let Some((stream, _)) = agent.next_request().await else { return };
        agent.exit(stream, 0, 0, 0).await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    let mut run = session.start("1").await.expect("it starts");
    assert_eq!(run.next_event().await.expect("output").bytes, b"ready");
    drop(run);
    assert!(session.run("2").await.expect("the session is usable").is_success());
}

#[tokio::test]
async fn a_destroy_that_fails_is_told_and_can_be_tried_again() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend.clone().destruction(Destruction::Fails)).await.expect("it greets well");
    for _ in 0..2 {
        assert_eq!(session.close().await.expect_err("told to fail").kind(), ErrorKind::Backend);
    }
    assert_eq!(session.run("1").await.expect_err("closed").kind(), ErrorKind::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_destroy_that_hangs_is_told() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend.destruction(Destruction::Hangs)).await.expect("it greets well");
    assert_eq!(session.close().await.expect_err("it hangs").kind(), ErrorKind::Backend);
}

#[tokio::test]
async fn dropping_the_last_clone_destroys() {
    let backend = FakeBackend::new(|mut agent| async move {
        agent.greet().await;
        agent.idle().await;
    });
    let session = open(&backend).await.expect("it greets well");
    let clone = session.clone();
    drop(session);
    tokio::task::yield_now().await;
    assert_eq!(backend.destroyed(), 0);
    drop(clone);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(backend.destroyed() > 0);
}

fn promising(strength: Strength) -> FakeBackend {
    let remedy = Some("mount the cgroups".to_owned());
    let assurance = Assurance { guarantee: Guarantee::MemoryLimit, strength, form: "a watchdog".into(), remedy };
    let agent = |mut agent: FakeAgent| async move {
        agent.greet().await;
        agent.idle().await;
    };
    FakeBackend::new(agent).promising(Capabilities { assurances: vec![assurance] })
}

#[tokio::test]
async fn what_is_required_and_does_not_hold_refuses_the_session_and_leaves_nothing() {
    let builder = |backend: &FakeBackend| Session::builder_on(Arc::new(backend.clone()), Language::Python);
    let weak = promising(Strength::BestEffort);
    let refusals = [
        builder(&weak).require([Guarantee::MemoryLimit]),
        builder(&weak).memory_mib(512),
        builder(&weak).limits(Limits { memory_bytes: 64 << 20, ..Limits::default() }),
        builder(&weak).accept_weaker([Guarantee::MemoryLimit]).require([Guarantee::MemoryLimit]),
    ];
    for (count, refused) in refusals.into_iter().enumerate() {
        let error = refused.open().await.expect_err("it does not hold");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("memory-limit") && error.to_string().contains("a watchdog"), "{error}");
        assert_eq!(error.hint(), Some("mount the cgroups"));
        assert!(weak.destroyed() > count, "it was destroyed");
    }
    for taken in [builder(&weak), builder(&weak).memory_mib(64).accept_weaker([Guarantee::MemoryLimit])] {
        let session = taken.open().await.expect("nobody relies on it");
        assert_eq!(session.capabilities().strength(Guarantee::MemoryLimit), Strength::BestEffort);
    }
    let strong = promising(Strength::Enforced);
    builder(&strong).memory_mib(64).require([Guarantee::MemoryLimit]).open().await.expect("it holds");
}
