//! Runs many cases, each from dice of its own, and names the one that fails.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    sync::{
        Once,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::runtime::{Builder, Runtime};

use crate::{dice::Dice, memory, settings::Settings};

/// Threads that run cases.
const THREADS: usize = 2;

/// After so many cases memory is looked at first: what is made once is there.
const WARM: u64 = 200;

/// The longest that a case may take by the clock of its runtime, which a case does not wait for.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// How long tasks may take to end that nobody needs any more.
const GONE: Duration = Duration::from_secs(20);

/// How long a thread may work for a runtime before its clock is moved on, and how far
/// that is: less than what a run's end may come late.
const STALL: Duration = Duration::from_millis(40);
const JUMP: Duration = Duration::from_secs(10);

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts every panic of this process: a task that panics is otherwise only missing.
fn count_panics() {
    static HOOKED: Once = Once::new();
    HOOKED.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            before(panic);
        }));
    });
}

/// Runs cases from 0 up while more are wanted; how many there were.
pub(crate) fn each(settings: Settings, is_wanted: impl Fn(u64) -> bool + Sync, case: impl Fn(u64, Dice) + Sync) -> u64 {
    count_panics();
    if let Some(only) = settings.only {
        one(settings, only, &case);
        return 1;
    }
    let (next, early) = (AtomicU64::new(0), AtomicU64::new(0));
    let work = || loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        if !is_wanted(number) {
            return;
        }
        one(settings, number, &case);
        match number {
            WARM => early.store(memory::held(), Ordering::SeqCst),
            _ if number % WARM != 0 => {}
            // Zero where the other thread is not done with the first ones.
            _ => match early.load(Ordering::SeqCst) {
                0 => {}
                early => memory::assert_flat(early),
            },
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
    });
    next.into_inner().saturating_sub(THREADS as u64)
}

fn one(settings: Settings, number: u64, case: &(impl Fn(u64, Dice) + Sync)) {
    let before = PANICS.load(Ordering::SeqCst);
    let seed = settings.seed;
    let result = catch_unwind(AssertUnwindSafe(|| case(number, Dice::of(seed, number))));
    let again = format!("LLM_SANDBOX_CHAOS_SEED={seed} LLM_SANDBOX_CHAOS_ONLY={number} runs it alone");
    assert!(result.is_ok(), "case {number} failed: {again}");
    assert_eq!(PANICS.load(Ordering::SeqCst), before, "something panicked in case {number} or beside it: {again}");
}

/// Does something in a runtime whose clock jumps ahead whenever all wait for it; nothing of it may be left afterwards.
pub(crate) fn in_no_time<F: Future<Output = ()>>(act: impl FnOnce() -> F) {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async { tokio::time::timeout(LONGEST, act()).await.expect("it hangs") });
    assert_nothing_runs(&runtime);
}

/// Does something by the host's clock, which must not take longer than this.
pub(crate) fn in_time<F: Future<Output = ()>>(longest: Duration, act: impl FnOnce() -> F) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { tokio::time::timeout(longest, act()).await.expect("it hangs") });
    assert_nothing_runs(&runtime);
}

fn assert_nothing_runs(runtime: &Runtime) {
    let alive = || runtime.metrics().num_alive_tasks();
    let deadline = Instant::now() + GONE;
    runtime.block_on(async {
        while alive() > 0 && Instant::now() < deadline {
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(alive(), 0, "tasks are left");
}

/// Does something that a thread works for, in a runtime whose clock jumps. That stands still meanwhile, though the thread
/// may wait for an agent that waits for the clock: it is moved on, and that is told, for it may be the thread that is slow.
pub(crate) async fn moving_on<F: Future>(future: F, tell: impl Fn()) -> F::Output {
    let mut future = pin!(future);
    let mut since = Instant::now();
    loop {
        tokio::select! {
            biased;
            output = &mut future => return output,
            () = tokio::task::yield_now() => {}
        }
        if since.elapsed() > STALL {
            tell();
            tokio::time::advance(JUMP).await;
            since = Instant::now();
        }
    }
}
