//! What goes in and out of a program.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

use llm_sandbox_core::{Outcome, OutputStream, Run};

use super::interpreters::{everywhere, prints};
use crate::support::{javascript, open, printed, python, run, until};

fn megabyte() -> Vec<u8> {
    (0..1_000_000_u32).map(|number| b'a' + (number % 23) as u8).collect()
}

#[tokio::test]
async fn a_megabyte_of_standard_input_arrives() {
    let code = "import hashlib, sys\ntext = sys.stdin.read()\nprint(len(text), hashlib.md5(text.encode()).hexdigest())";
    let node = "let text = ''
process.stdin.on('data', piece => text += piece)
process.stdin.on('end', () => console.log(text.length, require('crypto').createHash('md5').update(text).digest('hex')))";
    let node = printed(&open(javascript()).await, Run::code(node).stdin(megabyte())).await;
    assert!(node.starts_with("1000000 "), "{node}");
    prints(Run::code(code).stdin(megabyte()), &node).await;
}

#[tokio::test]
async fn standard_input_that_is_not_read_hurts_nobody() {
    for session in everywhere().await {
        assert_eq!(printed(&session, Run::code("print('early')").stdin(megabyte())).await, "early\n");
        let some = "import sys; print(len(sys.stdin.read(10)))";
        assert_eq!(printed(&session, Run::code(some).stdin(megabyte())).await, "10\n");
    }
}

#[tokio::test]
async fn lines_are_read_as_python_reads_them() {
    let code = "a, b = map(int, input().split())\nprint(a + b)\ntry: input()\nexcept EOFError: print('end')";
    prints(Run::code(code).stdin("40 2\n"), "42\nend\n").await;
}

#[tokio::test]
async fn arguments_arrive_as_they_are() {
    let arguments = ["-x", "--", "", "two words", "$HOME", "`id`", "*", "é€😀", "a\nb"];
    let shown = "['-x', '--', '', 'two words', '$HOME', '`id`', '*', 'é€😀', 'a\\nb']\n";
    prints(Run::code("import sys; print(sys.argv[1:])").args(arguments), shown).await;
    let node = Run::code("console.log(JSON.stringify(process.argv.slice(2)))").args(arguments);
    let shown = "[\"-x\",\"--\",\"\",\"two words\",\"$HOME\",\"`id`\",\"*\",\"é€😀\",\"a\\nb\"]\n";
    assert_eq!(printed(&open(javascript()).await, node).await, shown);
    let bytes = Run::code("import os, sys; print(os.fsencode(sys.argv[1]))").arg(OsStr::from_bytes(b"\xff\xfe"));
    prints(bytes, "b'\\xff\\xfe'\n").await;
}

#[tokio::test]
async fn output_that_is_no_text_arrives() {
    let every: Vec<u8> = (0..=255).collect();
    for session in everywhere().await {
        let result = run(&session, "import sys; sys.stdout.buffer.write(bytes(range(256)))").await;
        assert_eq!(result.stdout.bytes, every);
    }
    let node = run(&open(javascript()).await, "process.stdout.write(Buffer.from([...Array(256).keys()]))").await;
    assert_eq!(node.stdout.bytes, every);
}

#[tokio::test]
async fn text_of_any_script_arrives() {
    let text = "héllo wörld — 你好 مرحبا 😀";
    prints(format!("print('{text}')"), &format!("{text}\n")).await;
    let node = printed(&open(javascript()).await, format!("console.log('{text}')")).await;
    assert_eq!(node, format!("{text}\n"));
}

#[tokio::test]
async fn much_output_stays_in_order() {
    let expected: String = (0..200_000).map(|number| format!("{number}\n")).collect();
    for session in everywhere().await {
        let result = run(&session, "for i in range(200000): print(i)").await;
        assert!(result.is_success() && result.stdout_text() == expected);
    }
    let code = "let all = ''\nfor (let i = 0; i < 200000; i++) all += i + '\\n'\nprocess.stdout.write(all)";
    let result = run(&open(javascript()).await, code).await;
    assert!(result.is_success() && result.stdout_text() == expected);
}

#[tokio::test]
async fn both_streams_keep_their_order_as_events() {
    let code = "import sys
for number in range(200):
    sys.stdin.readline()
    (sys.stderr if number % 3 else sys.stdout).write(f'{number}\\n')
    (sys.stderr if number % 3 else sys.stdout).flush()";
    for session in everywhere().await {
        let mut handle = session.start(Run::code(code).stdin_stream()).await.expect("it starts");
        let mut last = None;
        for number in 0..200 {
            handle.write_stdin("\n").await.expect("it reads");
            let event = handle.next_event().await.expect("it answers");
            let stream = if number % 3 == 0 { OutputStream::Stdout } else { OutputStream::Stderr };
            assert_eq!((event.stream, event.bytes), (stream, format!("{number}\n").into_bytes()));
            assert!(last < Some((event.number, event.time)), "numbers and times rise");
            last = Some((event.number, event.time));
        }
        assert!(handle.wait().await.expect("the sandbox lives").is_success());
    }
}

