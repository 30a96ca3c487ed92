//! A backend without a sandbox: its agents are scripts in this process, to misbehave in every way.

mod agent;
mod backend;

pub use agent::FakeAgent;
pub use backend::{Destruction, FakeBackend};
