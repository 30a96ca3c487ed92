use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use llm_sandbox_core::{Access, ErrorKind, Guarantee, Language, Outcome, Run, Session};
use llm_sandbox_docker::{Docker, Engine};

use crate::{
    engine::{client, containers, image, inspected, open, open_on, own},
    one_program::image_of_one_program,
    support::{self, eventually, marker},
};

#[tokio::test]
async fn an_image_needs_nothing_but_the_program() {
    let image = image_of_one_program("llm-sandbox-test:one-program");
    let session = open(&image).await.expect("no shell is needed");
    let result = session.run(Run::command("/program").args(["a", "b c"])).await.expect("the sandbox lives");
    assert_eq!((result.stdout_text(), result.exit_code()), ("a\nb c\n".into(), Some(3)));
    session.write("file", "text").await.expect("files need none either");
    assert_eq!(session.read("file").await.expect("it is there"), b"text");
    let error = session.run("print(1)").await.expect_err("it has no Python");
    assert_eq!(error.kind(), ErrorKind::InterpreterMissing, "{error}");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_root_that_nobody_may_write_to_will_do() {
    let session = open_on(Docker::new(Engine::Docker).image(image()).read_only()).await;
    let code = "import errno, os, tempfile
with tempfile.NamedTemporaryFile() as file: file.write(b'text')
open('here', 'w').close(); open(os.path.expanduser('~/there'), 'w').close()
try: open('/usr/here', 'w')
except OSError as error: print(errno.errorcode[error.errno], os.getuid())";
    let result = session.run(code).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "EROFS 1000\n", "{}", result.stderr_text());
    session.write("file", "text").await.expect("it is written");
    session.close().await.expect("it closes");
}

