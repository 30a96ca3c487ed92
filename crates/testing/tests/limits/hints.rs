//! What a result says about what stood in the way of the code.

use llm_sandbox_core::{Refusal, Run, RunResult, Session};

use crate::support::{open, python, run};

fn refusals(result: &RunResult) -> Vec<Refusal> {
    for hint in &result.hints {
        let words = hint.message.len() + hint.remedy.len();
        assert!((20..300).contains(&words) && !hint.rule.is_empty(), "{hint:?}");
    }
    result.hints.iter().map(|hint| hint.refusal).collect()
}

async fn hinted(session: &Session, code: impl Into<Run>) -> Vec<Refusal> {
    let result = run(session, code).await;
    assert!(!result.is_success(), "{}", result.stdout_text());
    refusals(&result)
}

#[tokio::test]
async fn each_limit_is_named_by_who_ran_into_it() {
    let session = open(python().memory_mib(64).disk_mib(8).processes(8).file_size_bytes(4 << 20)).await;
    assert_eq!(hinted(&session, "x = b'x' * (100 << 20)").await, [Refusal::Memory]);
    assert_eq!(hinted(&session, Run::code("while True: pass").timeout_seconds(0.2)).await, [Refusal::WallTime]);
    let busy = Run::code("while True: pass").cpu_time(std::time::Duration::from_millis(100));
    assert_eq!(hinted(&session, busy).await, [Refusal::CpuTime]);
    let large = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nopen('f', 'w').truncate(5 << 20)";
    assert_eq!(hinted(&session, large).await, [Refusal::FileSize]);
    let forks = "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(5); os._exit(0)";
    assert_eq!(hinted(&session, forks).await, [Refusal::Processes]);
    let full = "for part in range(4): open(f'part-{part}', 'wb').write(b'x' * (3 << 20))";
    let result = run(&session, full).await;
    assert_eq!(refusals(&result), [Refusal::Disk]);
    assert!(result.hints[0].rule.contains("8 MiB"), "{:?}", result.hints);
}

#[tokio::test]
async fn a_network_that_is_not_there_is_named() {
    let session = open(python()).await;
    let connect = "import socket\nsocket.create_connection(('192.0.2.1', 80))";
    assert_eq!(hinted(&session, connect).await, [Refusal::Network]);
    let lookup = "import urllib.request\nurllib.request.urlopen('http://example.com/')";
    assert_eq!(hinted(&session, lookup).await, [Refusal::Network]);
    let datagram = "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))";
    assert_eq!(hinted(&session, datagram).await, [Refusal::Network]);
    assert_eq!(hinted(&session, "raise SystemExit(1)").await, [], "what an earlier run tried is not this one's");
}

#[tokio::test]
async fn ordinary_failures_and_successes_have_no_hint() {
    let session = open(python()).await;
    for code in ["raise SystemExit(3)", "1 / 0", "import os; os.abort()", "import os; os.kill(os.getpid(), 9)"] {
        assert_eq!(hinted(&session, code).await, [], "{code}");
    }
    let caught = "import socket\ntry: socket.create_connection(('192.0.2.1', 80))\nexcept OSError: print('caught')";
    assert_eq!(refusals(&run(&session, caught).await), [], "it did not mind");
}
