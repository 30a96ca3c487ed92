//! Nothing outlives its run, its session or its host, whatever it does.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod attacked;
mod fork_server;
mod hosts;
mod trees;
