//! The engine beside the code under test: by its own client.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

use llm_sandbox_core::{Error, Language, Session};
use llm_sandbox_docker::{Docker, Engine};

pub(crate) fn image() -> String {
    std::env::var("LLM_SANDBOX_TEST_IMAGE").unwrap_or_else(|_| "llm-sandbox-test:base".to_owned())
}

pub(crate) async fn open(image: &str) -> Result<Session, Error> {
    Session::builder_on(Arc::new(Docker::new(Engine::Docker).image(image)), Language::Python).open().await
}

/// Runs the engine's own client.
pub(crate) fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().expect("the client is there");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Containers with this label, dead ones too.
pub(crate) fn containers(label: &str) -> Vec<String> {
    docker(&["ps", "-aq", "--filter", &format!("label={label}")]).lines().map(str::to_owned).collect()
}

/// The containers of this process.
pub(crate) fn own() -> Vec<String> {
    containers(&format!("io.github.llm-sandbox.owner={}", std::process::id()))
}

/// What the engine says of the one container with this label.
pub(crate) fn inspected(label: &str) -> serde_json::Value {
    let found = containers(label);
    let [id] = found.as_slice() else { panic!("{found:?}") };
    serde_json::from_str(&docker(&["inspect", "--format", "{{json .}}", id])).expect("it is JSON")
}

pub(crate) async fn open_on(docker: Docker) -> Session {
    Session::builder_on(Arc::new(docker), Language::Python).open().await.expect("it opens")
}

/// Builds an image of this Dockerfile, without a context.
pub(crate) fn build(name: &str, recipe: &str) -> String {
    let mut build = Command::new("docker")
        .args(["build", "-q", "-t", name, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the client is there");
    build.stdin.take().expect("it is piped").write_all(recipe.as_bytes()).expect("it reads");
    assert!(build.wait().expect("it is ours").success(), "{name}");
    name.to_owned()
}
