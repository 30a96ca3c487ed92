//! The contract of every backend, on containers of a real Podman engine.
//!
//! `LLM_SANDBOX_TEST_IMAGE` names an image with Python and Node.js in it.

#![cfg(target_os = "linux")]

use std::sync::Arc;

use llm_sandbox_docker::{Docker, Engine};

fn backend() -> Docker {
    let image =
        std::env::var("LLM_SANDBOX_TEST_IMAGE").unwrap_or_else(|_| "localhost/llm-sandbox-test:base".to_owned());
    Docker::new(Engine::Podman).image(image)
}

llm_sandbox_testing::contract_tests!(Arc::new(backend()));
