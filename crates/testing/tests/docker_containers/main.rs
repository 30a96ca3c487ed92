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
mod options;
mod relay;
#[path = "../support/mod.rs"]
mod support;
mod tls;
