//! Files in and out, each operation done by a child that has become the code's user.
//!
//! So a link the code planted leads only where the code itself could go. The child ([`worker`]) speaks the host's own
//! protocol over a socket; the agent ([`Files`]) only relays its frames, against the host's credit.

mod failure;
mod peer;
mod read;
mod relay;
mod worker;
mod write;

pub(crate) use relay::Files;
