//! Nothing is left: no process, mount, control group, directory, lease or descriptor more than before.
//!
//! One test at a time, for it counts what belongs to this process; `.config/nextest.toml` keeps it alone.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

use std::{collections::HashSet, path::Path};

use llm_sandbox_core::{Outcome, Run};
use support::{
    eventually,
    host::{Trace, children, descriptors, exists, groups, leases, mounts, processes, threads},
    marker, open, printed, python, run,
    victim::Victim,
};
use tokio::sync::{Mutex, MutexGuard};

/// What this process holds.
#[derive(Debug)]
struct Holdings {
    descriptors: usize,
    children: Vec<i32>,
    mounts: HashSet<String>,
}

impl Holdings {
    /// Once sessions have been opened and run: what is made once per process is there.
    async fn settled() -> Self {
        for _ in 0..3 {
            let session = open(python()).await;
            run(&session, "print(1)").await;
            session.close().await.expect("it closes");
        }
        // The tasks of what was closed end when they get their turn.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        Self::now()
    }

    fn now() -> Self {
        let mounts = mounts().lines().map(str::to_owned).collect();
        Self { descriptors: descriptors("self").len(), children: children(), mounts }
    }

    /// What is held now that was not then.
    fn more(&self) -> Vec<String> {
        let now = Self::now();
        let mut more: Vec<String> = now.mounts.difference(&self.mounts).cloned().collect();
        let children = now.children.iter().filter(|pid| !self.children.contains(pid));
        more.extend(children.map(|pid| format!("child {pid}")));
        if now.descriptors > self.descriptors {
            more.push(format!("{} descriptors after {}: {:?}", now.descriptors, self.descriptors, descriptors("self")));
        }
        more
    }
}

/// The tests of this suite share a process under some runners, and what it holds.
async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}

/// All that is left of sandboxes, with one look at the host for all of them.
fn left(traces: &[Trace]) -> Vec<String> {
    let names: HashSet<String> = traces.iter().map(Trace::name).collect();
    let mut left: Vec<String> = groups().iter().map(|path| path.display().to_string()).collect();
    left.retain(|path| names.iter().any(|name| path.ends_with(name)));
    let leases = leases();
    left.extend(
        traces.iter().filter(|trace| leases.contains(&trace.slot())).map(|trace| format!("a lease of {trace:?}")),
    );
    let ids: HashSet<u32> = traces.iter().flat_map(Trace::ids).collect();
    let owned = processes().into_iter().filter(|pid| support::host::uid(*pid).is_some_and(|uid| ids.contains(&uid)));
    left.extend(owned.map(|pid| format!("process {pid}")));
    left
}

#[tokio::test]
async fn two_thousand_sessions_one_after_another() {
    let _alone = alone().await;
    let before = Holdings::settled().await;
    let (mut traces, threads_before) = (Vec::new(), threads());
    for number in 0..2000 {
        let session = open(python()).await;
        traces.push(Trace::of(&session).await);
        session.close().await.expect("it closes");
        if number % 100 == 0 {
            assert_eq!(left(&traces), [""; 0], "at once, after {number}");
        }
    }
    assert_eq!(left(&traces), [""; 0]);
    eventually("nothing more is held", || before.more()).await;
    assert!(threads() <= threads_before + 8, "{} threads", threads());
}

/// Threads of this process; the kernel keeps fifteen characters of a name.
fn threads_named(name: &str) -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").expect("/proc is there").flatten();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|found| found.trim_end() == name).collect()
}

