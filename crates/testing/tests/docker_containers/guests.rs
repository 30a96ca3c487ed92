//! Containers that were there before.

use std::{os::unix::fs::PermissionsExt, sync::Arc};

use llm_sandbox_core::{Error, ErrorKind, Guarantee, Language, Run, Session};
use llm_sandbox_docker::{Docker, Engine};

use crate::{
    engine::{client, image},
    one_program::image_of_one_program,
    support::{self, eventually, marker},
};

/// A container of somebody else's, who removes it in the end.
struct Stranger(String);

impl Stranger {
    /// Made as by `docker run -d ARGUMENTS`.
    fn run(arguments: &[&str]) -> Self {
        let id = client(&[&["run", "-d"], arguments].concat());
        assert_eq!(id.len(), 64, "{id:?}");
        Self(id)
    }

    /// One that only waits.
    fn waiting(arguments: &[&str]) -> Self {
        Self::run(&[arguments, &[&image(), "sleep", "1000"]].concat())
    }

    fn backend(&self) -> Docker {
        Docker::new(crate::ENGINE).container(&self.0)
    }

    async fn try_open(&self) -> Result<Session, Error> {
        Session::builder_on(Arc::new(self.backend()), Language::Python).open().await
    }

    async fn open(&self) -> Session {
        self.try_open().await.expect("it opens")
    }

    /// What a command prints in it.
    fn exec(&self, command: &[&str]) -> String {
        client(&[&["exec", &self.0], command].concat())
    }

    fn state(&self) -> String {
        client(&["inspect", "-f", "{{.State.Status}}", &self.0])
    }

    fn processes(&self) -> Vec<String> {
        let columns: &[&str] = match crate::ENGINE {
            Engine::Docker => &["-o", "pid,args"],
            Engine::Podman => &["pid", "args"],
        };
        client(&[&["top", &self.0], columns].concat()).lines().map(str::to_owned).collect()
    }

    /// What is in its root that its image has not, but for directories that were changed.
    fn added(&self) -> Vec<String> {
        let changes = client(&["diff", &self.0]);
        changes.lines().filter(|line| !line.starts_with('C')).map(str::to_owned).collect()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        client(&["kill", &self.0]);
        client(&["rm", "-f", &self.0]);
    }
}

async fn printed(session: &Session, code: &str) -> String {
    let result = session.run(code).await.expect("the sandbox lives");
    assert!(result.is_success(), "{:?} {}", result.outcome, result.stderr_text());
    result.stdout_text().into_owned()
}

#[tokio::test]
async fn a_container_that_is_there_is_used_and_left_as_it_was() {
    let stranger = Stranger::waiting(&[]);
    let before = (stranger.processes(), stranger.added());
    let session = stranger.open().await;
    let code = "import os, subprocess
subprocess.Popen(['sleep', '1000'], start_new_session=True)
os.makedirs('a/b'); open('a/b/c', 'w').write('text')
print(os.getuid(), os.getcwd(), os.environ['HOME'])";
    assert_eq!(printed(&session, code).await, "1000 /sandbox /home/sandbox\n");
    assert_eq!(session.read("a/b/c").await.expect("it is there"), b"text");
    let timed = Run::code("import time; time.sleep(100)").timeout(std::time::Duration::from_millis(200));
    assert_eq!(session.run(timed).await.expect("the sandbox lives").outcome, support::WALL);
    session.close().await.expect("it closes");
    assert_eq!((stranger.processes(), stranger.added()), before);
    assert_eq!(stranger.state(), "running");
}

#[tokio::test]
async fn a_stopped_container_is_started_and_stopped_again() {
    let stranger = Stranger::waiting(&[]);
    client(&["stop", "-t", "0", &stranger.0]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "print(1)").await, "1\n");
    assert_eq!(stranger.state(), "running");
    session.close().await.expect("it closes");
    assert_eq!(stranger.state(), "exited");
}

#[tokio::test]
async fn a_paused_container_is_told_of() {
    let stranger = Stranger::waiting(&[]);
    client(&["pause", &stranger.0]);
    let error = stranger.try_open().await.expect_err("nothing in it runs");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert!(error.to_string().contains("paused") && error.hint().is_some(), "{error:?}");
    assert_eq!(stranger.state(), "paused");
    client(&["unpause", &stranger.0]);
    stranger.open().await.close().await.expect("it closes");
}

#[tokio::test]
async fn a_root_that_nobody_may_write_to_has_room_for_a_guest() {
    let stranger = Stranger::waiting(&["--read-only", "--tmpfs", "/sandbox", "--tmpfs", "/home/sandbox"]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "print(6 * 7)").await, "42\n");
    session.close().await.expect("it closes");
    assert_eq!(stranger.exec(&["find", "/dev", "/tmp", "-name", ".llm-sandbox*"]), "");
}

