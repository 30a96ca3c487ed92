//! Containers that were there before: the agent comes as a guest, and leaves them as they were.

mod enter;
mod host;
mod sandbox;

pub(crate) use enter::move_in;
#[cfg(test)]
pub(crate) use host::Host;
