//! Random calls on sessions, and what must be true of their answers.

mod files;
mod impatient;
mod lane;
pub(crate) mod program;
mod runs;
mod scratch;
mod world;

pub(crate) use lane::Lane;
pub(crate) use scratch::Scratch;
pub(crate) use world::{Clock, World};
