//! Version 2: one tree for all controllers, in which groups that divide hold no processes themselves.
//!
//! A sandbox is three groups: one that is the agent's to divide, in it `agent`, where the agent runs, and `runs`, which
//! carries the limits and holds a group per run. So no limit of the code's ever hits the agent.

mod memory;
mod place;
mod run;
mod sandbox;
mod systemd;

pub(crate) use memory::MemoryWatch;
pub(crate) use place::Controllers;
pub(crate) use run::RunGroup;
pub(crate) use sandbox::SandboxGroup;
