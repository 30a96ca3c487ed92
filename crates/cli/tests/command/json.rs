//! One object, whatever happens.

use serde_json::{Value, json};

use crate::support::{Live, finish, finished, run};

/// The one object, and the exit status.
fn object(arguments: &[&str]) -> (Value, Option<i32>) {
    let arguments: Vec<&str> = ["--json"].iter().chain(arguments).copied().collect();
    let ended = finished(&arguments);
    assert_eq!(ended.stderr, "");
    assert!(ended.stdout.ends_with("}\n") && ended.stdout.lines().count() == 1, "{ended:?}");
    (serde_json::from_str(&ended.stdout).expect("JSON"), ended.status)
}

#[test]
fn a_result_has_all_its_fields() {
    let (result, status) = object(&["-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"]);
    assert_eq!(status, Some(3));
    let mut keys: Vec<_> = result.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected =
        ["durations", "exit_code", "hints", "outcome", "schema", "signal", "stderr", "stdout", "truncated", "usage"];
    assert_eq!(keys, expected);
    assert_eq!(result["schema"], 1);
    assert_eq!(result["outcome"], json!({"kind": "exited", "code": 3}));
    assert_eq!(result["exit_code"], 3);
    assert_eq!(result["signal"], Value::Null);
    assert_eq!(result["truncated"], false);
    assert_eq!(result["stdout"]["bytes"], "out\n");
    assert_eq!(result["stderr"]["bytes"], "err\n");
    assert!(result["usage"]["wall"].as_f64().expect("a number") > 0.0);
    assert!(result["usage"]["peak_memory_bytes"].as_u64().expect("a number") > 1 << 20);
    assert!(result["durations"]["run"].as_f64().expect("a number") > 0.0);
}

#[test]
fn what_a_number_cannot_tell_is_told_apart() {
    let (left, status) = object(&["-c", "import os; os._exit(124)"]);
    assert_eq!((status, &left["outcome"]), (Some(124), &json!({"kind": "exited", "code": 124})));
    let (late, status) = object(&["--timeout", "0.3", "-c", "while True: pass"]);
    assert_eq!((status, &late["outcome"]), (Some(124), &json!({"kind": "timed-out", "limit": "wall"})));
    let (slain, status) = object(&["-c", "import os; os.kill(os.getpid(), 9)"]);
    assert_eq!((status, &slain["outcome"]), (Some(137), &json!({"kind": "signalled", "signal": 9})));
    assert_eq!((&slain["exit_code"], &slain["signal"]), (&Value::Null, &json!(9)));
    let (full, status) = object(&["--memory", "64m", "-c", "b'x' * (1 << 30)"]);
    assert_eq!((status, &full["outcome"]), (Some(137), &json!({"kind": "out-of-memory"})));
}

#[test]
fn bytes_that_are_no_text_are_base64() {
    let (result, _) = object(&["-c", "import sys; sys.stdout.buffer.write(bytes([255, 0]))"]);
    assert_eq!(result["stdout"]["bytes"], json!({"base64": "/wA="}));
}

#[test]
fn truncation_is_told_with_its_place() {
    let (result, _) = object(&["--output", "10", "-c", "print('x' * 99)"]);
    assert_eq!(result["truncated"], true);
    assert_eq!(result["stdout"], json!({"bytes": "xxxxxxxxx\n", "gap": {"offset": 5, "omitted": 90}, "written": 100}));
}

#[test]
fn errors_are_objects_too() {
    let (error, status) = object(&["-c", ""]);
    assert_eq!(status, Some(2));
    let words = json!({"kind": "invalid-input", "message": "code: it is empty", "hint": "give a program to run"});
    assert_eq!(error, json!({"schema": 1, "error": words}));

    let mut command = run(["--json", "-c", "1"]);
    command.env("PATH", "/nowhere").env_remove("LLM_SANDBOX_PYTHON");
    let ended = finish(command);
    let error: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!((ended.status, &error["error"]["kind"]), (Some(125), &json!("interpreter-missing")));
}

#[test]
fn wrong_usage_is_an_object_too() {
    let (error, status) = object(&["--tiemout", "1", "-c", "1"]);
    assert_eq!((status, &error["error"]["kind"]), (Some(2), &json!("usage")));
    assert_eq!(error["error"]["message"], "unexpected argument '--tiemout' found");
    assert_eq!(error["error"]["hint"], "a similar argument exists: '--timeout'");
    let (error, _) = object(&[]);
    let message = "the following required arguments were not provided: <--code <CODE>|FILE>";
    assert_eq!(error["error"], json!({"kind": "usage", "message": message, "hint": "see llm-sandbox help run"}));
}

#[test]
fn an_interrupted_run_has_its_result() {
    // Nothing streams with --json, so that the code tells by reading that it is on.
    let code = "import time\nfor line in open(0): print(line)\ntime.sleep(60)";
    let mut live = Live::start(run(["--json", "-c", code]));
    let much = "x".repeat(1 << 20);
    std::io::Write::write_all(&mut live.stdin, much.as_bytes()).expect("it reads");
    rustix::process::kill_process(pid(&live), rustix::process::Signal::INT).expect("it lives");
    let ended = live.end();
    let result: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!((ended.status, &result["outcome"]), (Some(130), &json!({"kind": "killed"})));
}

fn pid(live: &Live) -> rustix::process::Pid {
    rustix::process::Pid::from_child(&live.child)
}
