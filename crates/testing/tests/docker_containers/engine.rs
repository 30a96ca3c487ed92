//! The engine beside the code under test: by its own client.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

use llm_sandbox_core::{Error, Language, Session};
use llm_sandbox_docker::Docker;

pub(crate) fn image() -> String {
    std::env::var("LLM_SANDBOX_TEST_IMAGE").unwrap_or_else(|_| crate::IMAGE.to_owned())
}

pub(crate) async fn open(image: &str) -> Result<Session, Error> {
    Session::builder_on(Arc::new(Docker::new(crate::ENGINE).image(image)), Language::Python).open().await
}

/// Runs the engine's own client.
pub(crate) fn client(arguments: &[&str]) -> String {
    let mut command = Command::new(crate::CLIENT);
    // Podman's client is the engine, so that it needs the configuration of the service beside it; Docker's knows of none.
    command.env("CONTAINERS_CONF", "/var/cache/llm-sandbox-tests/containers.conf");
    let output = command.args(arguments).output().expect("the client is there");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Containers with this label, dead ones too.
pub(crate) fn containers(label: &str) -> Vec<String> {
    client(&["ps", "-aq", "--filter", &format!("label={label}")]).lines().map(str::to_owned).collect()
}

/// The containers of this process.
pub(crate) fn own() -> Vec<String> {
    containers(&format!("io.github.llm-sandbox.owner={}", std::process::id()))
}

/// What the engine says of the one container with this label.
pub(crate) fn inspected(label: &str) -> serde_json::Value {
    let found = containers(label);
    let [id] = found.as_slice() else { panic!("{found:?}") };
    serde_json::from_str(&client(&["inspect", "--format", "{{json .}}", id])).expect("it is JSON")
}

pub(crate) async fn open_on(docker: Docker) -> Session {
    Session::builder_on(Arc::new(docker), Language::Python).open().await.expect("it opens")
}

/// Builds an image of this Dockerfile, without a context.
pub(crate) fn build(name: &str, recipe: &str) -> String {
    let mut build = Command::new(crate::CLIENT)
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
