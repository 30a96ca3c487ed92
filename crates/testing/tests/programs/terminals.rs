//! Programs on a terminal.

use llm_sandbox_core::{Outcome, Run};

use super::interpreters::everywhere;
use crate::support::{javascript, open, until};

#[tokio::test]
async fn an_interactive_interpreter_answers() {
    for session in everywhere().await {
        let repl = Run::command("python3").args(["-q", "-i"]).env("TERM", "dumb").env("PYTHON_BASIC_REPL", "1");
        let mut handle = session.start(repl.terminal(24, 80).stdin_stream()).await.expect("it starts");
        until(&mut handle, ">>> ").await;
        handle.write_stdin("6 * 7\n").await.expect("it reads");
        until(&mut handle, "42\r\n").await;
        handle.write_stdin("1 / 0\n").await.expect("it reads");
        until(&mut handle, "ZeroDivisionError").await;
        handle.write_stdin("exit(7)\n").await.expect("it reads");
        assert_eq!(handle.wait().await.expect("the sandbox lives").exit_code(), Some(7));
    }
}

#[tokio::test]
async fn the_interrupt_key_interrupts() {
    for session in everywhere().await {
        // Python forgets a signal that comes between its last look for one and a long sleep.
        let code = "import time\ntry:\n    print('on')\n    while True: time.sleep(0.01)\nexcept KeyboardInterrupt: print('interrupted')";
        let mut handle = session.start(Run::code(code).terminal(24, 80).stdin_stream()).await.expect("it starts");
        until(&mut handle, "on\r\n").await;
        handle.write_stdin([3]).await.expect("it reads");
        until(&mut handle, "interrupted").await;
        assert!(handle.wait().await.expect("the sandbox lives").is_success());
    }
}

#[tokio::test]
async fn the_size_is_told_and_its_change() {
    let session = open(javascript()).await;
    let code = "const size = () => console.log(process.stdout.isTTY, process.stdout.columns, process.stdout.rows)
size()
process.stdout.on('resize', () => { size(); process.exit() })
process.stdin.resume()";
    let mut handle = session.start(Run::code(code).terminal(30, 100).stdin_stream()).await.expect("it starts");
    until(&mut handle, "true 100 30\r\n").await;
    handle.resize(50, 132).await;
    until(&mut handle, "true 132 50\r\n").await;
    assert_eq!(handle.wait().await.expect("the sandbox lives").outcome, Outcome::Exited { code: 0 });
}

#[tokio::test]
async fn a_shell_on_a_terminal_has_job_control() {
    for session in everywhere().await.into_iter().take(1) {
        let shell = Run::command("/bin/bash").args(["--norc", "-i"]).env("PS1", "> ").env("TERM", "dumb");
        let mut handle = session.start(shell.terminal(24, 80).stdin_stream()).await.expect("it starts");
        until(&mut handle, "> ").await;
        handle.write_stdin("sh -c 'echo started; exec sleep 100'\n").await.expect("it reads");
        until(&mut handle, "\nstarted\r\n").await;
        handle.write_stdin([26]).await.expect("it reads");
        let seen = until(&mut handle, "Stopped").await;
        handle.write_stdin("kill -9 %1; disown -a; echo $((6 * 7)); exit 4\n").await.expect("it reads");
        until(&mut handle, "\n42\r\n").await;
        let result = handle.wait().await.expect("the sandbox lives");
        assert!(!result.stdout_text().contains("no job control"), "{seen}");
        assert_eq!(result.exit_code(), Some(4));
    }
}
