//! The serialised forms, which others store and send.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, time::Duration};

use llm_sandbox_core::{
    Access, Durations, Gap, Hint, Language, Limits, Mount, Outcome, Output, Refusal, RunResult, SandboxSpec, TimeLimit,
    Usage,
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
    let spec = SandboxSpec { mounts: vec![mount], toolchains: vec![odd], ..SandboxSpec::default() };
    round_trip(&spec);
    assert!(serde_json::from_str::<Limits>(r#"{"memroy_bytes": 1}"#).is_err(), "unknown fields are refused");
    let limits: Limits = serde_json::from_str(r#"{"cpus": 2.5}"#).expect("the rest are defaults");
    assert_eq!(limits, Limits { cpus: 2.5, ..Limits::default() });
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
