//! What a session keeps: its name, its time, and runs that nobody holds.

use std::time::Duration;

use llm_sandbox_core::{ErrorKind, Expiry, Language, Outcome, Run, RunEvent, RunState, Session};

use super::{Shared, assert_invalid, open, printed, run};

/// Long enough for anything that is to happen at all, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(60);

fn builder(backend: Shared) -> llm_sandbox_core::SessionBuilder {
    Session::builder_on(backend, Language::Python)
}

/// A server that says where it listens, in a file.
const SERVER: &str = "import http.server, os
server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
open('port.new', 'w').write(str(server.server_address[1]))
os.rename('port.new', 'port')
print('serving', flush=True)
server.serve_forever()";

/// Asks the server for a file.
const CLIENT: &str = "import os, time, urllib.request
while not os.path.exists('port'): time.sleep(0.01)
port = open('port').read()
print(urllib.request.urlopen(f'http://127.0.0.1:{port}/page').read().decode())";

/// A server goes on when its handle is dropped, and a later run reaches it.
pub async fn detached_servers_are_reached(backend: Shared) {
    let session = open(backend).await;
    session.write("page", "a page").await.expect("it is written");
    let server = session.start(Run::code(SERVER).detached().no_timeout()).await.expect("it starts");
    let number = server.number();
    drop(server);
    assert_eq!(printed(&session, CLIENT).await, "a page\n");
    let runs = session.runs().await.expect("it is open");
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert!(runs[0].number == number && runs[0].is_detached && runs[0].what == "python", "{runs:?}");
    assert_eq!(runs[0].state, RunState::Running);
    session.stop(number).await.expect("it goes on until then");
    let result = session.take(number).await.expect("the sandbox lives");
    assert_eq!((result.outcome, result.stdout.text()), (Outcome::Killed, "serving\n".into()));
    assert_invalid(session.take(number).await, &format!("run {number}"));
    assert_eq!(session.runs().await.expect("it is open"), []);
}

/// What a detached run prints is kept, head and tail, while nobody takes it.
pub async fn detached_output_is_kept(backend: Shared) {
    let session = open(backend).await;
    let code = "print('first')\nfor i in range(100000): print('x' * 99)\nprint('last')";
    let run = Run::code(code).detached().output_limit(1000);
    let mut handle = session.start(run).await.expect("it starts");
    let number = handle.number();
    handle.next_event().await.expect("it prints");
    drop(handle);
    let result = session.take(number).await.expect("the sandbox lives");
    let text = result.stdout_text();
    assert!(text.starts_with("first\n") && text.ends_with("last\n") && result.stdout.bytes.len() == 1000, "{text}");
    assert_eq!((result.exit_code(), result.stdout.written), (Some(0), 10_000_011));
}

/// A handle that is not dropped is as good as any other.
pub async fn detached_handles_are_waited_for(backend: Shared) {
    let session = open(backend).await;
    let handle = session.start(Run::code("print(1)").detached()).await.expect("it starts");
    let number = handle.number();
    assert_eq!(handle.wait().await.expect("the sandbox lives").stdout_text(), "1\n");
    assert_invalid(session.take(number).await, &format!("run {number}"));
    // A wait that is given up leaves the run to its session.
    let code = "import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint(2)";
    let handle = session.start(Run::code(code).detached()).await.expect("it starts");
    let number = handle.number();
    assert!(tokio::time::timeout(Duration::from_millis(100), handle.wait()).await.is_err());
    session.write("go", "").await.expect("it is written");
    assert_eq!(session.take(number).await.expect("the sandbox lives").stdout_text(), "2\n");
}

/// Runs that somebody holds are listed and stopped, too, and steered by their numbers.
pub async fn runs_are_listed_and_stopped(backend: Shared) {
    let session = open(backend).await;
    let held = session.start(Run::command("sleep").arg("60")).await.expect("it starts");
    let echo = session.start(Run::command("cat").stdin_stream().detached()).await.expect("it starts").number();
    let runs = session.runs().await.expect("it is open");
    let seen: Vec<_> = runs.iter().map(|run| (run.number, run.what.as_str(), run.is_detached)).collect();
    assert_eq!(seen, [(held.number(), "sleep", false), (echo, "cat", true)]);
    assert_invalid(session.take(held.number()).await, "not detached");
    session.stop(held.number()).await.expect("it goes on until then");
    assert_eq!(held.wait().await.expect("the sandbox lives").outcome, Outcome::Killed);
    let control = session.run_control(echo).expect("it goes on");
    control.write_stdin("hello").await.expect("it is read");
    control.close_stdin();
    assert_eq!(session.take(echo).await.expect("the sandbox lives").stdout_text(), "hello");
    assert_invalid(session.run_control(echo).map(|_| ()), &format!("run {echo}"));
    assert_invalid(session.stop(99).await, "run 99");
}

/// Commands run without a shell.
pub async fn commands_are_executed(backend: Shared) {
    let session = open(backend).await;
    let result = session.execute(["echo", "$HOME", "a  b"]).await.expect("the sandbox lives");
    assert_eq!((result.stdout_text(), result.exit_code()), ("$HOME a  b\n".into(), Some(0)));
    assert_invalid(session.execute([""; 0]).await, "program");
}

