//! What hostile code tries, and what it must find.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod files;
#[cfg(target_arch = "x86_64")]
mod kernel;
mod network;
mod privilege;
mod sessions;
mod view;
