//! The blocking interface, and where it refuses.

#![cfg(target_os = "linux")]

use std::time::Duration;

use llm_sandbox::{ErrorKind, Language, Outcome, Run, RunEvent, blocking::Session};

#[test]
fn a_session_is_used_from_many_threads() {
    let session = Session::builder(Language::Python).open().expect("it opens");
    std::thread::scope(|scope| {
        for number in 0..4 {
            let session = session.clone();
            scope.spawn(move || {
                let result = session.run(Run::command("echo").arg(number.to_string())).expect("it runs");
                assert_eq!(result.stdout_text(), format!("{number}\n"));
            });
        }
    });
    session.close().expect("it closes");
}

#[test]
fn a_run_is_followed_and_killed_from_another_thread() {
    let session = Session::builder(Language::Python).open().expect("it opens");
    let mut run = session.start(Run::code("print(input())\nwhile True: pass").stdin_stream()).expect("it starts");
    run.write_stdin("hello\n").expect("it is read");
    let mut seen = Vec::new();
    while !seen.ends_with(b"\n") {
        seen.extend(run.next_event().expect("no runtime here").expect("output").bytes);
    }
    assert_eq!(seen, b"hello\n");
    let control = run.control();
    let killer = std::thread::spawn(move || control.kill());
    assert_eq!(run.wait().expect("the sandbox lives").outcome, Outcome::Killed);
    killer.join().expect("no panic").expect("no runtime there");
}

#[test]
fn a_run_goes_on_without_its_handle() {
    let session = Session::builder(Language::Python).label("a", "b").open().expect("it opens");
    let mut watch = session.watch().expect("it is open");
    let handle = session.start(Run::command("cat").stdin_stream().detached()).expect("it starts");
    let number = handle.number();
    // There is no runtime on this thread.
    drop(handle);
    let control = session.run_control(number).expect("it goes on");
    control.write_stdin("hello").expect("it is read");
    control.close_stdin();
    assert_eq!(session.take(number).expect("the sandbox lives").stdout_text(), "hello");
    assert!(matches!(watch.next_event().expect("no runtime here"), Some(RunEvent::Started { run }) if run.number == 1));
    assert_eq!(session.execute(["echo", "a b"]).expect("it runs").stdout_text(), "a b\n");
    let info = session.info().expect("it is open");
    assert_eq!((info.id.as_str(), info.runs_ended), (session.id(), 2));
    session.close().expect("it closes");
    assert_eq!(session.wait_closed().expect("no runtime here").kind(), ErrorKind::Closed);
}

#[test]
fn a_session_is_shared() {
    let session = Session::builder(Language::Python).lifetime(Duration::from_secs(1000)).open().expect("it opens");
    let path = std::env::temp_dir().join(format!("llm-sandbox-blocking-{}", session.id()));
    session.share(&path).expect("it is shared");
    let other = Session::attach(&path).expect("it is let in");
    assert_eq!(other.run("print(6 * 7)").expect("it runs").stdout_text(), "42\n");
    let number = other.start(Run::command("sleep").arg("1000").detached()).expect("it starts").number();
    assert_eq!(session.runs().expect("it is open").len(), 1);
    other.stop(number).expect("it goes on until then");
    assert!(other.extend(Duration::from_secs(1)).expect("it has a lifetime").as_secs() > 900);
    other.destroy_shared().expect("it closes");
    assert!(session.is_over() && !path.exists());
}

#[test]
fn inside_a_runtime_it_refuses_and_does_not_panic() {
    let session = Session::builder(Language::Python).open().expect("it opens");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let error = session.run("print(1)").expect_err("waiting would stall the runtime");
        assert_eq!(error.kind(), ErrorKind::InsideRuntime);
        assert!(error.hint().is_some());
        assert_eq!(session.close().expect_err("likewise").kind(), ErrorKind::InsideRuntime);
        assert!(Session::builder(Language::Python).open().is_err());
        drop(session);
    });
}
