//! The native backend: a jail of Linux namespaces, cgroups and filters, without a daemon and without an image.
//!
//! ```no_run
//! use llm_sandbox_core::{Backend, SandboxSpec};
//! use llm_sandbox_native::Native;
//!
//! # async fn example() -> Result<(), llm_sandbox_core::Error> {
//! let created = Native::new().create(&SandboxSpec::default()).await?;
//! for step in &created.steps {
//!     println!("{}: {:?}", step.name, step.duration);
//! }
//! created.sandbox.destroy().await?;
//! # Ok(())
//! # }
//! ```
//!
//! This process never forks and never changes its namespaces: it starts the agent program as a fork server, which
//! forks a supervisor for each sandbox. That builds the jail, stays outside it and removes it when asked to or when this
//! process is gone.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

mod blocked;
mod control;
mod exhausted;
mod fork_server;
mod gate;
mod program;
mod sandbox;
mod spec;
mod stock;
mod supervisor;

pub use sandbox::Native;
