//! Single runs.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

use llm_sandbox_core::{Language, Outcome, Run, Session};

use super::{Shared, open, printed, run};

/// The simplest program.
pub async fn hello_world(backend: Shared) {
    let session = open(backend).await;
    let result = run(&session, "print(6 * 7)").await;
    assert_eq!((result.stdout_text(), result.exit_code()), ("42\n".into(), Some(0)));
    assert!(result.stderr.bytes.is_empty() && !result.stdout.is_truncated());
    session.close().await.expect("it closes");
}

/// The other language.
pub async fn javascript_runs(backend: Shared) {
    let session = Session::builder_on(backend, Language::JavaScript).open().await.expect("a session opens");
    let result = run(&session, Run::code("console.log(6 * 7, process.argv.slice(2))\nnull.x").arg("a")).await;
    assert_eq!(result.stdout_text(), "42 [ 'a' ]\n", "{}", result.stderr_text());
    assert!(result.stderr_text().contains("main.js:2"), "{}", result.stderr_text());
    assert_eq!(result.exit_code(), Some(1));
}

/// Exit statuses arrive as they are.
pub async fn exit_codes(backend: Shared) {
    let session = open(backend).await;
    for code in [0, 1, 7, 137, 255] {
        let result = run(&session, format!("import os; os._exit({code})")).await;
        assert_eq!(result.outcome, Outcome::Exited { code });
    }
}

/// A program that a signal ended did not exit.
pub async fn signals_are_told(backend: Shared) {
    let session = open(backend).await;
    for signal in [15, 9, 6] {
        let result = run(&session, format!("import os; os.kill(os.getpid(), {signal})")).await;
        assert_eq!(result.outcome, Outcome::Signalled { signal });
        assert_eq!((result.exit_code(), result.signal()), (None, Some(signal)));
    }
}

/// Arguments are never split or expanded.
pub async fn arguments_arrive(backend: Shared) {
    let session = open(backend).await;
    let code = Run::code("import sys; print(sys.argv)").args(["--fast", "", "a b", "$HOME; *", "'\"\n"]);
    assert_eq!(printed(&session, code).await, "['/sandbox/main.py', '--fast', '', 'a b', '$HOME; *', '\\'\"\\n']\n");
}

/// Arguments need not be text.
pub async fn arguments_are_bytes(backend: Shared) {
    let session = open(backend).await;
    let code = Run::code("import os, sys; print(os.fsencode(sys.argv[1]))").arg(OsStr::from_bytes(b"\xff\x80"));
    assert_eq!(printed(&session, code).await, "b'\\xff\\x80'\n");
}

/// Nothing of the host's environment is inside; the caller's is, the run's over the session's.
pub async fn environment_is_built_from_nothing(backend: Shared) {
    let session = Session::builder_on(backend, Language::Python).env("A", "session").env("B", "session");
    let session = session.open().await.expect("a session opens");
    let code = "import os; print(' '.join(sorted(os.environ)), os.environ['A'], os.environ['B'], os.environ['HOME'])";
    let shown = printed(&session, Run::code(code).env("A", "run")).await;
    assert!(shown.ends_with(" run session /home/sandbox\n"), "{shown}");
    let known = ["A", "B", "HOME", "LANG", "LC_CTYPE", "PATH", "PWD", "USER"];
    let names = shown.split_whitespace().rev().skip(3);
    let strange = names.filter(|name| !known.contains(name) && !name.starts_with("PYTHON"));
    assert_eq!(strange.collect::<Vec<_>>(), [""; 0]);
}

/// Standard input arrives whole, then ends.
pub async fn stdin_arrives(backend: Shared) {
    let session = open(backend).await;
    let code = Run::code("import sys; print(sys.stdin.buffer.read())").stdin(&b"a\0\xff\n"[..]);
    assert_eq!(printed(&session, code).await, "b'a\\x00\\xff\\n'\n");
}

/// Without standard input it is empty, not closed and not a terminal.
pub async fn empty_stdin_ends(backend: Shared) {
    let session = open(backend).await;
    assert_eq!(printed(&session, "import sys; print(repr(sys.stdin.read()))").await, "''\n");
}