/// A directory of the host's that is shared where the agent has one of its own stays its owner's.
#[tokio::test]
async fn what_is_shared_keeps_its_owner() {
    use std::os::unix::fs::MetadataExt;
    let shared = std::env::temp_dir().join(marker());
    std::fs::create_dir(&shared).expect("a fresh directory");
    let before = shared.metadata().expect("it is there").uid();
    let builder = Session::builder_on(Arc::new(Docker::new(Engine::Docker).image(image())), Language::Python);
    let session = builder.mount(&shared, "/home/sandbox", Access::ReadWrite).open().await.expect("it opens");
    session.close().await.expect("it closes");
    let after = shared.metadata().expect("it is there").uid();
    std::fs::remove_dir(&shared).expect("it is ours");
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_container_tells_which_session_it_is_of() {
    let builder = Session::builder_on(Arc::new(Docker::new(Engine::Docker).image(image())), Language::Python);
    let session = builder.label("team/a", "b c").lifetime(Duration::from_secs(1000)).open().await.expect("it opens");
    let found = inspected(&format!("io.github.llm-sandbox.id={}", session.id()));
    let label = |name: &str| found["Config"]["Labels"][format!("io.github.llm-sandbox.{name}")].clone();
    assert_eq!(label("label.team/a"), "b c");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let deadline: u64 = label("deadline").as_str().and_then(|text| text.parse().ok()).expect("seconds");
    assert!((now + 900..=now + 1000).contains(&deadline), "{deadline}");
    assert_eq!(session.info().await.expect("it is open").image, Some(image()));
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn root_is_not_needed() {
    let session = open_on(Docker::new(Engine::Docker).image(image()).user(1234, 1235)).await;
    let code = "import os; print(os.getuid(), os.getgid(), os.getcwd()); open('here', 'w').close()";
    let result = session.run(code).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "1234 1235 /sandbox\n", "{}", result.stderr_text());
    assert_eq!(session.read("here").await.expect("it is there"), b"");
    let timed = Run::code("import os, time\nos.fork()\ntime.sleep(100)").timeout(Duration::from_millis(300));
    assert_eq!(session.run(timed).await.expect("the sandbox lives").outcome, support::WALL);
    assert!(!session.capabilities().holds(Guarantee::AgentApart));
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn root_is_obeyed() {
    let session = open_on(Docker::new(Engine::Docker).image(image()).user(0, 0)).await;
    assert_eq!(session.run("import os; print(os.getuid())").await.expect("the sandbox lives").stdout_text(), "0\n");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn an_image_that_is_not_to_be_had_is_named() {
    let error = open("llm-sandbox-test.invalid/nothing:here").await.expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::ImagePullFailed);
    assert!(error.to_string().contains("llm-sandbox-test.invalid/nothing:here"), "{error}");
    assert!(error.hint().is_some(), "{error:?}");
    assert_eq!(own(), [""; 0], "nothing is left");
}

#[tokio::test]
async fn code_has_no_privileges_and_no_network() {
    let session = open(&image()).await.expect("it opens");
    let code = "import os, socket
status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines())
print(os.getuid(), [status[name].strip('0') for name in ('CapEff', 'CapPrm', 'CapBnd')], status['NoNewPrivs'], status['Seccomp'])
try: socket.create_connection(('192.0.2.1', 80), 1)
except OSError as error: print(error.errno)";
    let result = session.run(code).await.expect("the sandbox lives");
    assert_eq!(result.stdout_text(), "1000 ['', '', ''] 1 2\n101\n", "{}", result.stderr_text());
    for held in [Guarantee::NetworkNone, Guarantee::MemoryLimit, Guarantee::Unprivileged] {
        assert!(session.capabilities().holds(held), "{held}");
    }
}

#[tokio::test]
async fn a_container_that_is_killed_is_a_typed_error() {
    let session = open(&image()).await.expect("it opens");
    let mut run = session.start("import time\nprint('on')\ntime.sleep(100)").await.expect("it starts");
    run.next_event().await.expect("it goes on");
    let before = Instant::now();
    let id = own();
    let [id] = id.as_slice() else { panic!("{id:?}") };
    client(&["kill", id]);
    assert_eq!(run.wait().await.expect_err("it was killed").kind(), ErrorKind::SandboxDied);
    assert!(before.elapsed() < Duration::from_secs(20), "{:?}", before.elapsed());
    session.close().await.expect("closing what died is no error");
    assert_eq!(own(), [""; 0]);
}

#[tokio::test]
async fn running_out_of_memory_is_an_outcome_and_the_session_lives() {
    let builder = Session::builder_on(Arc::new(Docker::new(Engine::Docker).image(image())), Language::Python);
    let session = builder.memory_mib(64).open().await.expect("it opens");
    let result = session.run("held = bytearray(256 << 20)\nfor at in range(0, len(held), 4096): held[at] = 1").await;
    assert_eq!(result.expect("the sandbox lives").outcome, Outcome::OutOfMemory);
    assert_eq!(session.run("print(1)").await.expect("the sandbox lives").stdout_text(), "1\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_leave_nothing() {
    let sessions: Vec<_> = (0..16).map(|_| tokio::spawn(async { open(&image()).await.expect("it opens") })).collect();
    for session in sessions {
        let session = session.await.expect("no panic");
        assert_eq!(session.run("print(6 * 7)").await.expect("the sandbox lives").stdout_text(), "42\n");
        session.close().await.expect("it closes");
    }
    assert_eq!(own(), [""; 0]);
}

#[tokio::test]
async fn a_dropped_session_goes() {
    drop(open(&image()).await.expect("it opens"));
    eventually("its container goes", own).await;
}

#[tokio::test]
async fn a_host_that_dies_takes_its_containers_along() {
    let program = Path::new(env!("CARGO_BIN_EXE_container_victim"));
    let mut host = Command::new(program).arg(image()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(host.stdout.take().expect("it is piped")), &mut line)
        .expect("it says so when it is ready");
    assert_eq!(line, "ready\n");
    let label = format!("io.github.llm-sandbox.owner={}", host.id());
    assert_eq!(containers(&label).len(), 2);
    host.kill().expect("it lives");
    host.wait().expect("it is ours");
    eventually("its containers go", || containers(&label)).await;
}

#[tokio::test]
async fn what_a_session_mounts_counts_as_an_option_would() {
    for (source, lost) in [("/proc", Guarantee::ProcessesHidden), ("/var/run/docker.sock", Guarantee::AgentApart)] {
        let docker = Arc::new(Docker::new(Engine::Docker).image(image()));
        let builder = Session::builder_on(docker, Language::Python).mount(source, "/seen", Access::ReadOnly);
        let error = builder.require([lost]).open().await.expect_err("it is taken away");
        assert!(error.to_string().contains(lost.as_str()), "{error}");
    }
    assert_eq!(own(), [""; 0]);
}
