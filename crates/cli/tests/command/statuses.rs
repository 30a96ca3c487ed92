//! Every exit status, and the words that go with it.

use crate::support::{finish, finished, run};

#[test]
fn the_status_is_the_codes_own() {
    for (code, status) in [("print(1)", 0), ("raise SystemExit(3)", 3), ("1/0", 1), ("import os; os._exit(255)", 255)] {
        assert_eq!(finished(&["-c", code]).status, Some(status), "{code}");
    }
}

#[test]
fn a_signal_adds_128() {
    let ended = finished(&["-c", "import os; os.kill(os.getpid(), 15)"]);
    assert_eq!(ended.status, Some(143));
    assert_eq!(ended.stderr, "llm-sandbox: the code was ended by signal 15 (SIGTERM)\n");
}

#[test]
fn a_timeout_is_124() {
    let ended = finished(&["--timeout", "0.5", "-c", "print('on')\nwhile True: pass"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(124), "on\n"));
    let words =
        "llm-sandbox: the code ran into its limit of 0.5 s of wall time\nllm-sandbox: hint: --timeout raises it\n";
    assert_eq!(ended.stderr, words);
}

#[test]
fn zero_is_a_timeout() {
    assert_eq!(finished(&["--timeout", "0", "-c", "print(1)"]).status, Some(124));
}

#[test]
fn cpu_time_is_a_timeout_of_its_own() {
    let ended = finished(&["--cpu-time", "0.2", "-c", "while True: pass"]);
    assert_eq!(ended.status, Some(124));
    assert!(ended.stderr.starts_with("llm-sandbox: the code ran into its limit of 0.2 s of CPU time\n"), "{ended:?}");
}

#[test]
fn out_of_memory_is_137() {
    let ended = finished(&["--memory", "64m", "-c", "b = b'x' * (1 << 30); print(len(b))"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(137), ""));
    let words = "llm-sandbox: the code ran into its limit of 64 MiB of memory\nllm-sandbox: hint: --memory raises it\n";
    assert_eq!(ended.stderr, words);
}

#[test]
fn a_failing_sandbox_is_125() {
    let mut command = run(["-c", "print(1)"]);
    command.env("PATH", "/nowhere").env_remove("LLM_SANDBOX_PYTHON");
    let ended = finish(command);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(125), ""));
    let words =
        "llm-sandbox: no usable python interpreter: no python3 or python on PATH\nllm-sandbox: hint: install it";
    assert!(ended.stderr.starts_with(words), "{ended:?}");
}

#[test]
fn quiet_says_nothing_about_the_end() {
    let ended = finished(&["-q", "--timeout", "0.3", "--output", "10", "-c", "print('x' * 99)\nwhile True: pass"]);
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(124), ""));
}
