//! Runs followed while they go on.

use std::time::{Duration, Instant};

use llm_sandbox_core::{ErrorKind, Outcome, Run, RunHandle};

use super::{Shared, open, printed};

/// The next line of output, which may come in pieces.
async fn next(handle: &mut RunHandle) -> String {
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        let event = tokio::time::timeout(Duration::from_secs(10), handle.next_event()).await.expect("in time");
        line.extend(event.expect("output").bytes);
    }
    String::from_utf8(line).expect("text")
}

/// Output is seen as it is printed, not when the program ends.
pub async fn events_come_as_they_are_printed(backend: Shared) {
    let session = open(backend).await;
    let mut handle = session.start("import time; print('now'); time.sleep(60)").await.expect("it starts");
    assert_eq!(next(&mut handle).await, "now\n");
}

/// A dialogue by standard input and output, and its end.
pub async fn stdin_can_be_written_live(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys\nfor line in sys.stdin: print(line.strip().upper())\nprint('end')";
    let mut handle = session.start(Run::code(code).stdin_stream()).await.expect("it starts");
    for word in ["one", "two"] {
        handle.write_stdin(format!("{word}\n")).await.expect("it is read");
        assert_eq!(next(&mut handle).await, format!("{}\n", word.to_uppercase()));
    }
    handle.close_stdin();
    assert_eq!(handle.write_stdin("three\n").await.expect_err("closed").kind(), ErrorKind::StdinClosed);
    assert_eq!(next(&mut handle).await, "end\n");
    assert!(handle.wait().await.expect("the sandbox lives").is_success());
}

/// A kill is an outcome of its own and ends the run at once.
pub async fn runs_can_be_killed(backend: Shared) {
    let session = open(backend).await;
    let before = Instant::now();
    let mut handle = session.start("import time; print('on'); time.sleep(60)").await.expect("it starts");
    next(&mut handle).await;
    handle.control().kill().await;
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
    assert!(before.elapsed() < Duration::from_secs(10));
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// A signal reaches the program, which may do something about it.
pub async fn signals_can_be_sent(backend: Shared) {
    let session = open(backend).await;
    // Python forgets a signal that comes between its last look for one and a long sleep.
    let code = "import signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(5))
print('ready')
while True: time.sleep(0.01)";
    let mut handle = session.start(code).await.expect("it starts");
    next(&mut handle).await;
    handle.signal(10).await.expect("it is a signal");
    assert_eq!(handle.signal(0).await.expect_err("no signal").kind(), ErrorKind::InvalidInput);
    assert_eq!(handle.wait().await.expect("the sandbox lives").exit_code(), Some(5));
}

const HEARTBEAT: &str = "import time\nprint('on')\nwhile True:\n    open('beat', 'a').write('.')\n    time.sleep(0.01)";

const STILL: &str = "import os, time
time.sleep(0.2)
before = os.path.getsize('beat')
time.sleep(0.3)
print(before == os.path.getsize('beat'))";

/// Dropping a handle kills its run; the session is usable.
pub async fn dropping_a_handle_kills(backend: Shared) {
    let session = open(backend).await;
    let mut handle = session.start(HEARTBEAT).await.expect("it starts");
    next(&mut handle).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(handle);
    assert_eq!(printed(&session, STILL).await, "True\n");
}

/// Dropping the future of a whole run likewise.
pub async fn dropping_a_run_future_kills(backend: Shared) {
    let session = open(backend).await;
    let run = tokio::time::timeout(Duration::from_millis(500), session.run(HEARTBEAT));
    assert!(run.await.is_err(), "it would go on forever");
    assert_eq!(printed(&session, STILL).await, "True\n");
}

/// A terminal is one, of the size it was given.
pub async fn terminals_are_terminals(backend: Shared) {
    let session = open(backend).await;
    let code = "import os, sys; print(sys.stdin.isatty(), sys.stdout.isatty(), os.get_terminal_size())";
    let shown = printed(&session, Run::code(code).terminal(33, 77)).await;
    assert_eq!(shown, "True True os.terminal_size(columns=77, lines=33)\r\n");
}
