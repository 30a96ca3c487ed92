//! The process that supervisors are forked from.

use std::{
    fs,
    io::{IoSlice, Read},
    mem::MaybeUninit,
    os::{fd::AsFd, unix::net::UnixStream},
    process::Command,
};

use rustix::{
    net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketType, sendmsg, sockopt::socket_type},
    process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open},
    thread::{CpuSet, sched_getaffinity, sched_setaffinity},
};

use crate::support::{
    assert_usable, eventually,
    host::{Trace, children, children_of, exists, fork_servers, parent},
    marker, open, printed, python,
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
    // With one there is no supervisor started ahead, with three there is.
    for sessions in [1, 3] {
        nothing_is_kept(sessions);
    }
}

fn nothing_is_kept(sessions: usize) {
    let mut victim = Victim::start(&marker(), sessions, &["drop"]);
    assert_eq!(victim.traces.len(), sessions, "what it opened as root has ids of its own");
    let map = victim.dropped.clone().expect("it said so");
    let outside = map.split_whitespace().nth(1).expect("a map");
    assert_eq!(outside, "65534", "what it opened as another user has that user's id: {map}");
    victim.kill();
}

/// Forked children of a host have its sockets, and may be others by then: here it is this process that has one.
#[tokio::test]
async fn only_the_host_itself_is_served() {
    let mut victim = Victim::start(&marker(), 1, &[]);
    let host = Pid::from_child(&victim.process);
    let pidfd = pidfd_open(host, PidfdFlags::empty()).expect("it lives");
    let numbers = fs::read_dir(format!("/proc/{}/fd", victim.process.id())).expect("it lives").flatten();
    let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let open = numbers.filter_map(|number| pidfd_getfd(&pidfd, number, PidfdGetfdFlags::empty()).ok());
    let mut requests = open.filter(|file| socket_type(file) == Ok(SocketType::SEQPACKET));
    let requests = requests.next().expect("the socket to its fork server");
    let (pipe, _ours) = UnixStream::pair().expect("two sockets");
    let (control, mut theirs) = UnixStream::pair().expect("two sockets");
    for request in [&b"n"[..], b"nonsense"] {
        let streams = [pipe.as_fd(), control.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        assert!(ancillary.push(SendAncillaryMessage::ScmRights(&streams)));
        sendmsg(&requests, &[IoSlice::new(request)], &mut ancillary, SendFlags::empty()).expect("it is sent");
    }
    drop((pipe, control));
    let mut heard = Vec::new();
    theirs.read_to_end(&mut heard).expect("the end");
    assert_eq!(heard, b"", "nobody forked a supervisor for it");
    let server = children_of(victim.process.id().try_into().expect("a process id"));
    assert!(!server.is_empty(), "and the fork server serves on: {server:?}");
    victim.kill();
}

#[tokio::test]
async fn sandboxes_run_where_their_host_may() {
    let allowed = sched_getaffinity(None).expect("processors").count();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut first = CpuSet::new();
            let all = sched_getaffinity(None).expect("processors");
            first.set((0..CpuSet::MAX_CPU).find(|number| all.is_set(*number)).expect("one"));
            sched_setaffinity(None, &first).expect("it is ours");
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let code = "import os; print(len(os.sched_getaffinity(0)))";
            let count = runtime.block_on(async { printed(&open(python()).await, code).await });
            assert_eq!(count, format!("{allowed}\n"));
        });
    });
}
