use std::path::Path;

use llm_sandbox_core::{
    Batch, Error, ErrorKind, FileKind, Job, Language, LanguageSpec, Run, Session,
    policy::{Severity, security_policy},
};

use super::{Place, assert_kind};
use crate::support::{marker, open, printed, python, sandbox};

/// Code that production blocks, and a trace that it would leave.
const UNSAFE: &str = "import subprocess\nsubprocess.run(['touch', 'trace'])\n";

fn guarded() -> llm_sandbox_core::SessionBuilder {
    python().policy(security_policy("production").expect("a preset")).enforce()
}

/// It was refused for what is in this file, and nothing of it ran.
async fn assert_refused<T: std::fmt::Debug>(session: &Session, file: Option<&str>, result: Result<T, Error>) {
    let error = result.expect_err("it is refused");
    assert!(error.to_string().contains("starts a program"), "{error}");
    let Error::UnsafeCode { file: seen, violations, gave_up: None } = error else { panic!("{error}") };
    assert_eq!(seen.as_deref(), file.map(Path::new));
    assert_eq!(violations.iter().map(|found| found.line).max(), Some(2));
    assert!(session.stat("trace").await.is_err(), "it ran");
}

#[tokio::test]
async fn code_is_refused_however_it_is_run() {
    let session = open(guarded()).await;
    assert_refused(&session, None, session.run(UNSAFE).await).await;
    assert_refused(&session, None, session.start(Run::code(UNSAFE).detached()).await.map(drop)).await;
    let told = session.run(format!("open('later.py', 'w').write({UNSAFE:?})")).await.expect_err("it is refused");
    assert_eq!(told.kind(), ErrorKind::UnsafeCode, "what it writes is read, too: {told}");
    let helper = Run::code("import helper").file("helper.py", UNSAFE);
    assert_refused(&session, Some("/sandbox/helper.py"), session.run(helper).await).await;
    let entry = Run::entry("app/main").file("./app/main", UNSAFE);
    assert_refused(&session, Some("/sandbox/app/main"), session.run(entry).await).await;
    // What a program has written itself is read when it is to be run.
    let copy = "import sys\ntext = sys.stdin.read()\nfor name in ['later.py', 'notes']: open(name, 'w').write(text)";
    printed(&session, Run::code(copy).stdin(UNSAFE)).await;
    for name in ["later.py", "notes"] {
        let path = format!("/sandbox/{name}");
        assert_refused(&session, Some(&path), session.run(Run::entry(name)).await).await;
    }
    assert_refused(&session, Some("/sandbox/later.py"), session.run(Run::code("1").with_source("later.py")).await)
        .await;
    // And it may do what the policy has nothing against.
    assert_eq!(printed(&session, "# subprocess.run\nprint('os.system')").await, "os.system\n");
    assert_eq!(printed(&session, Run::entry("a.py").file("a.py", "print(1)").file("data.txt", UNSAFE)).await, "1\n");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn code_is_refused_however_it_is_put_in() {
    let host = std::env::temp_dir().join(marker());
    std::fs::create_dir_all(host.join("package")).expect("a directory");
    std::fs::write(host.join("package/__init__.PY"), UNSAFE).expect("a file");
    std::fs::write(host.join("plain"), UNSAFE).expect("a file");
    let session = open(guarded()).await;
    assert_refused(&session, Some("/sandbox/a.py"), session.write("a.py", UNSAFE).await).await;
    let files = [("data", UNSAFE), ("b.py", UNSAFE)];
    assert_refused(&session, Some("/sandbox/b.py"), session.write_files(files).await).await;
    assert!(session.stat("data").await.is_err(), "it was written before");
    let upload = session.upload(host.join("package"), "package").await;
    assert_refused(&session, Some("__init__.PY"), upload).await;
    assert_refused(&session, Some("plain.py"), session.upload(host.join("plain"), "plain.py").await).await;
    session.upload(host.join("plain"), "plain.txt").await.expect("it is no code");
    std::fs::remove_file(host.join("package/__init__.PY")).expect("it is there");
    std::os::unix::fs::symlink("text", host.join("package/link.py")).expect("a link");
    assert_kind(session.upload(host.join("package"), "p").await, ErrorKind::Unsupported, "link.py");
    assert_kind(session.write("fast.so", "\x7fELF").await, ErrorKind::Unsupported, "may be loaded as code");
    assert_kind(session.run(Run::code("1").file("a.pyc", "")).await, ErrorKind::Unsupported, "a.pyc");
    session.write("class", "a name and no ending").await.expect("it is no code");
    session.remove("class").await.expect("it is there");
    let inside = session.list_tree(".").await.expect("it lists").into_iter();
    let files: Vec<_> = inside.filter(|found| found.kind != FileKind::Directory).map(|found| found.path).collect();
    assert_eq!(files, [Path::new("plain.txt")]);
    std::fs::remove_dir_all(host).expect("it goes");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_command_is_no_code_that_could_be_judged() {
    let session = open(guarded()).await;
    assert_kind(session.execute(["python3", "-c", UNSAFE]).await, ErrorKind::Unsupported, "the command python3");
    assert_kind(session.run(Run::shell("touch trace")).await, ErrorKind::Unsupported, "a command is none");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn whoever_attaches_is_bound_as_well() {
    let session = open(guarded()).await;
    let (_place, other) = Place::attached(&session).await;
    assert!(other.is_policy_enforced());
    assert_refused(&session, None, other.run(UNSAFE).await).await;
    assert_refused(&session, Some("/sandbox/a.py"), other.write("a.py", UNSAFE).await).await;
    assert_kind(other.execute(["ls"]).await, ErrorKind::Unsupported, "the command ls");
    assert_eq!(printed(&other, "print(2)").await, "2\n");
    assert!(!other.check(UNSAFE).await.expect("it is read").is_safe());
    other.close().await.expect("it hangs up");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn jobs_of_a_batch_are_refused_each_for_itself() {
    let jobs = [Job::new("good", "print(1)"), Job::new("bad", UNSAFE), Job::new("command", Run::command("ls"))];
    let mut results = Batch::new(guarded()).concurrency(2).run(jobs);
    let mut seen = Vec::new();
    while let Some(done) = results.next().await {
        seen.push((done.id, done.result.map(|result| result.is_success()).map_err(|error| error.kind())));
    }
    seen.sort_by(|(one, _), (other, _)| one.cmp(other));
    let expected = [
        ("bad".to_owned(), Err(ErrorKind::UnsafeCode)),
        ("command".to_owned(), Err(ErrorKind::Unsupported)),
        ("good".to_owned(), Ok(true)),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_policy_that_does_not_bind_tells_and_lets_run() {
    let session = open(python().policy(security_policy("production").expect("a preset"))).await;
    let report = session.check(UNSAFE).await.expect("it is read");
    assert!(!report.is_safe() && report.violations.iter().any(|found| found.found == "subprocess.run"));
    printed(&session, UNSAFE).await;
    session.stat("trace").await.expect("it ran");
    session.close().await.expect("it closes");
    let session = open(python()).await;
    assert!(session.check(UNSAFE).await.expect("there is no policy").is_safe() && session.policy().is_none());
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn code_that_is_not_seen_to_its_end_is_refused() {
    let mut policy = security_policy("production").expect("a preset");
    policy.budget.nodes = 10;
    let session = open(python().policy(policy).enforce()).await;
    let error = session.run("print(1)\n".repeat(100)).await.expect_err("it is refused");
    assert_kind::<()>(Err(error), ErrorKind::UnsafeCode, "not all of it was looked at");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn what_would_bind_in_name_only_does_not_open() {
    assert_kind(python().enforce().open().await, ErrorKind::InvalidInput, "there is no policy");
    let mut policy = security_policy("production").expect("a preset");
    policy.severity_threshold = Severity::Safe;
    assert_kind(python().policy(policy.clone()).enforce().open().await, ErrorKind::InvalidInput, "blocks nothing");
    let mut lua = LanguageSpec::clone(&Language::Python.spec());
    lua.name = "lua".to_owned();
    let builder = Session::builder_on(std::sync::Arc::new(llm_sandbox_native::Native::new()), lua);
    assert_kind(builder.policy(policy).open().await, ErrorKind::Unsupported, "judging code in lua");
}

#[tokio::test]
async fn other_languages_are_judged_by_their_own_rules() {
    let policy = security_policy("production").expect("a preset");
    let session = open(sandbox(Language::JavaScript).policy(policy).enforce()).await;
    let code = "const { execSync: run } = require('node:child_process')\nrun('touch trace')\n";
    assert_refused(&session, None, session.run(code).await).await;
    // Node.js loads whatever it is told to; what is called data passes, and is not loaded as code then.
    for name in ["lib.cts", "lib", "lib.other"] {
        let path = format!("/sandbox/{name}");
        assert_refused(&session, Some(&path), session.write(name, code).await).await;
    }
    session.write("lib.txt", code).await.expect("it is data");
    assert_kind(session.run("require('./lib.txt')").await, ErrorKind::UnsafeCode, "that is called data");
    assert_eq!(printed(&session, "console.log('child_process')").await, "child_process\n");
    session.close().await.expect("it closes");
}
