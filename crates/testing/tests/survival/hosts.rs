//! The end of the host process, however it comes, is the end of its sandboxes.

use crate::support::{
    eventually,
    host::{Trace, children_of, descriptors, exists, mounts, processes_with},
    marker,
    victim::Victim,
};

/// Processes of a victim's runs: see its program.
const PROCESSES: usize = 3;

async fn assert_all_gone(marker: &str, traces: &[Trace], supervisors: &[i32]) {
    eventually("what the host had started goes", || {
        let mut left: Vec<String> = traces.iter().flat_map(Trace::left).collect();
        left.extend(processes_with(marker).iter().map(|pid| format!("process {pid} of a run")));
        left.extend(supervisors.iter().filter(|pid| exists(**pid)).map(|pid| format!("supervisor {pid}")));
        left
    })
    .await;
}

async fn nothing_survives(sessions: usize, options: &[&str], end: impl FnOnce(&mut Victim)) {
    let marker = marker();
    let mounts_before = mounts();
    let mut victim = Victim::start(&marker, sessions, options);
    assert_eq!(victim.traces.len(), sessions);
    // The victim itself carries the marker too, and a shell that is about to end may.
    assert!(processes_with(&marker).len() > sessions * PROCESSES);
    let supervisors: Vec<i32> = victim.traces.iter().map(|trace| trace.agent_and_supervisor().1).collect();
    assert!(victim.traces.iter().all(|trace| !trace.groups().is_empty() && trace.is_leased()));
    if let Some(holder) = victim.holder {
        // The async runtime has some of its own.
        let sockets = descriptors(holder).iter().filter(|target| target.starts_with("socket:")).count();
        assert!(sockets >= sessions * 2, "each sandbox's pipe and its control stream are held: {sockets}");
    }
    let ahead = started_ahead(&victim, &supervisors);
    end(&mut victim);
    assert_all_gone(&marker, &victim.traces, &supervisors).await;
    assert_all_gone(&marker, &[], &ahead).await;
    if let Some(holder) = victim.holder {
        assert!(exists(holder), "the sockets were held all the while");
    }
    assert_eq!(mounts(), mounts_before);
}

/// Supervisors that the victim started for sandboxes that it did not open yet.
fn started_ahead(victim: &Victim, supervisors: &[i32]) -> Vec<i32> {
    let own = i32::try_from(victim.process.id()).expect("a process id");
    let children = children_of(own).into_iter();
    children.filter(|pid| !supervisors.contains(pid) && victim.holder != Some(*pid)).collect()
}

fn signal(name: &str, pid: i32) {
    let status = std::process::Command::new("kill").args(["-s", name, &pid.to_string()]).status();
    assert!(status.expect("kill is there").success());
}

#[tokio::test]
async fn nothing_survives_a_host_that_is_killed() {
    nothing_survives(1, &[], Victim::kill).await;
}

#[tokio::test]
async fn nothing_survives_a_killed_host_whose_child_holds_the_sockets() {
    nothing_survives(1, &["hold"], Victim::kill).await;
}

#[tokio::test]
async fn nothing_of_many_sessions_survives_their_host() {
    nothing_survives(8, &["hold"], Victim::kill).await;
}

#[tokio::test]
async fn nothing_survives_a_host_that_is_asked_to_end() {
    nothing_survives(2, &["hold"], |victim| {
        signal("TERM", i32::try_from(victim.process.id()).expect("a process id"));
        victim.process.wait().expect("it is ours");
    })
    .await;
}
