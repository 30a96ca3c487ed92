//! What backends and sessions are tested with: a backend whose agent is scripted, the contract of every backend, and
//! programs in every language.
//!
//! ```
//! use std::sync::Arc;
//!
//! use llm_sandbox_core::{Language, Session};
//! use llm_sandbox_testing::FakeBackend;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), llm_sandbox_core::Error> {
//! let backend = FakeBackend::new(|mut agent| async move {
//!     agent.greet().await;
//!     let Some((stream, _run)) = agent.next_request().await else { return };
//!     agent.stdout(stream, 1, b"42\n").await;
//!     agent.exit(stream, 0, 3, 0).await;
//!     agent.idle().await;
//! });
//! let session = Session::builder_on(Arc::new(backend), Language::Python).open().await?;
//! assert_eq!(session.run("print(6 * 7)").await?.stdout_text(), "42\n");
//! session.close().await
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod contract;
mod fake;
pub mod languages;
mod request;

pub use fake::{Destruction, FakeAgent, FakeBackend};
pub use request::program;
