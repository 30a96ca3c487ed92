//! Files that are kept as an image.

use llm_sandbox_core::{ErrorKind, Run};
use llm_sandbox_docker::{Docker, Engine};

use crate::{
    engine::{client, image, open, open_on},
    support::marker,
};

/// An image's name that goes with it.
struct Name(String);

impl Drop for Name {
    fn drop(&mut self) {
        client(&["rmi", "-f", &self.0]);
    }
}

#[tokio::test]
async fn files_are_kept_and_nothing_else() {
    let name = Name(format!("llm-sandbox-test-commit:{}", marker()));
    let session = open(&image()).await.expect("it opens");
    session.write("kept/file", "text").await.expect("it is written");
    let id = session.commit(&name.0).await.expect("it is kept");
    assert!(id.starts_with("sha256:"), "{id}");
    session.write("later", "text").await.expect("the session goes on");
    let error = session.commit(&name.0).await.expect_err("there is one of this name");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains(&name.0) && error.hint().is_some(), "{error:?}");
    let error = session.commit(&image()).await.expect_err("it comes from there");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    session.close().await.expect("it closes");
    let error = session.commit("llm-sandbox-test-commit:closed").await.expect_err("it is closed");
    assert_eq!(error.kind(), ErrorKind::Closed);

    let format = "{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Config.User}} {{json .Config.Labels}}";
    let config = client(&["inspect", "-f", format, &name.0]);
    assert!(config.starts_with("null null root {") || config.starts_with("[] [] root {"), "{config}");
    assert!(!config.contains(&format!("{}\"", std::process::id())), "{config}");
    assert_eq!(client(&["run", "--rm", &name.0, "cat", "/sandbox/kept/file"]), "text");

    let session = open_on(Docker::new(Engine::Docker).image(&name.0)).await;
    let listed = session.run(Run::command("/bin/ls").args(["-A", "/sandbox"])).await.expect("the sandbox lives");
    assert_eq!(listed.stdout_text(), "kept\n");
    assert_eq!(session.read("kept/file").await.expect("it is there"), b"text");
    session.close().await.expect("it closes");
}
