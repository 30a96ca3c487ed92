//! What a run is said to have used is what it used.

use std::time::Duration;

use llm_sandbox_core::{Run, Usage};

use crate::support::{open, python, run};

async fn usage_of(what: impl Into<Run>) -> Usage {
    let session = open(python()).await;
    // What ran before is not on the account.
    run(&session, "x = b'x' * (200 << 20)\nimport os\nfor _ in range(4): os.fork()").await;
    let result = run(&session, what).await;
    assert!(result.is_success(), "{:?} {}", result.outcome, result.stderr_text());
    result.usage
}

#[tokio::test]
async fn cpu_time_is_that_of_the_program_and_its_children() {
    let code = "
import os, time
def burn(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds: pass
if os.fork() == 0:
    burn(0.3)
    os._exit(0)
burn(0.3)
os.wait()";
    let usage = usage_of(code).await;
    let used = usage.user.expect("it is known") + usage.system.expect("it is known");
    assert!((Duration::from_millis(590)..Duration::from_millis(1000)).contains(&used), "{usage:?}");
    assert!(usage.wall.expect("it is known") >= Duration::from_millis(300), "{usage:?}");
}

#[tokio::test]
async fn time_in_the_kernel_is_told_apart() {
    let usage = usage_of(Run::shell("exec dd if=/dev/zero of=/dev/null bs=1M count=8000 2>/dev/null")).await;
    let (user, system) = (usage.user.expect("it is known"), usage.system.expect("it is known"));
    assert!(system > Duration::from_millis(50) && system > user, "{usage:?}");
}

#[tokio::test]
async fn sleeping_costs_wall_time_alone() {
    let usage = usage_of(Run::shell("exec sleep 0.7")).await;
    let wall = usage.wall.expect("it is known");
    assert!((Duration::from_millis(690)..Duration::from_secs(3)).contains(&wall), "{usage:?}");
    assert!(usage.user.expect("it is known") < Duration::from_millis(100), "{usage:?}");
}

#[tokio::test]
async fn peak_memory_is_that_of_the_run() {
    for (mebibytes, range) in [(100_u64, 100 << 20..130 << 20), (0, 2 << 20..40 << 20)] {
        let usage = usage_of(format!("x = b'x' * ({mebibytes} << 20)\ndel x")).await;
        assert!(usage.peak_memory_bytes.is_some_and(|peak| range.contains(&peak)), "{mebibytes}: {usage:?}");
    }
}

#[tokio::test]
async fn peak_processes_are_those_alive_at_once() {
    let code = "
import os, signal
pids = []
for _ in range(5):
    pid = os.fork()
    if pid == 0: signal.pause()
    pids.append(pid)
for pid in pids:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
for _ in range(20):
    if os.fork() == 0: os._exit(0)
    os.wait()";
    let usage = usage_of(code).await;
    assert!(usage.peak_processes.is_none_or(|peak| peak == 6), "{usage:?}");
    let usage = usage_of(Run::command("true")).await;
    assert!(usage.peak_processes.is_none_or(|peak| peak == 1), "{usage:?}");
}

#[tokio::test]
async fn output_is_counted_on_both_streams() {
    let usage = usage_of("import sys\nprint('x' * 99)\nprint('y' * 49, file=sys.stderr)").await;
    assert_eq!(usage.output_bytes, Some(150));
}
