//! The docker and podman backends: each sandbox is a container of an engine, with the agent as its first process.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use llm_sandbox_core::{Error, Language, Session};
//! use llm_sandbox_docker::{Docker, Engine};
//!
//! # async fn example() -> Result<(), Error> {
//! let docker = Docker::new(Engine::Docker).image("python:3.13-slim");
//! let session = Session::builder_on(Arc::new(docker), Language::Python).open().await?;
//! assert_eq!(session.run("print(6 * 7)").await?.stdout_text(), "42\n");
//! session.close().await
//! # }
//! ```
//!
//! An image that is not here is pulled; [`Docker::dockerfile`] has one built. [`Docker::on_progress`] tells how that comes on.
//!
//! The agent is put into a volume of the container before that starts, so that images need no shell and roots may be
//! read-only. The container's standard streams are the pipe to it: when this process dies they end, the agent leaves, and
//! the engine removes the container.

#![forbid(unsafe_code)]

mod archive;
mod commit;
mod container;
mod create;
mod docker;
mod engine;
#[cfg(test)]
mod guarantees;
mod guest;
mod host;
mod image;
mod image_defaults;
mod leftovers;
mod limits;
mod losses;
mod mounts;
mod options;
mod owner;
mod promises;
mod sandbox;
mod stream;
mod trouble;

pub use docker::Docker;
pub use engine::{Engine, TlsFiles};
pub use image::{ImageAction, ImageProgress};
pub use options::{ContainerMount, ContainerOptions, Device, Gpus, MountKind, Propagation, Ulimit, Volume};
