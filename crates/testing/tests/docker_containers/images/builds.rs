use std::{
    os::unix::net::UnixListener,
    time::{Duration, Instant},
};

use llm_sandbox_core::{Error, ErrorKind};
use llm_sandbox_docker::{Docker, Engine, ImageAction};

use super::{Directory, Told, client_of, dockerfile, open};
use crate::{
    engine::own,
    support::{eventually, marker, printed},
};

#[tokio::test]
async fn ten_thousand_files_are_all_there() {
    let directory = Directory::with(&[("Dockerfile", &dockerfile(Engine::Docker, "COPY files /files"))]);
    for at in 0..10_000 {
        directory.write(&format!("files/{}/{at}", at % 100), at.to_string());
    }
    let told = Told::default();
    let before = Instant::now();
    let session = open(told.listen(Docker::new(Engine::Docker).dockerfile(directory.dockerfile()))).await;
    let session = session.expect("it is built");
    println!("10,000 files: open after {:?}; {:?}", before.elapsed(), session.opening());
    let code = "import os\nfiles = [(f, open(f'{d}/{f}').read()) for d, _, fs in os.walk('/files') for f in fs]
print(len(files), all(name == text for name, text in files))";
    assert_eq!(printed(&session, code).await, "10000 True\n");
    session.close().await.expect("it closes");
    let told = told.all();
    let sent: Vec<_> = told.iter().filter(|told| told.action == ImageAction::Send).collect();
    let last = sent.last().expect("sending is told");
    assert!(last.bytes_done == last.bytes_total && last.bytes_total >= Some(10_000 * 512), "{last:?}");
    assert!(sent.is_sorted_by_key(|told| told.bytes_done), "it only grows");
    assert!(told.iter().any(|told| told.action == ImageAction::Build && told.message.contains("COPY files")));
}

#[tokio::test]
async fn a_large_context_is_never_in_memory() {
    let directory = Directory::with(&[("Dockerfile", &dockerfile(Engine::Docker, ""))]);
    let large = std::fs::File::create(directory.path().join("large")).expect("a file");
    large.set_len(128 << 20).expect("it is sparse");
    let before = peak_kib();
    let session = open(Docker::new(Engine::Docker).dockerfile(directory.dockerfile())).await.expect("it is built");
    session.close().await.expect("it closes");
    let grown = peak_kib() - before;
    assert!(grown < 32 << 10, "{grown} KiB more");
}

/// The most memory that this process ever had.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("it is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("it is there");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

async fn a_failed_build(engine: Engine) {
    let directory = Directory::with(&[("Dockerfile", &dockerfile(engine, "RUN echo one; echo two >&2; exit 3"))]);
    let error = open(Docker::new(engine).dockerfile(directory.dockerfile())).await.expect_err("a step fails");
    let Error::ImageBuildFailed { file, step, reason, output, .. } = &error else { panic!("{error:?}") };
    assert_eq!(file, &directory.dockerfile());
    assert!(step.as_ref().is_some_and(|step| step.starts_with("2/") && step.contains("exit 3")), "{error:?}");
    assert!(reason.contains('3') && !reason.contains("stream"), "{reason}");
    // Two streams, in whatever order.
    let mut output = output.clone();
    output.sort();
    assert_eq!(output, ["one", "two"]);
    assert!(error.hint().is_some());
}

#[tokio::test]
async fn a_build_that_fails_names_its_step_and_last_lines() {
    a_failed_build(Engine::Docker).await;
}

#[cfg(feature = "podman")]
#[tokio::test]
async fn a_build_that_fails_on_podman_does_so_too() {
    a_failed_build(Engine::Podman).await;
}

#[tokio::test]
async fn dockerfiles_that_are_none_are_told() {
    let directory = Directory::with(&[("empty", ""), ("comment", "# nothing\n\n"), ("nonsense", "HAVE some\n")]);
    let refused = async |name: &str| {
        open(Docker::new(Engine::Docker).dockerfile(directory.path().join(name))).await.expect_err("it is none")
    };
    for (name, words) in [
        ("absent", "nothing is there"),
        ("absent/Dockerfile", "nothing is there"),
        ("empty/Dockerfile", "nothing is there"),
        ("", "it is a directory"),
        ("empty", "it is empty"),
        ("comment", "it is empty"),
    ] {
        let error = refused(name).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}: {error}");
        assert!(error.to_string().contains(words) && error.hint().is_some(), "{name}: {error}");
    }
    let error = refused("nonsense").await;
    assert_eq!(error.kind(), ErrorKind::ImageBuildFailed, "{error}");
    assert!(error.to_string().contains("HAVE"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_sent_is_named_and_sockets_are_left_out() {
    let directory = Directory::with(&[("Dockerfile", &dockerfile(Engine::Docker, "COPY . /context"))]);
    let _socket = UnixListener::bind(directory.path().join("socket")).expect("a socket");
    let docker = || Docker::new(Engine::Docker).dockerfile(directory.dockerfile());
    let session = open(docker()).await.expect("it is built");
    assert_eq!(printed(&session, "import os; print(os.listdir('/context'))").await, "['Dockerfile']\n");
    session.close().await.expect("it closes");
    let pipe = directory.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("it is there").success());
    let error = open(docker()).await.expect_err("it would never end");
    assert!(matches!(&error, Error::HostFile { path, .. } if *path == pipe), "{error:?}");
}

#[tokio::test]
async fn a_build_that_is_given_up_leaves_nothing() {
    let mark = marker();
    let directory =
        Directory::with(&[("Dockerfile", &dockerfile(Engine::Docker, &format!("RUN sleep 1000 # {mark}")))]);
    let (tell, mut told) = tokio::sync::mpsc::channel(1000);
    let docker = Docker::new(Engine::Docker).dockerfile(directory.dockerfile()).on_progress(move |progress| {
        // The container of the step.
        if progress.message.contains("Running in") {
            tell.try_send(()).expect("there is room");
        }
    });
    let building = tokio::spawn(open(docker));
    tokio::time::timeout(Duration::from_secs(60), told.recv()).await.expect("it comes so far").expect("it goes on");
    building.abort();
    assert!(building.await.expect_err("it was given up").is_cancelled());
    let at_work = || {
        let all = client_of(Engine::Docker, &["ps", "-a", "--no-trunc", "--format", "{{.Command}}"]);
        all.lines().filter(|line| line.contains(&mark)).map(str::to_owned).collect()
    };
    eventually("the step's container goes", at_work).await;
    assert_eq!(own(), [""; 0]);
}
