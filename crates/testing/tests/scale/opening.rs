use llm_sandbox_core::Session;
use tokio::task::JoinSet;

use crate::support::{eventually, host, python, run};

const SESSIONS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_openings_at_once_all_succeed_and_leave_nothing() {
    let mut opening = JoinSet::new();
    for _ in 0..SESSIONS {
        opening.spawn(python().open());
    }
    let mut sessions: Vec<Session> = Vec::new();
    while let Some(session) = opening.join_next().await {
        sessions.push(session.expect("no panic").expect("it opens"));
    }
    let descriptors = host::descriptors("self").len();
    assert!(descriptors < 2 * SESSIONS + 100, "{descriptors} descriptors");
    for session in sessions.iter().step_by(50) {
        assert_eq!(run(session, "print(6 * 7)").await.stdout_text(), "42\n");
    }
    let mut closing = JoinSet::new();
    for session in sessions {
        closing.spawn(async move { session.close().await });
    }
    while let Some(closed) = closing.join_next().await {
        closed.expect("no panic").expect("it closes");
    }
    eventually("all children go", || host::children().iter().map(i32::to_string).collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_that_are_let_go_at_once_go_without_a_thread_for_each() {
    let mut opening = JoinSet::new();
    for _ in 0..SESSIONS {
        opening.spawn(python().open());
    }
    let sessions: Vec<_> = opening.join_all().await;
    assert!(sessions.iter().all(Result::is_ok));
    let threads = host::threads();
    drop(sessions);
    assert!(host::threads() <= threads + 8, "{} threads after {threads}", host::threads());
    eventually("all children go", || host::children().iter().map(i32::to_string).collect()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gives_up_waiting_gives_the_place_back() {
    for _ in 0..3 {
        let mut opening = JoinSet::new();
        for _ in 0..50 {
            opening.spawn(python().open());
        }
        opening.join_next().await.expect("one").expect("no panic").expect("it opens");
        // All others are given up, some while they wait and some on their way.
        drop(opening);
    }
    let session = python().open().await.expect("it opens");
    session.close().await.expect("it closes");
    eventually("all children go", || host::children().iter().map(i32::to_string).collect()).await;
}
