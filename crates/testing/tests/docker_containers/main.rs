//! What only containers have: images without anything in them, engines that answer or do not, containers that are killed or
//! left, on a real Docker engine; images that are pulled and built, on real registries.
//!
//! `LLM_SANDBOX_TEST_IMAGE` names an image with Python in it.

#![cfg(target_os = "linux")]

mod cable;
mod commits;
mod containers;
mod daemon;
mod engine;
mod environments;
mod faults;
mod guests;
mod images;
mod leftovers;
mod one_program;
mod options;
mod relay;
#[path = "../support/mod.rs"]
mod support;
mod tls;

/// The engine of this suite, its own client, and the image of the tests as it calls it.
const ENGINE: llm_sandbox_docker::Engine = llm_sandbox_docker::Engine::Docker;
const CLIENT: &str = "docker";
const IMAGE: &str = "llm-sandbox-test:base";
