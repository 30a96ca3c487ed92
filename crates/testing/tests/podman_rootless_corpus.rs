//! Every attack of the corpus on containers of a real Podman engine that is an ordinary user's, whatever it lets them promise.
//!
//! `LLM_SANDBOX_TEST_IMAGE` names an image with Python in it.

#![cfg(target_os = "linux")]

#[path = "support/attacks.rs"]
mod attacks;
#[path = "support/mod.rs"]
mod support;

use std::sync::Arc;

use llm_sandbox_core::{Language, Session, SessionBuilder};
use llm_sandbox_docker::{Docker, Engine};

fn sandbox() -> SessionBuilder {
    let image =
        std::env::var("LLM_SANDBOX_TEST_IMAGE").unwrap_or_else(|_| "localhost/llm-sandbox-test:base".to_owned());
    Session::builder_on(
        Arc::new(Docker::new(Engine::Podman).address(support::ROOTLESS_PODMAN).image(image)),
        Language::Python,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_attack_is_held_or_its_guarantee_is_not_claimed() {
    let report = attacks::attack(sandbox).await;
    report.lines.iter().for_each(|line| println!("{line}"));
    assert!(report.broken.is_empty(), "\n{}", report.broken.join("\n"));
}
