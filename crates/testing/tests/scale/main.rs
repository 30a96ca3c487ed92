//! One process, many sandboxes: batches of jobs, and many sessions open at once.
//!
//! Figures are measured by the benchmarks; here is what must hold at any speed.

#![cfg(target_os = "linux")]

mod batch;
mod growth;
mod opening;
#[path = "../support/mod.rs"]
mod support;