#[tokio::test]
async fn a_container_without_root_has_code_run_as_its_own_user() {
    let stranger = Stranger::waiting(&["--user", "1000:1000", "--cap-drop", "ALL"]);
    let error = stranger.try_open().await.expect_err("there is no directory to work in");
    assert!(error.to_string().contains("/sandbox: Permission denied") && error.hint().is_some(), "{error:?}");
    let builder = Session::builder_on(Arc::new(stranger.backend()), Language::Python);
    let session = builder.directory("/tmp/work").open().await.expect("there is another");
    assert_eq!(printed(&session, "import os; print(os.getcwd())").await, "/tmp/work\n");
    session.close().await.expect("it closes");
    assert_eq!(stranger.added(), [""; 0]);
    let stranger = Stranger::waiting(&["--user", "1000:1000", "--cap-drop", "ALL", "--tmpfs", "/sandbox:mode=1777"]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "import os; print(os.getuid(), os.getgid())").await, "1000 1000\n");
    assert!(!session.capabilities().holds(Guarantee::AgentApart));
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_named_user_of_the_container_is_the_codes() {
    let stranger = Stranger::waiting(&["--user", "nobody"]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "import os; print(os.getuid())").await, "65534\n");
    assert!(session.capabilities().holds(Guarantee::AgentApart));
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn an_odd_path_does_not_matter() {
    let stranger = Stranger::run(&["--env", "PATH=/nowhere", "--entrypoint", "/bin/sleep", &image(), "1000"]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "print(6 * 7)").await, "42\n");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_container_without_a_shell_will_do() {
    let image = image_of_one_program("llm-sandbox-test:one-program-for-a-guest");
    let stranger = Stranger::run(&["--entrypoint", "/program", &image]);
    let before = stranger.added();
    let session = stranger.open().await;
    let result = session.run(Run::command("/program").args(["a"])).await.expect("the sandbox lives");
    assert_eq!((result.stdout_text(), result.exit_code()), ("a\n".into(), Some(2)));
    session.close().await.expect("it closes");
    assert_eq!(stranger.added(), before);
}

#[tokio::test]
async fn a_container_that_is_not_there_is_named() {
    let name = marker();
    let docker = Docker::new(crate::ENGINE).container(&name);
    let error = Session::builder_on(Arc::new(docker), Language::Python).open().await.expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::Backend);
    assert!(error.to_string().contains(&name) && error.hint().is_some(), "{error:?}");
}

#[tokio::test]
async fn what_its_maker_gave_it_is_not_promised() {
    let stranger = Stranger::waiting(&[]);
    let builder = Session::builder_on(Arc::new(stranger.backend()), Language::Python);
    let error = builder.require([Guarantee::NetworkNone]).open().await.expect_err("it has a network");
    assert!(error.to_string().contains("network-none"), "{error}");
    let stranger = Stranger::waiting(&["--network", "none"]);
    let builder = Session::builder_on(Arc::new(stranger.backend()), Language::Python);
    builder.require([Guarantee::NetworkNone]).open().await.expect("it has none").close().await.expect("it closes");
}

#[tokio::test]
async fn a_dropped_session_leaves_its_host() {
    let stranger = Stranger::waiting(&[]);
    let before = stranger.processes();
    let session = stranger.open().await;
    let mut run = session.start("import time\nprint(1, flush=True)\ntime.sleep(1000)").await.expect("it starts");
    run.next_event().await.expect("it goes on");
    drop((run, session));
    eventually("the agent leaves", || {
        stranger.processes().into_iter().filter(|process| !before.contains(process)).collect()
    })
    .await;
}

#[tokio::test]
async fn a_host_that_is_stopped_is_a_typed_error() {
    let stranger = Stranger::waiting(&[]);
    let session = stranger.open().await;
    let mut run = session.start("import time\nprint(1, flush=True)\ntime.sleep(1000)").await.expect("it starts");
    run.next_event().await.expect("it goes on");
    client(&["kill", &stranger.0]);
    assert_eq!(run.wait().await.expect_err("it was killed").kind(), ErrorKind::SandboxDied);
    session.close().await.expect("closing what died is no error");
}

/// Root follows no link to a directory that it gives away: code that ran there before may have made it.
#[tokio::test]
async fn a_planted_link_gives_nothing_away() {
    let stranger = Stranger::waiting(&[]);
    let plant = "mkdir /tmp/mine && ln -s /etc /tmp/mine/link && chown -hR 1000 /tmp/mine";
    stranger.exec(&["sh", "-c", plant]);
    for directory in ["/tmp/mine/link", "/tmp/mine/link/cron.d"] {
        let builder = Session::builder_on(Arc::new(stranger.backend()), Language::Python);
        let error = builder.directory(directory).open().await.expect_err("it is a link");
        assert!(error.to_string().contains(directory), "{error}");
    }
    assert_eq!(stranger.exec(&["stat", "-c", "%u", "/etc", "/etc/cron.d"]), "0\n0");
}

