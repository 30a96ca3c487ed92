//! The blocking interface, and where it refuses.

#![cfg(target_os = "linux")]

use llm_sandbox::{ErrorKind, Language, Outcome, Run, blocking::Session};

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
