//! The serialised forms, which others store and send.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, time::Duration};

use llm_sandbox_core::{
    Access, Durations, Gap, Hint, Language, Limits, Mount, Outcome, Output, OutputEvent, OutputStream, Refusal,
    RunEvent, RunInfo, RunResult, RunState, SandboxSpec, TimeLimit, Usage,
};

fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> String {
    let form = serde_json::to_string(value).expect("it has a form");
    assert_eq!(&serde_json::from_str::<T>(&form).expect("it is read back"), value);
    form
}

#[test]
fn a_result_is_text_where_it_can_be_and_base64_where_not() {
    let (rule, message, remedy) = ("r".to_owned(), "m".to_owned(), "d".to_owned());
    let hint = Hint { refusal: Refusal::CpuTime, rule, message, remedy };
    let result = RunResult {
        schema: RunResult::SCHEMA,
        outcome: Outcome::TimedOut { limit: TimeLimit::Cpu },
        stdout: Output { bytes: "hé".into(), gap: Some(Gap { offset: 1, omitted: 7 }), written: 10 },
        stderr: Output { bytes: vec![0xff], gap: None, written: 1 },
        usage: Usage { wall: Some(Duration::from_millis(1500)), ..Usage::default() },
        durations: Durations { run: Some(Duration::from_millis(1500)), ..Durations::default() },
        hints: vec![hint],
    };
    let expected = concat!(
        r#"{"schema":1,"outcome":{"kind":"timed-out","limit":"cpu"},"#,
        r#""stdout":{"bytes":"hé","gap":{"offset":1,"omitted":7},"written":10},"#,
        r#""stderr":{"bytes":{"base64":"/w=="},"gap":null,"written":1},"#,
        r#""usage":{"wall":1.5,"user":null,"system":null,"peak_memory_bytes":null,"peak_processes":null,"#,
        r#""output_bytes":null},"durations":{"prepare":null,"compile":null,"run":1.5},"#,
        r#""hints":[{"refusal":"cpu-time","rule":"r","message":"m","remedy":"d"}]}"#,
    );
    assert_eq!(round_trip(&result), expected);
}

#[test]
fn a_spec_round_trips_with_names_that_are_bytes() {
    let odd = std::path::PathBuf::from(OsStr::from_bytes(b"/odd\xff"));
    let mount = Mount { source: odd.clone(), target: "/data".into(), access: Access::ReadWrite };
    let labels = [("a".to_owned(), "b".to_owned())].into();
    let (mounts, toolchains, deadline) = (vec![mount], vec![odd], Some(7));
    let spec = SandboxSpec { mounts, toolchains, labels, deadline, id: "1f".to_owned(), ..SandboxSpec::default() };
    let form = round_trip(&spec);
    let older = form.replace(r#","id":"1f","labels":{"a":"b"},"deadline":7"#, "");
    assert!(serde_json::from_str::<SandboxSpec>(&older).is_ok_and(|spec| spec.id.is_empty()), "{form}");
    assert!(serde_json::from_str::<Limits>(r#"{"memroy_bytes": 1}"#).is_err(), "unknown fields are refused");
    let limits: Limits = serde_json::from_str(r#"{"cpus": 2.5}"#).expect("the rest are defaults");
    assert_eq!(limits, Limits { cpus: 2.5, ..Limits::default() });
}

#[test]
fn what_a_session_tells_can_be_sent() {
    let outcome = Outcome::Exited { code: 3 };
    let run = RunInfo {
        number: 7,
        what: "python".to_owned(),
        started: std::time::UNIX_EPOCH,
        is_detached: true,
        state: RunState::Ended { outcome },
    };
    let expected = concat!(
        r#"{"number":7,"what":"python","started":{"secs_since_epoch":0,"nanos_since_epoch":0},"is_detached":true,"#,
        r#""state":{"kind":"ended","outcome":{"kind":"exited","code":3}}}"#,
    );
    assert_eq!(round_trip(&run), expected);
    let event =
        OutputEvent { number: 1, time: Duration::from_millis(1500), stream: OutputStream::Stderr, bytes: vec![0xff] };
    let output =
        r#"{"kind":"output","run":7,"event":{"number":1,"time":1.5,"stream":"stderr","bytes":{"base64":"/w=="}}}"#;
    assert_eq!(round_trip(&RunEvent::Output { run: 7, event }), output);
    round_trip(&RunEvent::Started { run });
    assert_eq!(round_trip(&RunEvent::Missed { events: 2 }), r#"{"kind":"missed","events":2}"#);
}

#[test]
fn languages_go_by_name() {
    assert_eq!(round_trip(&Language::JavaScript), r#""javascript""#);
    assert_eq!(Language::of_file("a/b.PY"), Some(Language::Python));
    assert_eq!(Language::of_file("a/b.cjs"), Some(Language::JavaScript));
    assert_eq!(Language::of_file("py"), None);
    for (name, nearest) in [("pyhton", "python"), ("javascrip", "javascript"), ("nod", "node"), ("Pyton3", "python3")] {
        let error = name.parse::<Language>().expect_err("misspelt");
        assert!(
            error.hint().is_some_and(|hint| hint.contains(&format!("\"{nearest}\""))),
            "{name}: {:?}",
            error.hint()
        );
    }
}
