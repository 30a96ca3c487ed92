//! What only containers have: images without anything in them, engines that answer or do not, containers that are killed or
//! left, on a real Docker engine; images that are pulled and built, on real registries.
//!
//! `LLM_SANDBOX_TEST_IMAGE` names an image with Python in it.

#![cfg(target_os = "linux")]

mod containers;
mod engine;
mod images;
#[path = "../support/mod.rs"]
mod support;