/// A session tells what it is and what its runs used.
pub async fn sessions_tell_of_themselves(backend: Shared) {
    let name = backend.name();
    let session = builder(backend).label("team/owner", "a b").label("empty", "").open().await.expect("a session opens");
    run(&session, "print('x' * 9)").await;
    run(&session, "for i in range(1000000): pass\nraise SystemExit(3)").await;
    let live = session.start(Run::command("sleep").arg("60")).await.expect("it starts");
    let info = session.info().await.expect("it is open");
    assert_eq!((info.id.as_str(), info.id.len(), info.backend.as_str()), (session.id(), 16, name));
    assert_eq!(info.labels.get("team/owner").map(String::as_str), Some("a b"));
    assert_eq!((info.runs_begun, info.runs_ended, info.runs_live, info.is_over), (3, 2, 1, false));
    assert_eq!(info.usage.output_bytes, Some(10));
    assert!(info.usage.user.is_some_and(|user| !user.is_zero()) && !info.uptime.is_zero(), "{info:?}");
    drop(live);
    session.close().await.expect("it closes");
    let info = session.info().await.expect("it is told of when it is over, too");
    assert!(info.is_over && info.runs_live == 0, "{info:?}");
}

/// A lifetime ends the sandbox and what runs in it, and every call says why.
pub async fn lifetimes_end_sessions(backend: Shared) {
    let session = builder(backend).lifetime(Duration::from_secs(3)).open().await.expect("a session opens");
    let handle = session.start(Run::code("import time; time.sleep(600)").no_timeout()).await.expect("it starts");
    let waiting = handle.wait();
    let ended = tokio::time::timeout(PATIENCE, waiting).await.expect("it ends").expect_err("it does not end by itself");
    assert_eq!(ended.kind(), ErrorKind::Expired, "{ended}");
    for error in [
        session.run("print(1)").await.expect_err("it is over"),
        session.write("a", "b").await.expect_err("it is over"),
        session.runs().await.expect_err("it is over"),
        session.wait_closed().await,
    ] {
        assert!(
            matches!(error, llm_sandbox_core::Error::Expired { limit: Expiry::Lifetime, after } if after.as_secs() == 3)
        );
        assert!(error.hint().is_some());
    }
    session.close().await.expect("nothing is left");
}

/// A session that nothing is done in goes; one in which something goes on stays.
pub async fn idle_sessions_end(backend: Shared) {
    let idle = Duration::from_millis(1500);
    let session = builder(backend).idle_timeout(idle).open().await.expect("a session opens");
    // Longer than that, in which nothing is begun.
    let detached = session.start(Run::code("import time; time.sleep(3); print('done')").detached()).await;
    let number = detached.expect("it starts").number();
    assert_eq!(session.take(number).await.expect("it is not idle").stdout_text(), "done\n");
    let error = tokio::time::timeout(PATIENCE, session.wait_closed()).await.expect("it goes");
    assert!(
        matches!(error, llm_sandbox_core::Error::Expired { limit: Expiry::Idle, after } if after == idle),
        "{error}"
    );
    assert_eq!(session.read("a").await.expect_err("it is over").kind(), ErrorKind::Expired);
}

/// Whoever watches sees the runs of others.
pub async fn runs_are_watched(backend: Shared) {
    let session = open(backend).await;
    let mut watch = session.watch().await.expect("it is open");
    let result = run(&session, "print('seen')\nraise SystemExit(4)").await;
    let mut seen = Vec::new();
    loop {
        let event = tokio::time::timeout(PATIENCE, watch.next_event()).await.expect("in time").expect("it is open");
        match event {
            RunEvent::Started { run } => assert_eq!((run.number, run.what.as_str()), (1, "python")),
            RunEvent::Output { run, event } => {
                assert_eq!(run, 1);
                seen.extend(event.bytes);
            }
            RunEvent::Ended { run, state } => {
                assert_eq!((run, state), (1, RunState::Ended { outcome: result.outcome }));
                break;
            }
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(seen, b"seen\n");
    session.close().await.expect("it closes");
    assert_eq!(watch.next_event().await, None);
}

/// Another holder of the session, by its socket, sees the same files and runs.
pub async fn sessions_are_shared(backend: Shared) {
    let scratch = super::Scratch::new();
    let socket = scratch.join("socket");
    let session = open(backend).await;
    session.write("a", "from the owner").await.expect("it is written");
    session.share(&socket).await.expect("it is shared");
    let other = Session::attach(&socket).await.expect("it is let in");
    assert_eq!(other.id(), session.id());
    assert_eq!(printed(&other, "print(open('a').read()); open('b', 'w').write('back')").await, "from the owner\n");
    assert_eq!(session.read("b").await.expect("it is there"), b"back");
    let number = other.start(Run::code(SERVER).detached().no_timeout()).await.expect("it starts").number();
    other.close().await.expect("it hangs up");
    session.write("page", "still there").await.expect("it is written");
    assert_eq!(printed(&session, CLIENT).await, "still there\n");
    session.stop(number).await.expect("it goes on until then");
    assert_eq!(session.take(number).await.expect("the sandbox lives").outcome, Outcome::Killed);
    session.close().await.expect("it closes");
    assert!(!socket.exists());
}
