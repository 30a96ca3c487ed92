//! What another holder of a session can do.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    time::Duration,
};

use llm_sandbox_core::{ErrorKind, Outcome, Run, RunEvent, Session};

use crate::{
    Place, assert_kind,
    support::{PATIENCE, assert_usable, eventually, host::processes_with, marker, open, printed, python, run, until},
};

#[tokio::test]
async fn it_is_the_same_session() {
    let session = open(python().label("a", "b").env("GIVEN", "yes").memory_mib(200)).await;
    let (_place, other) = Place::attached(&session).await;
    assert_eq!((other.id(), other.labels(), other.backend()), (session.id(), session.labels(), "native"));
    assert_eq!((other.language(), other.limits()), (session.language(), session.limits()));
    assert_eq!((other.directory(), other.capabilities()), (session.directory(), session.capabilities()));
    assert_eq!(printed(&other, "import os; print(os.environ['GIVEN'])").await, "yes\n");
    let traceback = run(&other, Run::code("import sys\nprint(sys.argv)\nnull").arg("x")).await;
    assert_eq!(traceback.stdout_text(), "['/sandbox/main.py', 'x']\n");
    assert!(traceback.stderr_text().contains("main.py\", line 3"), "{}", traceback.stderr_text());
    let info = other.info().await.expect("it is open");
    assert_eq!((info.id.as_str(), info.runs_begun, info.runs_ended), (session.id(), 2, 2));
}

#[tokio::test]
async fn much_goes_both_ways() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let bytes: Vec<u8> = (0..20_000_000_u32).map(|number| (number % 251) as u8).collect();
    other.write("big", bytes.clone()).await.expect("it is written");
    assert!(other.read("big").await.expect("it is read") == bytes);
    let echo = "import sys\nwhile piece := sys.stdin.buffer.read(65536): sys.stdout.buffer.write(piece)";
    let mut handle = other.start(Run::code(echo).stdin(bytes.clone()).unlimited_output()).await.expect("it starts");
    let mut echoed = Vec::new();
    while let Some(event) = handle.next_event().await {
        echoed.extend(event.bytes);
    }
    assert!(handle.wait().await.expect("the sandbox lives").is_success());
    assert!(echoed == bytes);
    let tree = std::env::temp_dir().join(marker());
    for name in ["deep/er/a", "b"] {
        let path = tree.join(name);
        fs::create_dir_all(path.parent().expect("one")).expect("it is made");
        fs::write(path, &bytes[..3_000_000]).expect("it is written");
    }
    other.upload(&tree, "tree").await.expect("it is copied");
    let back = std::env::temp_dir().join(marker());
    other.download("tree", &back).await.expect("it is copied");
    let is_same = fs::read(back.join("deep/er/a")).expect("it is there") == bytes[..3_000_000];
    fs::remove_dir_all(&tree).expect("it is ours");
    fs::remove_dir_all(&back).expect("it is ours");
    assert!(is_same);
    assert_eq!(other.list_tree("tree").await.expect("it is there").len(), 4);
}

#[tokio::test]
async fn runs_of_several_overlap() {
    let session = open(python()).await;
    let (place, one) = Place::attached(&session).await;
    let two = Session::attach(&place.0).await.expect("it is let in");
    let code = |mine: &str, other: &str| {
        format!(
            "import os, time\nopen('{mine}', 'w')\nwhile not os.path.exists('{other}'): time.sleep(0.01)\nprint('{mine}')"
        )
    };
    let (first, second, third) =
        tokio::join!(run(&one, code("a", "b")), run(&two, code("b", "c")), run(&session, code("c", "a")));
    assert_eq!([first, second, third].map(|result| result.stdout_text().into_owned()), ["a\n", "b\n", "c\n"]);
}

#[tokio::test]
async fn a_run_is_steered_from_there() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let code = "import sys\nfor line in sys.stdin: print(line.strip().upper(), flush=True)";
    let mut handle = other.start(Run::code(code).stdin_stream()).await.expect("it starts");
    for word in ["one", "two"] {
        handle.write_stdin(format!("{word}\n")).await.expect("it is read");
        until(&mut handle, &word.to_uppercase()).await;
    }
    handle.close_stdin();
    assert!(handle.wait().await.expect("the sandbox lives").is_success());
    let code = Run::code("import os; print(os.get_terminal_size())").terminal(33, 77);
    assert!(printed(&other, code).await.contains("columns=77, lines=33"));
    let slow = run(&other, Run::code("import time; time.sleep(1000)").timeout_seconds(0.2)).await;
    assert_eq!(slow.outcome, crate::support::WALL);
}

/// A kill does not wait behind input that nobody reads.
#[tokio::test]
async fn a_kill_overtakes_what_is_not_read() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let run = Run::command("sleep").arg("1000").stdin(vec![0; 8_000_000]).no_timeout();
    let handle = other.start(run).await.expect("it starts");
    handle.kill().await;
    let ended = tokio::time::timeout(PATIENCE, handle.wait()).await.expect("it ends");
    assert_eq!(ended.expect("the sandbox lives").outcome, Outcome::Killed);
    assert_usable(&other).await;
}

/// A client that takes no output holds up its own run and nothing else.
#[tokio::test]
async fn a_slow_reader_holds_up_its_own_run_only() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let flood = "import sys\nwhile True: sys.stdout.write('x' * 65536)";
    let run = Run::code(flood).unlimited_output().timeout(Duration::from_secs(3));
    let flooding = other.start(run).await.expect("it starts");
    assert_usable(&other).await;
    assert_usable(&session).await;
    assert_eq!(flooding.wait().await.expect("the sandbox lives").outcome, crate::support::WALL);
}