#[tokio::test]
async fn exit_codes_and_signals_are_told_apart() {
    let python = open(python()).await;
    let node = open(javascript()).await;
    for code in [0, 1, 3, 42, 128, 137, 255] {
        let exited = Outcome::Exited { code };
        assert_eq!(run(&python, format!("import sys; sys.exit({code})")).await.outcome, exited);
        assert_eq!(run(&node, format!("process.exitCode = {code}")).await.outcome, exited);
        assert_eq!(run(&python, Run::shell(format!("exit {code}"))).await.outcome, exited);
    }
    for signal in [1, 2, 6, 9, 11, 14, 15] {
        let signalled = Outcome::Signalled { signal };
        let code = format!(
            "import os, signal\nsignal.signal({signal}, signal.SIG_DFL) if {signal} != 9 else 0\nos.kill(os.getpid(), {signal})\nsignal.pause()"
        );
        assert_eq!(run(&python, code).await.outcome, signalled);
        assert_eq!(run(&python, Run::shell(format!("kill -{signal} $$; sleep 9"))).await.outcome, signalled);
    }
    assert_eq!(run(&node, "process.kill(process.pid, 'SIGKILL')").await.outcome, Outcome::Signalled { signal: 9 });
    assert_eq!(run(&node, "process.abort()").await.outcome, Outcome::Signalled { signal: 6 });
    let crash = "import ctypes; ctypes.string_at(0)";
    assert_eq!(run(&python, crash).await.outcome, Outcome::Signalled { signal: 11 });
}

#[tokio::test]
async fn messages_of_exit_are_on_standard_error() {
    for session in everywhere().await {
        let result = run(&session, "import sys; sys.exit('because')").await;
        assert_eq!((result.exit_code(), result.stderr_text()), (Some(1), "because\n".into()));
    }
}

#[tokio::test]
async fn a_failing_line_is_named() {
    for session in everywhere().await {
        let result = run(&session, "x = 1\n\ndef f(y):\n    return y / 0\n\nf(x)\n").await;
        let words = result.stderr_text();
        assert_eq!(result.exit_code(), Some(1));
        assert!(words.contains("/main.py\", line 6") && words.contains("/main.py\", line 4, in f"), "{words}");
        assert!(words.contains("return y / 0") && words.ends_with("ZeroDivisionError: division by zero\n"), "{words}");
        let words = run(&session, "x = 1\ny = (\n").await.stderr_text().into_owned();
        assert!(words.contains("main.py\", line 2") && words.contains("SyntaxError"), "{words}");
    }
    let session = open(javascript()).await;
    for (code, line) in
        [("let x = 1\n\nfunction f() {\n  throw new Error('no')\n}\nf()", 4), ("let x = 1\nlet x = 2", 2)]
    {
        let result = run(&session, code).await;
        assert_eq!(result.exit_code(), Some(1));
        assert!(result.stderr_text().contains(&format!("main.js:{line}")), "{}", result.stderr_text());
    }
    let words = run(&session, "\nPromise.reject(new Error('later'))").await.stderr_text().into_owned();
    assert!(words.contains("main.js:2") && words.contains("Error: later"), "{words}");
}

#[tokio::test]
async fn signals_reach_handlers() {
    // Python forgets a signal that comes between its last look for one and a long sleep.
    let python = "import signal, sys, time
def handle(number, frame):
    print('got', number)
    sys.exit(number)
for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP): signal.signal(number, handle)
print('ready')
while True: time.sleep(0.01)";
    for session in everywhere().await {
        for number in [15, 10, 1] {
            let mut handle = session.start(python).await.expect("it starts");
            until(&mut handle, "ready\n").await;
            handle.signal(number).await.expect("it is a signal");
            until(&mut handle, &format!("got {number}\n")).await;
            assert_eq!(handle.wait().await.expect("the sandbox lives").exit_code(), Some(number));
        }
        let mut handle =
            session.start("import time\nprint('ready')\nwhile True: time.sleep(0.01)").await.expect("it starts");
        until(&mut handle, "ready").await;
        handle.signal(2).await.expect("it is a signal");
        let result = handle.wait().await.expect("the sandbox lives");
        assert!(result.stderr_text().contains("KeyboardInterrupt"), "{}", result.stderr_text());
        assert_eq!(result.outcome, Outcome::Signalled { signal: 2 });
    }
    let node = "process.on('SIGTERM', () => { console.log('got'); process.exit(5) })
console.log('ready')
setInterval(() => {}, 1000)";
    let mut handle = open(javascript()).await.start(node).await.expect("it starts");
    until(&mut handle, "ready").await;
    handle.signal(15).await.expect("it is a signal");
    until(&mut handle, "got\n").await;
    assert_eq!(handle.wait().await.expect("the sandbox lives").exit_code(), Some(5));
}
