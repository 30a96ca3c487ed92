//! Deadlines and the end of whole trees.

use std::time::{Duration, Instant};

use llm_sandbox_core::{ErrorKind, Guarantee, Language, Outcome, Run, Session, TimeLimit};

use super::{Shared, not_held, not_run, open, printed, run};

const WALL: Outcome = Outcome::TimedOut { limit: TimeLimit::Wall };

/// A program that sleeps is ended at its deadline, and what it printed is kept.
pub async fn timeouts_are_outcomes(backend: Shared) {
    let session = open(backend).await;
    let before = Instant::now();
    let code = Run::code("import time; print('early'); time.sleep(60)").timeout(Duration::from_millis(500));
    let result = run(&session, code).await;
    assert_eq!((result.outcome, result.stdout.text()), (WALL, "early\n".into()));
    assert!(before.elapsed() < Duration::from_secs(5));
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// Daemons, process groups and orphans die with their run.
pub async fn timeouts_kill_the_tree(backend: Shared) {
    let session = open(backend).await;
    let code = "
import os, time
def beat(name):
    while True:
        open(name, 'a').write('.')
        time.sleep(0.01)
for name in ('daemon', 'group', 'child'):
    if os.fork() == 0:
        if name == 'daemon':
            os.setsid()
            if os.fork(): os._exit(0)
        if name == 'group': os.setpgid(0, 0)
        beat(name)
beat('parent')";
    assert_eq!(run(&session, Run::code(code).timeout(Duration::from_millis(700))).await.outcome, WALL);
    let sizes = "import os, time
names = ('daemon', 'group', 'child', 'parent')
before = [os.path.getsize(name) for name in names]
time.sleep(0.3)
print(all(before), before == [os.path.getsize(name) for name in names])";
    assert_eq!(printed(&session, sizes).await, "True True\n");
}

/// Zero seconds is a deadline, not its absence.
pub async fn zero_is_a_deadline(backend: Shared) {
    let session = open(backend).await;
    let result = run(&session, Run::code("import time; time.sleep(60)").timeout(Duration::ZERO)).await;
    assert_eq!(result.outcome, WALL);
}

/// CPU time is told apart from wall time.
pub async fn busy_loops_run_out_of_cpu_time(backend: Shared) {
    let session = open(backend).await;
    let result = run(&session, Run::code("while True: pass").cpu_time(Duration::from_millis(300))).await;
    assert_eq!(result.outcome, Outcome::TimedOut { limit: TimeLimit::Cpu });
}

/// Signals that can be ignored are not how a run is ended.
pub async fn ignored_signals_do_not_help(backend: Shared) {
    let session = open(backend).await;
    let code = "import signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU): signal.signal(number, signal.SIG_IGN)
while True: time.sleep(1)";
    assert_eq!(run(&session, Run::code(code).timeout(Duration::from_millis(500))).await.outcome, WALL);
}

/// A program that closed its output goes on and is timed.
pub async fn closed_output_is_still_timed(backend: Shared) {
    let session = open(backend).await;
    let code = Run::code("import os, time; os.close(1); os.close(2); time.sleep(60)");
    assert_eq!(run(&session, code.timeout(Duration::from_millis(500))).await.outcome, WALL);
}

/// Whoever does not take output holds the program up, not its deadline.
pub async fn slow_readers_do_not_stop_the_clock(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys\nwhile True: sys.stdout.write('x' * 65536)";
    let run = Run::code(code).unlimited_output().timeout(Duration::from_millis(500));
    let handle = session.start(run).await.expect("it starts");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = Instant::now();
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, WALL);
    assert!(before.elapsed() < Duration::from_secs(3));
}

/// A run ends with its main process, whoever still holds its output.
pub async fn background_children_do_not_hold_a_run(backend: Shared) {
    let session = open(backend).await;
    let before = Instant::now();
    let code = "import os, time\nif os.fork() == 0: time.sleep(60)\nprint('done')";
    assert_eq!(printed(&session, code).await, "done\n");
    assert!(before.elapsed() < Duration::from_secs(10));
}

/// Reaching the memory limit is no plain failure. Where nothing holds it, whoever names it is refused.
pub async fn memory_limit_is_an_outcome(backend: Shared) {
    if let Some(missing) = not_held(&backend, Guarantee::MemoryLimit).await {
        let error = Session::builder_on(backend, Language::Python).memory_mib(128).open().await.expect_err("not held");
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.hint().is_some(), "{error:?}");
        return not_run("memory_limit_is_an_outcome", &missing);
    }
    let session = Session::builder_on(backend, Language::Python).memory_mib(128).open().await.expect("a session opens");
    let result = run(&session, "pieces = []\nwhile True: pieces.append(b'x' * (1 << 20))").await;
    assert_eq!(result.outcome, Outcome::OutOfMemory, "{}", result.stderr_text());
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}
