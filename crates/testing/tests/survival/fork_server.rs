//! The process that supervisors are forked from.

use std::process::Command;

use crate::support::{
    assert_usable, eventually,
    host::{Trace, children, exists, fork_servers, parent},
    marker, open, python,
    victim::Victim,
};

#[tokio::test]
async fn a_killed_one_costs_no_session_and_is_replaced() {
    let first = open(python()).await;
    let [server] = fork_servers()[..] else { panic!("there is one") };
    assert_eq!(parent(Trace::of(&first).await.agent_and_supervisor().1), Some(server));
    let status = Command::new("kill").args(["-s", "KILL", &server.to_string()]).status();
    assert!(status.expect("kill is there").success());
    assert_usable(&first).await;
    let second = open(python()).await;
    assert_usable(&second).await;
    assert_usable(&first).await;
    let [next] = fork_servers()[..] else { panic!("there is one") };
    assert!(next != server && !exists(server), "its exit status was taken");
    for session in [first, second] {
        let (trace, supervisor) = {
            let trace = Trace::of(&session).await;
            (trace, trace.agent_and_supervisor().1)
        };
        session.close().await.expect("it closes");
        assert_eq!(trace.left(), [""; 0]);
        eventually("its supervisor goes", || exists(supervisor).then(|| supervisor.to_string()).into_iter().collect())
            .await;
    }
}

#[tokio::test]
async fn all_sessions_have_one() {
    let sessions = [open(python()).await, open(python()).await, open(python()).await];
    let [server] = fork_servers()[..] else { panic!("there is one") };
    for session in &sessions {
        assert_eq!(parent(Trace::of(session).await.agent_and_supervisor().1), Some(server));
    }
    drop(sessions);
    eventually("all that it forked goes", || children().iter().map(i32::to_string).collect()).await;
    assert_eq!(fork_servers(), [server]);
}

#[tokio::test]
async fn privileges_that_the_host_gives_away_are_not_kept_for_it() {
    let mut victim = Victim::start(&marker(), 1, &["drop"]);
    assert_eq!(victim.traces.len(), 1, "what it opened as root has ids of its own");
    let map = victim.dropped.clone().expect("it said so");
    let outside = map.split_whitespace().nth(1).expect("a map");
    assert_eq!(outside, "65534", "what it opened as another user has that user's id: {map}");
    victim.kill();
}
