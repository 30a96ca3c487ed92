//! A million frames of agents that lie, to sessions that are busy.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use llm_sandbox_core::{Error, Language, Run, Session};
use llm_sandbox_testing::FakeBackend;

use crate::{
    calls::{Scratch, program::Program},
    cases,
    dice::Dice,
    mischief::{Excuse, FAULTS, Figures, Mischief, is_end},
    model,
    settings::Settings,
};

/// One frame in so many is a lie: sessions that die at once, and such that get far.
const RATES: [u64; 6] = [2, 3, 6, 15, 40, 100];

#[test]
fn a_million_frames_from_lying_agents() {
    let (settings, figures, scratch) = (Settings::read(), Arc::new(Figures::default()), Arc::new(Scratch::new()));
    let sessions = cases::each(
        settings,
        |_| figures.frames.load(Ordering::Relaxed) < settings.frames,
        |_, dice| cases::in_no_time(|| session(dice, Arc::clone(&figures), Arc::clone(&scratch))),
    );
    let (frames, lies) = (figures.frames.load(Ordering::Relaxed), figures.lies.load(Ordering::Relaxed));
    println!("{frames} frames, {lies} of them lies, to {sessions} sessions");
    if settings.only.is_none() && settings.frames > 100_000 {
        figures.assert_seen(&["ok", "agent-misbehaved", "sandbox-died", "aborted", "file"]);
    }
}

async fn session(mut dice: Dice, figures: Arc<Figures>, scratch: Arc<Scratch>) {
    let (lies, told) = (*dice.pick(&RATES), Arc::clone(&figures));
    let fault = dice.one_in(4).then(|| (dice.below(100), *dice.pick(&FAULTS)));
    let script = dice.split();
    let backend = FakeBackend::new(move |agent| {
        let (excuse, figures, dice) = (Arc::new(Excuse::default()), Arc::clone(&told), script.clone());
        model::serve(agent, Mischief { dice, lies, fault, excuse, figures, held: None })
    });
    let builder = Session::builder_on(Arc::new(backend.clone()), Language::Python);
    let Ok(session) = builder.timeout(Duration::from_secs(5)).open().await else { return };
    for _ in 0..1 + dice.below(4) {
        let tasks: Vec<_> = (0..2 + dice.below(8))
            .map(|_| tokio::spawn(operation(session.clone(), dice.split(), Arc::clone(&scratch))))
            .collect();
        for task in tasks {
            let result = task.await.expect("no operation panics");
            figures.count(result.as_ref().err().map(Error::kind));
            let is_over = result.is_err_and(|error| is_end(&error));
            assert!(!is_over || session.is_over(), "the session outlived its end");
        }
    }
    session.close().await.expect("it can be destroyed");
    drop(session);
    assert!(backend.destroyed() > 0);
}

/// One of everything a session can do; whatever comes of it, something does.
async fn operation(session: Session, mut dice: Dice, scratch: Arc<Scratch>) -> Result<(), Error> {
    let path = format!("directory/{}", dice.below(4));
    match dice.below(10) {
        0 => session.write(path, dice.bytes(3_000)).await,
        1 => session.read(path).await.map(drop),
        2 => session.list_tree("").await.map(drop).or(session.list_tree("directory").await.map(drop)),
        3 => session.stat(path).await.map(drop),
        4 if dice.one_in(10) => transfer(&session, &mut dice, &scratch).await,
        5 => session.run(Program::Echo.run("echo", true).stdin(dice.bytes(2_000))).await.map(drop),
        6 => live(&session).await,
        _ => {
            let run = Program::Print(dice.index(60_000)).run("print", dice.one_in(2));
            let run = if dice.one_in(2) { run.output_limit(dice.below(2_000)) } else { run };
            session.run(run).await.map(drop)
        }
    }
}

async fn transfer(session: &Session, dice: &mut Dice, scratch: &Scratch) -> Result<(), Error> {
    let (target, (file, _)) = (scratch.fresh(), scratch.file(dice));
    cases::moving_on(session.upload(file, "directory/up"), || {}).await?;
    let result = cases::moving_on(session.download("directory", &target), || {}).await;
    let _ = std::fs::remove_dir_all(&target).or_else(|_| std::fs::remove_file(&target));
    result.map(drop)
}

/// A run that is followed and fed.
async fn live(session: &Session) -> Result<(), Error> {
    let run: Run = Program::Echo.run("live", false).stdin_stream();
    let mut handle = session.start(run).await?;
    handle.next_event().await;
    // Where the run is over there is nobody to write to.
    let _ = handle.write_stdin("some words").await;
    handle.signal(15).await?;
    while handle.next_event().await.is_some() {}
    handle.wait().await.map(drop)
}
