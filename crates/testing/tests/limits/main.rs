//! Every limit holds, says so, and leaves a session that works.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod hints;
mod memory;
mod output;
mod processes;
mod time;
mod usage;
