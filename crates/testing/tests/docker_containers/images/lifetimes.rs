use llm_sandbox_core::Session;
use llm_sandbox_docker::{Docker, Engine, ImageAction};

use super::{Directory, Told, client_of, dockerfile, open};
use crate::support::{eventually, marker, printed};

/// A context like no other, and what tells its image from others.
fn unique(engine: Engine) -> (Directory, String) {
    let mark = marker();
    let label = format!("COPY mark /mark\nLABEL io.github.llm-sandbox.test={mark}");
    (Directory::with(&[("Dockerfile", &dockerfile(engine, &label)), ("mark", &mark)]), mark)
}

/// The images that were built of it.
fn images(engine: Engine, mark: &str) -> Vec<String> {
    let own = format!("label=io.github.llm-sandbox.test={mark}");
    let listed = client_of(engine, &["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", &own]);
    let listed: Vec<_> = listed.lines().map(str::to_owned).collect();
    // One that is being removed has lost its name already.
    let is_ours = |image: &String| image == "<none>:<none>" || image.contains("llm-sandbox-build:");
    assert!(listed.iter().all(is_ours), "{listed:?}");
    listed
}

async fn assert_marked(session: &Session, mark: &str) {
    assert_eq!(printed(session, "print(open('/mark').read())").await, format!("{mark}\n"));
}

async fn an_image_goes_unless_it_is_kept(engine: Engine) {
    let (directory, mark) = unique(engine);
    let docker = Docker::new(engine).dockerfile(directory.dockerfile());
    let session = open(docker.clone()).await.expect("it is built");
    assert_marked(&session, &mark).await;
    assert_eq!(images(engine, &mark).len(), 1);
    session.close().await.expect("it closes");
    assert_eq!(images(engine, &mark), [""; 0], "it is removed");

    let session = open(docker.clone().keep_template(true)).await.expect("it is built");
    session.close().await.expect("it closes");
    let kept = images(engine, &mark);
    assert_eq!(kept.len(), 1, "it is kept");

    let told = Told::default();
    let session = open(told.listen(docker)).await.expect("it is there");
    assert_marked(&session, &mark).await;
    session.close().await.expect("it closes");
    assert_eq!(told.all(), [], "nothing is built");
    assert_eq!(images(engine, &mark), kept, "it was there before");
    client_of(engine, &["rmi", &kept[0]]);
}

#[tokio::test]
async fn a_built_image_goes_unless_it_is_kept() {
    an_image_goes_unless_it_is_kept(Engine::Docker).await;
}

#[cfg(feature = "podman")]
#[tokio::test]
async fn a_built_image_on_podman_goes_unless_it_is_kept() {
    an_image_goes_unless_it_is_kept(Engine::Podman).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_at_once_build_once_and_the_last_removes() {
    let (directory, mark) = unique(Engine::Docker);
    let told = Told::default();
    let opening: Vec<_> = (0..4)
        .map(|_| tokio::spawn(open(told.listen(Docker::new(Engine::Docker).dockerfile(directory.dockerfile())))))
        .collect();
    let mut sessions = Vec::new();
    for session in opening {
        sessions.push(session.await.expect("no panic").expect("it opens"));
    }
    let is_first_step = |told: &&llm_sandbox_docker::ImageProgress| {
        told.action == ImageAction::Build && told.message.starts_with("Step 1/")
    };
    assert_eq!(told.all().iter().filter(is_first_step).count(), 1, "{:?}", told.all());
    while let Some(session) = sessions.pop() {
        assert_marked(&session, &mark).await;
        assert_eq!(images(Engine::Docker, &mark).len(), 1);
        session.close().await.expect("it closes");
    }
    assert_eq!(images(Engine::Docker, &mark), [""; 0]);
}

#[tokio::test]
async fn the_image_of_a_dropped_session_goes() {
    let (directory, mark) = unique(Engine::Docker);
    drop(open(Docker::new(Engine::Docker).dockerfile(directory.dockerfile())).await.expect("it is built"));
    eventually("its image goes", || images(Engine::Docker, &mark)).await;
}

#[tokio::test]
async fn other_content_is_another_image() {
    let (directory, mark) = unique(Engine::Docker);
    let docker = Docker::new(Engine::Docker).dockerfile(directory.dockerfile());
    let first = open(docker.clone()).await.expect("it is built");
    directory.write("mark", "changed");
    let second = open(docker).await.expect("it is built");
    assert_marked(&first, &mark).await;
    assert_marked(&second, "changed").await;
    assert_eq!(images(Engine::Docker, &mark).len(), 2);
    first.close().await.expect("it closes");
    second.close().await.expect("it closes");
    assert_eq!(images(Engine::Docker, &mark), [""; 0]);
}