#[tokio::test]
async fn a_session_that_nobody_waits_for_leaves_its_host_as_it_was() {
    let stranger = Stranger::waiting(&[]);
    client(&["stop", "-t", "0", &stranger.0]);
    for milliseconds in (0..300).step_by(50) {
        let opened = tokio::time::timeout(std::time::Duration::from_millis(milliseconds), stranger.open()).await;
        drop(opened);
        eventually("it is stopped again", || {
            Some(stranger.state()).filter(|state| !matches!(state.as_str(), "exited" | "created")).into_iter().collect()
        })
        .await;
    }
    assert_eq!(stranger.added(), [""; 0]);
}

/// Code of another session that waits for what root puts into places which it can write to.
#[tokio::test]
async fn nothing_is_started_that_others_can_replace() {
    let stranger = Stranger::waiting(&["--tmpfs", "/run:exec,mode=1777"]);
    stranger.exec(&["chown", "1000", "/tmp", "/var/tmp", "/run"]);
    let first = stranger.open().await;
    let watching = "import os, time
print('on', flush=True)
seen = set()
while True:
    for place in ('/tmp', '/var/tmp', '/run'):
        for name in os.listdir(place):
            if name.startswith('.llm-sandbox') and name not in seen:
                seen.add(name)
                print(place, flush=True)
                os.rename(f'{place}/{name}', f'{place}/taken')";
    let mut watch = first.start(watching).await.expect("it starts");
    watch.next_event().await.expect("it goes on");
    let second = stranger.open().await;
    assert_eq!(printed(&second, "print(6 * 7)").await, "42\n");
    second.close().await.expect("it closes");
    watch.control().kill().await;
    assert_eq!(watch.wait().await.expect("the sandbox lives").stdout_text(), "on\n");
}

#[tokio::test]
async fn root_by_another_name_runs_no_code() {
    let stranger = Stranger::waiting(&["--user", "00"]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "import os; print(os.getuid())").await, "1000\n");
    assert!(session.capabilities().holds(Guarantee::AgentApart));
    session.close().await.expect("it closes");
    let stranger = Stranger::waiting(&[]);
    stranger.exec(&["sh", "-c", "echo 'toor:x:0:0::/:/bin/sh' >> /etc/passwd"]);
    let image = format!("llm-sandbox-test:{}", marker());
    client(&["commit", "--change", "USER toor", &stranger.0, &image]);
    let other = Stranger::run(&[&image, "sleep", "1000"]);
    let session = other.open().await;
    assert_eq!(printed(&session, "import os; print(os.getuid())").await, "1000\n");
    session.close().await.expect("it closes");
    drop(other);
    client(&["rmi", "-f", &image]);
}

#[tokio::test]
async fn mounts_of_whatever_form_are_the_hosts_files() {
    for arguments in [["--mount", "type=bind,src=/etc,dst=/seen,ro"], ["--volume", "/etc:/seen:ro"]] {
        let stranger = Stranger::waiting(&arguments);
        let builder = Session::builder_on(Arc::new(stranger.backend()), Language::Python);
        let error = builder.require([Guarantee::HostFiles]).open().await.expect_err("it has the host's");
        assert!(error.to_string().contains("host-files"), "{error}");
    }
}

#[tokio::test]
async fn sessions_beside_each_other_keep_their_files() {
    let stranger = Stranger::waiting(&[]);
    let (one, other) = (stranger.open().await, stranger.open().await);
    other.write("kept", "text").await.expect("it is written");
    one.close().await.expect("it closes");
    assert_eq!(other.read("kept").await.expect("it is there"), b"text");
    other.close().await.expect("it closes");
}

#[tokio::test]
async fn what_is_in_the_way_of_cleaning_does_not_stop_it() {
    let stranger = Stranger::waiting(&[]);
    let session = stranger.open().await;
    let code = "import os
os.makedirs('.lifted-1/in'); os.makedirs('a/b/c/d'); open('.lifted-2', 'w').close()
os.chmod('a/b', 0)";
    printed(&session, code).await;
    session.close().await.expect("it closes");
    assert_eq!(stranger.added(), [""; 0]);
}

#[tokio::test]
async fn its_makers_secrets_are_not_the_codes() {
    let stranger = Stranger::waiting(&["--env", "DB_PASSWORD=hunter2"]);
    let session = stranger.open().await;
    assert_eq!(printed(&session, "import os; print(os.environ.get('DB_PASSWORD'))").await, "None\n");
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_shell_that_says_nothing_is_left_in_bounded_time() {
    let mute = std::env::temp_dir().join(marker());
    std::fs::write(&mute, "#!/usr/bin/python3\nimport time\ntime.sleep(1000)\n").expect("a fresh file");
    std::fs::set_permissions(&mute, PermissionsExt::from_mode(0o755)).expect("it is ours");
    let stranger = Stranger::waiting(&["--volume", &format!("{}:/usr/bin/dash:ro", mute.display())]);
    let before = std::time::Instant::now();
    let error = stranger.try_open().await.expect_err("it does not speak");
    assert_eq!(error.kind(), ErrorKind::Backend, "{error}");
    assert!(before.elapsed() < std::time::Duration::from_secs(60), "{:?}", before.elapsed());
    drop(stranger);
    std::fs::remove_file(mute).expect("it is ours");
}