#[tokio::test]
async fn a_client_that_goes_takes_its_runs_along() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let (held, let_go) = (marker(), marker());
    let sleeper = |marker: &str| Run::shell("echo on; while sleep 1000; do :; done").arg(marker).no_timeout();
    let mut first = other.start(sleeper(&held)).await.expect("it starts");
    let mut second = other.start(sleeper(&let_go).detached()).await.expect("it starts");
    until(&mut first, "on").await;
    until(&mut second, "on").await;
    let numbers = [first.number(), second.number()];
    assert_eq!(session.runs().await.expect("open").iter().map(|run| run.number).collect::<Vec<_>>(), numbers);
    drop((first, second));
    drop(other);
    eventually("its run ends", || processes_with(&held).iter().map(ToString::to_string).collect()).await;
    let runs = session.runs().await.expect("it is open");
    assert!(runs.len() == 1 && runs[0].number == numbers[1] && runs[0].is_detached, "{runs:?}");
    session.stop(numbers[1]).await.expect("it goes on until then");
    let result = session.take(numbers[1]).await.expect("the sandbox lives");
    assert_eq!((result.outcome, result.stdout.text()), (Outcome::Killed, "on\n".into()));
}

#[tokio::test]
async fn detached_runs_are_found_from_everywhere() {
    let session = open(python()).await;
    let (place, one) = Place::attached(&session).await;
    let of_owner = session.start(Run::command("cat").stdin_stream().detached()).await.expect("it starts").number();
    let code = "import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('gone')";
    let of_one = one.start(Run::code(code).detached()).await.expect("it starts").number();
    one.close().await.expect("it hangs up");
    let two = Session::attach(&place.0).await.expect("it is let in");
    let listed = two.runs().await.expect("it is open");
    assert_eq!(listed, session.runs().await.expect("it is open"));
    let seen: Vec<_> = listed.iter().map(|run| (run.number, run.what.as_str())).collect();
    assert_eq!(seen, [(of_owner, "cat"), (of_one, "python")]);
    two.stop(of_owner).await.expect("it goes on until then");
    assert_eq!(two.take(of_owner).await.expect("the sandbox lives").outcome, Outcome::Killed);
    two.write("go", "").await.expect("it is written");
    assert_eq!(two.take(of_one).await.expect("the sandbox lives").stdout_text(), "gone\n");
    assert_kind(two.take(of_one).await, ErrorKind::InvalidInput, "run");
    assert_kind(two.stop(99).await, ErrorKind::InvalidInput, "run 99");
    assert_kind(two.run_control(of_one).map(|_| ()), ErrorKind::Unsupported, "another process");
    assert_eq!(session.runs().await.expect("it is open"), []);
}

/// A result that its client waited for is taken; one that the client did not come to take is not.
#[tokio::test]
async fn a_result_is_taken_once() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let waited = other.start(Run::code("print(1)").detached()).await.expect("it starts");
    let first = waited.number();
    assert_eq!(waited.wait().await.expect("the sandbox lives").stdout_text(), "1\n");
    let mut left = other.start(Run::code("print(2)").detached()).await.expect("it starts");
    let second = left.number();
    while left.next_event().await.is_some() {}
    drop(left);
    other.close().await.expect("it hangs up");
    assert_eq!(session.take(second).await.expect("the sandbox lives").stdout_text(), "2\n");
    assert_kind(session.take(first).await, ErrorKind::InvalidInput, "run");
}

#[tokio::test]
async fn they_see_each_other_run() {
    let session = open(python()).await;
    let (_place, other) = Place::attached(&session).await;
    let mut watch = other.watch().await.expect("it is open");
    run(&session, "print('é')").await;
    let mut seen = Vec::new();
    loop {
        match tokio::time::timeout(PATIENCE, watch.next_event()).await.expect("in time").expect("it is open") {
            RunEvent::Output { event, .. } => seen.extend(event.bytes),
            RunEvent::Ended { .. } => break,
            _ => {}
        }
    }
    assert_eq!(String::from_utf8(seen).expect("text"), "é\n");
}

#[tokio::test]
async fn what_is_another_processs_is_refused() {
    let session = open(python()).await;
    let (place, other) = Place::attached(&session).await;
    assert_kind(other.share(&place.0).await, ErrorKind::Unsupported, "sharing");
    assert_kind(other.commit("name:tag").await, ErrorKind::Unsupported, "image");
    assert_kind(other.extend(Duration::from_secs(1)).await, ErrorKind::Unsupported, "no lifetime");
    assert_kind(other.write("../x", "").await, ErrorKind::InvalidInput, "..");
    assert_kind(other.read("nothing").await, ErrorKind::File, "nothing is there");
    assert_kind(other.run("").await, ErrorKind::InvalidInput, "code");
    assert_usable(&other).await;
}

#[tokio::test]
async fn hanging_up_leaves_the_session() {
    let session = open(python()).await;
    let (place, other) = Place::attached(&session).await;
    other.close().await.expect("it hangs up");
    assert_kind(other.run("1").await, ErrorKind::Closed, "closed");
    other.close().await.expect("twice is once");
    assert_usable(&session).await;
    let mode = fs::symlink_metadata(&place.0).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::symlink_metadata(&place.0).expect("it is there").nlink(), 1, "it has no other name");
}
