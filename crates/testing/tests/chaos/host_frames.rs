//! A million frames of hosts that are out of their minds, to real agents: each serves on or leaves, and nothing is left.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{
    cases,
    dice::Dice,
    settings::Settings,
    wire::{Chatter, Pipe},
};

/// One frame in so many is a lie, most of which an agent does not forgive.
const RATES: [u64; 5] = [8, 60, 300, 1_000, 4_000];

/// How many frames one agent is sent.
const EACH: u64 = 4_000;

/// How long all of them may take.
const LONGEST: Duration = Duration::from_secs(100);

#[test]
fn a_million_frames_to_real_agents() {
    let (settings, frames, left) = (Settings::read(), AtomicU64::new(0), AtomicU64::new(0));
    let sandboxes = cases::each(
        settings,
        |_| frames.load(Ordering::Relaxed) < settings.frames,
        |_, dice| {
            cases::in_time(LONGEST, || async {
                let (sent, has_left) = sandbox(dice).await;
                frames.fetch_add(sent, Ordering::Relaxed);
                left.fetch_add(has_left.into(), Ordering::Relaxed);
            });
        },
    );
    println!("{} frames to {sandboxes} agents, of which {} hung up", frames.into_inner(), left.into_inner());
}

/// Talks to one agent until it hangs up or has heard enough. How many frames it surely took, and whether it hung up.
async fn sandbox(mut dice: Dice) -> (u64, bool) {
    let lies = *dice.pick(&RATES);
    let mut chatter = Chatter::new(dice.split(), lies);
    let window = u32::try_from(*dice.pick(&[0, 100, 50_000, 1 << 20])).expect("small");
    let mut pipe = Pipe::open(window).await;
    let mut taken = 0;
    while taken < EACH {
        let (mut wire, mut is_cut) = (Vec::new(), false);
        let batch = 1 + dice.below(lies.min(100));
        for _ in 0..batch {
            let lie = chatter.next();
            wire.extend(lie.bytes);
            is_cut |= lie.is_cut;
        }
        pipe.send(&wire).await;
        if is_cut {
            pipe.hang_up().await;
        }
        if is_cut || !pipe.answers(dice.roll()).await {
            pipe.assert_left().await;
            pipe.close().await;
            return (taken, true);
        }
        taken += batch;
    }
    pipe.close().await;
    (taken, false)
}
