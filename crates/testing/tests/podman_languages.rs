//! Real programs in every language, on containers of a real Podman engine.
//!
//! `LLM_SANDBOX_TEST_LANGUAGES_IMAGE` names an image with all their compilers and runtimes in it.

#![cfg(target_os = "linux")]

use std::sync::Arc;

use llm_sandbox_core::{Language, Session, SessionBuilder};
use llm_sandbox_docker::{Docker, Engine};

fn sandbox(language: Language) -> Result<SessionBuilder, String> {
    let image = std::env::var("LLM_SANDBOX_TEST_LANGUAGES_IMAGE");
    let image = image.unwrap_or_else(|_| "localhost/llm-sandbox-test:languages".to_owned());
    Ok(Session::builder_on(Arc::new(Docker::new(Engine::Podman).image(image)), language))
}

llm_sandbox_testing::language_tests!(sandbox);
