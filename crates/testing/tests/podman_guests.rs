//! Containers that were there before, on a real Podman engine.
//!
//! `LLM_SANDBOX_TEST_IMAGE` names an image with Python in it.

#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "this suite uses a part of it")]
#[path = "docker_containers/engine.rs"]
mod engine;
#[path = "docker_containers/guests.rs"]
mod guests;
#[path = "docker_containers/one_program.rs"]
mod one_program;
#[path = "support/mod.rs"]
mod support;

/// The engine of this suite, its own client, and the image of the tests as it calls it.
const ENGINE: llm_sandbox_docker::Engine = llm_sandbox_docker::Engine::Podman;
const CLIENT: &str = "podman";
const IMAGE: &str = "localhost/llm-sandbox-test:base";
