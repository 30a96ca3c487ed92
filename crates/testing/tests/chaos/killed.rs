//! Random sequences of calls on real sandboxes whose agent or supervisor is killed from outside.

use std::{
    fs,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use llm_sandbox_core::Session;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use tokio::task::JoinHandle;

use crate::{
    calls::{Clock, Scratch, World},
    cases,
    dice::Dice,
    mischief::{Excuse, Figures},
    sequences::use_it,
    settings::Settings,
    support::{eventually, host::Trace, open, python},
};

/// Of so many sequences on agents in memory one is tried on a real sandbox.
const SHARE: u64 = 30;

/// How long one may take.
const LONGEST: Duration = Duration::from_secs(100);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Nobody,
    Agent,
    Supervisor,
}

#[test]
fn random_calls_on_sandboxes_that_are_killed() {
    let (settings, figures, scratch) = (Settings::read(), Arc::new(Figures::default()), Arc::new(Scratch::new()));
    let done = cases::each(
        settings,
        |number| number < settings.sequences.div_ceil(SHARE),
        |_, dice| cases::in_time(LONGEST, || sequence(dice, Arc::clone(&figures), Arc::clone(&scratch))),
    );
    assert_eq!(scratch.partial(), [""; 0].map(std::path::PathBuf::from), "parts of downloads are left");
    println!("{done} sequences of {} calls", figures.calls.load(Ordering::Relaxed));
}

async fn sequence(mut dice: Dice, figures: Arc<Figures>, scratch: Arc<Scratch>) {
    let excuse = Arc::new(Excuse::default());
    let world = Arc::new(World::new(Clock::Real, figures, Arc::clone(&excuse), false));
    let session = open(python()).await;
    let trace = Trace::of(&session).await;
    let (agent, supervisor) = trace.agent_and_supervisor();
    let victim = *dice.pick(&[Victim::Nobody, Victim::Agent, Victim::Agent, Victim::Supervisor]);
    let killer = match victim {
        Victim::Nobody => None,
        Victim::Agent => Some(killer(agent, &mut dice, excuse)),
        Victim::Supervisor => Some(killer(supervisor, &mut dice, excuse)),
    };
    use_it(&session, &world, &mut dice, &scratch).await;
    if let Some(killer) = killer {
        // Whoever has not been killed by now is closed instead.
        killer.abort();
        let _ = killer.await;
    }
    finish(session, trace, victim).await;
}

/// Kills a process after a while.
fn killer(pid: i32, dice: &mut Dice, excuse: Arc<Excuse>) -> JoinHandle<()> {
    let delay = Duration::from_micros(dice.below(150_000));
    let process = pidfd_open(Pid::from_raw(pid).expect("a process id"), PidfdFlags::empty()).expect("it lives");
    tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        excuse.give();
        // A session that was closed has taken it along.
        let _ = pidfd_send_signal(&process, Signal::KILL);
    })
}

async fn finish(session: Session, trace: Trace, victim: Victim) {
    session.close().await.expect("closing what died is no error");
    if victim == Victim::Supervisor {
        eventually("every process goes", || trace.processes().iter().map(i32::to_string).collect()).await;
        tidy(trace);
    }
    assert_eq!(trace.left(), [""; 0]);
}

/// Removes what a supervisor leaves that was killed: empty groups.
fn tidy(trace: Trace) {
    for group in trace.groups() {
        for run in fs::read_dir(&group).expect("a group").flatten().filter(|entry| entry.path().is_dir()) {
            fs::remove_dir(run.path()).expect("an empty group");
        }
        fs::remove_dir(&group).expect("an empty group");
    }
}
