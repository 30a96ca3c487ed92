//! What processes have left that are gone.

use llm_sandbox_docker::{Docker, Engine};

use crate::engine::{client, image, open, own};

/// A container that was made and never started, by a process with this number on this machine.
fn left_by(process: u32, host: &str) -> String {
    let labels = [("owner", process.to_string()), ("host", host.to_owned()), ("since", "1".to_owned())];
    let labels = labels.map(|(name, value)| format!("--label=io.github.llm-sandbox.{name}={value}"));
    let image = image();
    let arguments = labels.iter().map(String::as_str).chain(["--entrypoint=/.llm-sandbox/agent", &*image]);
    client(&["create"].into_iter().chain(arguments).collect::<Vec<_>>())
}

fn here() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").expect("Linux has it");
    let namespace = std::fs::read_link("/proc/self/ns/pid").expect("Linux has it");
    format!("{}/{}", boot.trim(), namespace.display())
}

#[tokio::test]
async fn only_containers_of_processes_that_are_gone_are_removed() {
    let session = open(&image()).await.expect("it opens");
    let gone = left_by(u32::MAX, &here());
    // This process has that number, but it began later.
    let reused = left_by(std::process::id(), &here());
    let elsewhere = left_by(u32::MAX, "another machine");
    let removed = Docker::new(Engine::Docker).remove_leftovers().await.expect("the engine answers");
    assert!(removed.contains(&gone) && removed.contains(&reused), "{removed:?}");
    assert!(!removed.contains(&elsewhere));
    assert_eq!(client(&["rm", &elsewhere]), elsewhere);
    assert_eq!(own().len(), 1);
    assert_eq!(session.run("print(1)").await.expect("it lives").stdout_text(), "1\n");
}
