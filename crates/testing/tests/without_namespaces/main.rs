//! Sandboxes without namespaces, which hosts that give none can have by name: what works there, what is held, and what is
//! refused.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod programs;
mod promises;
mod trees;

use llm_sandbox_core::{Isolation, SessionBuilder};

/// A session without namespaces, by an interpreter that any user can get to.
fn python() -> SessionBuilder {
    support::python().isolation(Isolation::WithoutNamespaces).interpreter("/usr/bin/python3")
}
