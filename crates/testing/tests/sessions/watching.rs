use std::time::Duration;

use llm_sandbox_core::{Run, RunEvent, RunState, Session, Watch};

use crate::{
    Place,
    support::{PATIENCE, open, python, run},
};

async fn next(watch: &mut Watch) -> RunEvent {
    tokio::time::timeout(PATIENCE, watch.next_event()).await.expect("it comes in time").expect("the session is open")
}

/// What a run of a session wrote, as a watcher saw it, and how many events it missed.
async fn seen(watch: &mut Watch, number: u64) -> (usize, u64) {
    let (mut bytes, mut missed) = (0, 0);
    loop {
        match next(watch).await {
            RunEvent::Output { run, event } if run == number => bytes += event.bytes.len(),
            RunEvent::Missed { events } => missed += events,
            RunEvent::Ended { run, .. } if run == number => return (bytes, missed),
            _ => {}
        }
    }
}

const MUCH: &str = "import sys\nfor _ in range(512): sys.stdout.write('x' * 65536)";

async fn slow_watchers_hold_nothing_up(session: &Session, watched: &Session) {
    let mut watch = watched.watch().await.expect("it is open");
    let result = run(session, Run::code(MUCH).unlimited_output()).await;
    assert_eq!(result.stdout.written, 512 * 65536, "nobody waited");
    // What the watcher is told from now on comes behind what it missed.
    let after = session.start(Run::command("true")).await.expect("it starts");
    let number = after.number();
    after.wait().await.expect("the sandbox lives");
    let (mut missed, mut bytes) = (0, 0);
    loop {
        match next(&mut watch).await {
            RunEvent::Output { event, .. } => bytes += event.bytes.len(),
            RunEvent::Missed { events } => missed += events,
            RunEvent::Ended { run, .. } if run == number => break,
            _ => {}
        }
    }
    assert!(missed > 0 && bytes < 512 * 65536, "{missed} events, {bytes} bytes");
}

#[tokio::test]
async fn slow_ones_miss_events_and_are_told() {
    let session = open(python()).await;
    slow_watchers_hold_nothing_up(&session, &session).await;
}

#[tokio::test]
async fn slow_ones_elsewhere_miss_events_and_are_told() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    slow_watchers_hold_nothing_up(&session, &other).await;
}

#[tokio::test]
async fn only_later_runs_are_seen() {
    let session = open(python()).await;
    let before = session.start("import time; time.sleep(1000)").await.expect("it starts");
    let mut watch = session.watch().await.expect("it is open");
    let mut twin = session.watch().await.expect("it is open");
    drop(before);
    run(&session, "print('later')").await;
    for watch in [&mut watch, &mut twin] {
        assert!(matches!(next(watch).await, RunEvent::Started { run } if run.number == 2));
        assert_eq!(seen(watch, 2).await, (6, 0));
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_is_over() {
    let session = open(python()).await;
    let mut watch = session.watch().await.expect("it is open");
    drop(session.start("import time; time.sleep(1000)").await.expect("it starts"));
    assert!(matches!(next(&mut watch).await, RunEvent::Started { .. }));
    assert_eq!(next(&mut watch).await, RunEvent::Ended { run: 1, state: RunState::Failed });
}

#[tokio::test]
async fn the_end_of_the_session_ends_it() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let (mut here, mut there) = (session.watch().await.expect("open"), other.watch().await.expect("open"));
    assert!(tokio::time::timeout(Duration::from_millis(50), here.next_event()).await.is_err(), "nothing happens");
    drop(session);
    for watch in [&mut here, &mut there] {
        assert_eq!(tokio::time::timeout(PATIENCE, watch.next_event()).await.expect("in time"), None);
    }
}