/// More standard input than any window holds, echoed while it is read.
pub async fn large_stdin_arrives(backend: Shared) {
    let session = open(backend).await;
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let code = "import sys\nwhile piece := sys.stdin.buffer.read(65536): sys.stdout.buffer.write(piece)";
    let result = run(&session, Run::code(code).stdin(bytes.clone())).await;
    assert!(result.is_success() && result.stdout.bytes == bytes);
}

/// A program text larger than any window.
pub async fn large_sources_run(backend: Shared) {
    let session = open(backend).await;
    let source = format!("print('before')\n{}print('after')", "# filler\n".repeat(400_000));
    assert_eq!(printed(&session, source).await, "before\nafter\n");
}

/// Code works in `/sandbox` unless it is told another place.
pub async fn working_directory(backend: Shared) {
    let session = open(backend).await;
    let code = || Run::code("import os; print(os.getcwd())");
    assert_eq!(printed(&session, code()).await, "/sandbox\n");
    session.make_directory("deep/er").await.expect("it is made");
    assert_eq!(printed(&session, code().directory("deep/er")).await, "/sandbox/deep/er\n");
    assert_eq!(printed(&session, code().directory("/tmp")).await, "/tmp\n");
}

/// Errors speak of the code's own lines under a stable name.
pub async fn tracebacks_name_the_source(backend: Shared) {
    let session = open(backend).await;
    let result = run(&session, "def f():\n    raise KeyError('x')\n\nf()").await;
    let words = result.stderr_text();
    assert!(words.contains("main.py\", line 4") && words.contains("main.py\", line 2"), "{words}");
    assert!(words.contains("raise KeyError('x')"), "{words}");
    let result = run(&session, "print(1)\nprint(").await;
    assert!(result.stderr_text().contains("main.py\", line 2"), "{}", result.stderr_text());
}

/// A command gets its arguments as they are.
pub async fn commands_run_without_a_shell(backend: Shared) {
    let session = open(backend).await;
    assert_eq!(printed(&session, Run::command("echo").args(["$HOME", "a  b", ";"])).await, "$HOME a  b ;\n");
}

/// A shell script is the caller's own string, and its arguments stay apart from it.
pub async fn shell_scripts_run(backend: Shared) {
    let session = open(backend).await;
    assert_eq!(printed(&session, Run::shell("echo \"$1\" | tr a-z A-Z").arg("$(id) x")).await, "$(ID) X\n");
}

/// A program that is not there is an outcome, with words.
pub async fn missing_programs_never_start(backend: Shared) {
    let session = open(backend).await;
    for program in ["no-such-program", "/no/such/program", "/tmp"] {
        let result = run(&session, Run::command(program)).await;
        let Outcome::NeverStarted { reason } = &result.outcome else { panic!("{program}: {:?}", result.outcome) };
        assert!(!reason.is_empty());
        assert_eq!(result.exit_code(), None);
    }
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// What a run used and how long it took is told.
pub async fn usage_is_told(backend: Shared) {
    let session = open(backend).await;
    let result = run(&session, "x = bytearray(50 << 20)\nfor i in range(1000000): pass\nprint(len(x))").await;
    let usage = &result.usage;
    assert!(usage.wall.is_some_and(|wall| !wall.is_zero()) && usage.user.is_some_and(|user| !user.is_zero()));
    assert!(usage.peak_memory_bytes.is_none_or(|peak| (50 << 20..512 << 20).contains(&peak)), "{usage:?}");
    assert_eq!(usage.output_bytes, Some(9));
    assert!(result.durations.prepare.is_some() && result.durations.run == usage.wall);
    assert_eq!(result.durations.compile, None);
}

/// Output need not be text.
pub async fn output_is_bytes(backend: Shared) {
    let session = open(backend).await;
    let result = run(&session, "import sys; sys.stdout.buffer.write(bytes(range(256)))").await;
    assert_eq!(result.stdout.bytes, (0..=255).collect::<Vec<u8>>());
}
