//! Random sequences of calls on agents in memory, most of which die, lie or stall on the way.

use std::sync::{Arc, atomic::Ordering};

use llm_sandbox_core::{ErrorKind, Language, Session};
use llm_sandbox_testing::{Destruction, FakeBackend};

use crate::{
    calls::{Clock, Lane, Scratch, World},
    cases,
    dice::Dice,
    mischief::{Excuse, FAULTS, Fault, Figures, Mischief},
    model,
    settings::Settings,
};

/// What goes wrong in one sequence.
struct Trouble {
    fault: Option<(u64, Fault)>,
    lies: u64,
    destruction: Destruction,
}

impl Trouble {
    fn of(dice: &mut Dice) -> Self {
        let destruction = match dice.below(10) {
            0 => Destruction::Fails,
            1 => Destruction::Hangs,
            _ => Destruction::Works,
        };
        let (mut fault, mut lies) = (None, 0);
        match dice.below(10) {
            0..3 => {}
            3..8 => fault = Some((dice.below(60), *dice.pick(&FAULTS))),
            _ => lies = 1 + dice.below(60),
        }
        Self { fault, lies, destruction }
    }
}

#[test]
fn random_calls_on_agents_that_break() {
    let (settings, figures, scratch) = (Settings::read(), Arc::new(Figures::default()), Arc::new(Scratch::new()));
    let done = cases::each(
        settings,
        |number| number < settings.sequences,
        |_, dice| {
            cases::in_no_time(|| sequence(dice, Arc::clone(&figures), Arc::clone(&scratch)));
        },
    );
    assert_eq!(scratch.partial(), [""; 0].map(std::path::PathBuf::from), "parts of downloads are left");
    let (calls, frames) = (figures.calls.load(Ordering::Relaxed), figures.frames.load(Ordering::Relaxed));
    println!("{done} sequences of {calls} calls, {frames} frames of agents");
    if settings.only.is_none() && settings.sequences > 1000 {
        figures.assert_seen(&["ok", "sandbox-died", "agent-misbehaved", "closed", "file"]);
    }
}

async fn sequence(mut dice: Dice, figures: Arc<Figures>, scratch: Arc<Scratch>) {
    let trouble = Trouble::of(&mut dice);
    let excuse = Arc::new(Excuse::default());
    let world = World::new(Clock::Jumping, Arc::clone(&figures), Arc::clone(&excuse), trouble.lies > 0);
    let backend = backend(&trouble, &mut dice, excuse, figures);
    let world = Arc::new(world);
    match Session::builder_on(Arc::new(backend.clone()), Language::Python).open().await {
        Ok(session) => {
            use_it(&session, &world, &mut dice, &scratch).await;
            finish(session, &world, trouble.destruction).await;
        }
        Err(error) => assert!(world.excuse.is_given(), "it did not open for no reason: {error}"),
    }
    until_gone(&backend).await;
}

fn backend(trouble: &Trouble, dice: &mut Dice, excuse: Arc<Excuse>, figures: Arc<Figures>) -> FakeBackend {
    let (lies, fault, dice) = (trouble.lies, trouble.fault, dice.split());
    let backend = FakeBackend::new(move |agent| {
        let (excuse, figures, dice) = (Arc::clone(&excuse), Arc::clone(&figures), dice.clone());
        model::serve(agent, Mischief { dice, lies, fault, excuse, figures, held: None })
    });
    backend.destruction(trouble.destruction)
}

/// Up to four users at once, of ten calls each at most.
pub(crate) async fn use_it(session: &Session, world: &Arc<World>, dice: &mut Dice, scratch: &Arc<Scratch>) {
    let lanes: Vec<_> = (0..=dice.below(3))
        .map(|number| {
            let lane = Lane::new(Arc::clone(world), session.clone(), number, dice.split(), Arc::clone(scratch));
            tokio::spawn(lane.live(1 + dice.below(10)))
        })
        .collect();
    for lane in lanes {
        lane.await.expect("all that is said is true");
    }
}

/// Closes it, and once more.
async fn finish(session: Session, world: &World, destruction: Destruction) {
    world.excuse.give();
    for _ in 0..2 {
        match (session.close().await, destruction) {
            (Ok(()), Destruction::Works) => {}
            (Err(error), Destruction::Fails | Destruction::Hangs) => assert_eq!(error.kind(), ErrorKind::Backend),
            (other, destruction) => panic!("it {destruction:?}, and closing gave {other:?}"),
        }
    }
    let error = session.run("print(1)").await.expect_err("it is closed");
    assert_eq!(error.kind(), ErrorKind::Closed);
}

/// Waits until the sandbox was dropped, by whoever had it last.
async fn until_gone(backend: &FakeBackend) {
    for _ in 0..100_000 {
        if backend.alive() == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{} sandboxes are left", backend.alive());
}