#[tokio::test]
async fn what_was_started_ahead_goes_by_itself() {
    let _alone = alone().await;
    let held = || children().iter().map(i32::to_string).collect::<Vec<_>>();
    eventually("what others started ahead goes", held).await;
    for _ in 0..2 {
        open(python()).await.close().await.expect("it closes");
    }
    let none = || children().is_empty().then(|| "a supervisor".to_owned()).into_iter().collect();
    eventually("a supervisor is started ahead", none).await;
    let ahead = children();
    let left = || held().into_iter().chain(threads_named("llm-sandbox-sto")).collect();
    eventually("it goes, and so does its keeper", left).await;
    assert_eq!(ahead.len(), 1, "{ahead:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_sessions_at_once() {
    let _alone = alone().await;
    let before = Holdings::settled().await;
    for _ in 0..3 {
        let tasks: Vec<_> = (0..64)
            .map(|number| {
                tokio::spawn(async move {
                    let session = open(python()).await;
                    let trace = Trace::of(&session).await;
                    let shown = printed(&session, Run::shell("sleep 0.2; echo $1").arg(number.to_string())).await;
                    assert_eq!(shown, format!("{number}\n"));
                    (session, trace)
                })
            })
            .collect();
        let mut open = Vec::new();
        for task in tasks {
            open.push(task.await.expect("it works beside the others"));
        }
        let traces: Vec<Trace> = open.iter().map(|(_, trace)| *trace).collect();
        assert_eq!(traces.iter().collect::<HashSet<_>>().len(), 64, "each has ids of its own");
        let closing: Vec<_> =
            open.into_iter().map(|(session, _)| tokio::spawn(async move { session.close().await })).collect();
        for closed in closing {
            closed.await.expect("no panic").expect("it closes");
        }
        assert_eq!(left(&traces), [""; 0], "at once");
    }
    eventually("nothing more is held", || before.more()).await;
}

#[tokio::test]
async fn two_hundred_sessions_whose_hosts_are_killed() {
    let _alone = alone().await;
    let before = Holdings::settled().await;
    let (mut traces, mut holders) = (Vec::new(), Vec::new());
    // Many hosts of few sessions, few hosts of many.
    for (hosts, sessions, options) in [(50, 1, &["hold"][..]), (25, 2, &[]), (4, 25, &["hold"])] {
        for _ in 0..hosts {
            let mut victim = Victim::start(&marker(), sessions, options);
            victim.kill();
            traces.append(&mut victim.traces);
            holders.extend(victim.holder.take());
        }
    }
    assert_eq!(traces.len(), 200);
    eventually("all of every host's goes", || left(&traces)).await;
    assert!(holders.iter().all(|holder| exists(*holder)), "they held the sockets all the while");
    let killed = std::process::Command::new("kill").args(holders.iter().map(i32::to_string)).status();
    assert!(killed.expect("kill is there").success());
    eventually("nothing more is held", || before.more()).await;
}

#[tokio::test]
async fn sessions_that_are_dropped() {
    let _alone = alone().await;
    let before = Holdings::settled().await;
    let mut traces = Vec::new();
    for _ in 0..100 {
        let session = open(python()).await;
        traces.push(Trace::of(&session).await);
        let handle = session.start(Run::shell("sleep 100 & sleep 100")).await.expect("it starts");
        drop((session, handle));
    }
    eventually("all goes", || left(&traces)).await;
    eventually("nothing more is held", || before.more()).await;
}

#[tokio::test]
async fn openings_that_are_given_up() {
    let _alone = alone().await;
    let before = Holdings::settled().await;
    let known: HashSet<_> = groups().into_iter().collect();
    for microseconds in (0..12_000).step_by(60) {
        let patience = std::time::Duration::from_micros(microseconds);
        // Most are given up on the way, some are open and dropped.
        let _ = tokio::time::timeout(patience, python().open()).await;
    }
    eventually("nothing more is held", || before.more()).await;
    // Other processes open sessions as well; theirs have processes in them.
    eventually("no empty group is left", || {
        let new = groups().into_iter().filter(|group| !known.contains(group) && is_empty(group));
        new.map(|group| group.display().to_string()).collect()
    })
    .await;
}

/// Whether no process is in a memory group or below it.
fn is_empty(group: &Path) -> bool {
    let below = std::fs::read_dir(group).into_iter().flatten().flatten().map(|entry| entry.path());
    let below = below.filter(|path| path.is_dir());
    let mut members = [group.to_owned()].into_iter().chain(below).map(|path| path.join("cgroup.procs"));
    group.join("memory.limit_in_bytes").exists()
        && members.all(|path| std::fs::read_to_string(path).is_ok_and(|text| text.is_empty()))
}

#[tokio::test]
async fn a_thousand_runs_of_one_session() {
    let _alone = alone().await;
    let session = open(python()).await;
    let trace = Trace::of(&session).await;
    run(&session, "print(1)").await;
    let (agent, supervisor) = trace.agent_and_supervisor();
    let counts = || (descriptors(agent).len(), descriptors(supervisor).len());
    let (before, (agent_before, supervisor_before)) = (Holdings::now(), counts());
    for number in 0..1000 {
        let run = match number % 4 {
            0 => Run::command("true"),
            1 => Run::shell("sleep 100 & exit 3"),
            2 => Run::shell("sleep 100").timeout(std::time::Duration::ZERO),
            _ => Run::command("no-such-program"),
        };
        let result = support::run(&session, run).await;
        assert!(
            matches!(
                (number % 4, &result.outcome),
                (0, Outcome::Exited { code: 0 })
                    | (1, Outcome::Exited { code: 3 })
                    | (2, Outcome::TimedOut { .. })
                    | (3, Outcome::NeverStarted { .. })
            ),
            "{number}: {:?}",
            result.outcome
        );
    }
    // A few groups more may be kept, each by ten descriptors: one for each run that was still on its way out.
    let (agent_now, supervisor_now) = counts();
    assert!(agent_now <= agent_before + 50, "{agent_now} descriptors after {agent_before}");
    // It may have been about to have the memory watched.
    assert!(supervisor_now <= supervisor_before, "{supervisor_now} descriptors after {supervisor_before}");
    assert_eq!(before.more(), [""; 0]);
    let inside = trace
        .groups()
        .iter()
        .flat_map(|group| std::fs::read_dir(group).into_iter().flatten().flatten())
        .filter(|entry| entry.path().is_dir())
        .count();
    assert!(inside <= 4 * 4, "{inside} groups of runs");
    session.close().await.expect("it closes");
    assert_eq!(left(&[trace]), [""; 0]);
}
