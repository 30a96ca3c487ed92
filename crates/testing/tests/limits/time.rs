//! Deadlines: wall clock and CPU.

use std::time::{Duration, Instant};

use llm_sandbox_core::{Outcome, Run};

use crate::support::{CPU, PATIENCE, WALL, assert_usable, open, printed, python, run};

/// How late a deadline may be on a busy machine.
const LATE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn deadlines_are_kept_and_never_early() {
    let session = open(python()).await;
    for milliseconds in [100, 300, 700] {
        let limit = Duration::from_millis(milliseconds);
        let result = run(&session, Run::code("import time; time.sleep(60)").timeout(limit)).await;
        assert_eq!(result.outcome, WALL);
        let wall = result.usage.wall.expect("it ran");
        assert!(wall + Duration::from_millis(50) >= limit && wall < limit + LATE, "{wall:?} of {limit:?}");
    }
    assert_usable(&session).await;
}

#[tokio::test]
async fn no_time_at_all_is_a_deadline() {
    let session = open(python()).await;
    for limit in [Duration::ZERO, Duration::from_nanos(1), Duration::from_micros(100), Duration::from_millis(1)] {
        let before = Instant::now();
        let result = run(&session, Run::code("import time; time.sleep(60)").timeout(limit)).await;
        assert_eq!(result.outcome, WALL, "{limit:?}");
        assert!(before.elapsed() < LATE);
        assert_usable(&session).await;
    }
}

#[tokio::test]
async fn a_session_of_no_time_still_opens_and_times_out() {
    let session = open(python().timeout(Duration::ZERO)).await;
    assert_eq!(run(&session, "print(1)").await.outcome, WALL);
    assert_eq!(printed(&session, Run::code("print(1)").no_timeout()).await, "1\n");
}

#[tokio::test]
async fn tiny_deadlines_never_break_the_session() {
    let session = open(python()).await;
    for microseconds in (0..40_000).step_by(1_300) {
        let limit = Duration::from_micros(microseconds);
        let result = run(&session, Run::code("print(1)").timeout(limit)).await;
        let is_known = result.outcome == WALL || result.outcome == Outcome::Exited { code: 0 };
        assert!(is_known, "{limit:?}: {:?} {}", result.outcome, result.stderr_text());
    }
    assert_usable(&session).await;
}

#[tokio::test]
async fn a_program_that_stops_itself_is_timed() {
    let session = open(python()).await;
    let stop = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nprint('never')";
    let result = run(&session, Run::code(stop).timeout(Duration::from_millis(300))).await;
    assert_eq!((result.outcome, result.stdout.written), (WALL, 0));
    let group = "import os, signal\nif os.fork() == 0: pass\nos.killpg(0, signal.SIGSTOP)";
    assert_eq!(run(&session, Run::code(group).timeout(Duration::from_millis(300))).await.outcome, WALL);
    assert_usable(&session).await;
}

#[tokio::test]
async fn busy_loops_end_at_the_wall_clock_too() {
    let session = open(python()).await;
    let result = run(&session, Run::code("while True: pass").timeout(Duration::from_millis(300))).await;
    assert_eq!(result.outcome, WALL);
    let busy =
        "import threading\nfor _ in range(8): threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()";
    assert_eq!(run(&session, Run::code(busy).timeout(Duration::from_millis(300))).await.outcome, WALL);
}

#[tokio::test]
async fn busy_loops_use_their_cpu_time_up() {
    let session = open(python().cpu_time(Duration::from_millis(400))).await;
    let result = run(&session, "while True: pass").await;
    assert_eq!(result.outcome, CPU);
    let used = result.usage.user.unwrap_or_default() + result.usage.system.unwrap_or_default();
    assert!((Duration::from_millis(390)..LATE).contains(&used), "{used:?}");
    // It is each run's own.
    assert_usable(&session).await;
    assert_usable(&session).await;
}

#[tokio::test]
async fn cpu_time_is_that_of_the_whole_tree_dead_or_alive() {
    let session = open(python()).await;
    let together = "import os\nfor _ in range(3): os.fork()\nwhile True: pass";
    let limit = Duration::from_millis(500);
    assert_eq!(run(&session, Run::code(together).cpu_time(limit)).await.outcome, CPU);
    let one_after_another = "
import os, time
while True:
    if os.fork() == 0:
        start = time.process_time()
        while time.process_time() - start < 0.05: pass
        os._exit(0)
    os.wait()";
    assert_eq!(run(&session, Run::code(one_after_another).cpu_time(limit)).await.outcome, CPU);
}

#[tokio::test]
async fn sleeping_takes_no_cpu_time() {
    let session = open(python()).await;
    let code = Run::code("import time; time.sleep(1.2); print('up')").cpu_time(Duration::from_secs(1));
    assert_eq!(printed(&session, code).await, "up\n");
}

#[tokio::test]
async fn the_signal_that_warns_of_cpu_time_does_not_help() {
    let session = open(python()).await;
    let code =
        "import signal\nfor n in (signal.SIGXCPU, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)\nwhile True: pass";
    assert_eq!(run(&session, Run::code(code).cpu_time(Duration::from_millis(300))).await.outcome, CPU);
}

#[tokio::test]
async fn no_cpu_time_is_a_limit() {
    let session = open(python()).await;
    assert_eq!(run(&session, Run::code("while True: pass").cpu_time(Duration::ZERO)).await.outcome, CPU);
    assert_usable(&session).await;
}

#[tokio::test]
async fn half_a_processor_is_half() {
    let session = open(python().cpus(0.5)).await;
    let code = "
import time
start, cpu = time.monotonic(), time.process_time()
while time.monotonic() - start < 2: pass
print((time.process_time() - cpu) / 2)";
    let share: f64 = printed(&session, code).await.trim().parse().expect("a number");
    assert!((0.1..0.62).contains(&share), "{share}");
}

#[tokio::test]
async fn one_processor_is_shared_by_all_that_runs() {
    let session = open(python().cpus(0.5)).await;
    let burn =
        || Run::code("import os\nfor _ in range(2): os.fork()\nwhile True: pass").timeout(Duration::from_secs(2));
    let (one, other) = tokio::join!(run(&session, burn()), run(&session, burn()));
    let used = |result: &llm_sandbox_core::RunResult| {
        (result.usage.user.unwrap_or_default() + result.usage.system.unwrap_or_default()).as_secs_f64()
    };
    let both = used(&one) + used(&other);
    assert!((0.3..1.4).contains(&both), "{both} s of CPU time in 2 s at half a processor");
}

#[tokio::test]
async fn a_run_without_deadline_goes_on() {
    let session = open(python().timeout(Duration::from_millis(200))).await;
    let code = Run::code("import time; time.sleep(1); print('done')").no_timeout();
    let shown = tokio::time::timeout(PATIENCE, printed(&session, code)).await;
    assert_eq!(shown.expect("it ends"), "done\n");
}
