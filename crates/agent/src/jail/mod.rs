//! The native jail: what stands between code and the host where no container engine does.
//!
//! [`mod@fork_server`] starts a supervisor for each sandbox. [`mod@supervise`] is that outer process: it stays outside, holds what must be given back and kills when it is time.
//! [`mod@enter`] is the recipe by which its child shuts itself in and becomes the agent, process 1 of the jail.

mod assignment;
mod cgroup;
mod descent;
mod enter;
mod fork_server;
mod host;
mod identity;
mod landlock;
mod maps;
mod mount;
mod outside;
mod place;
mod promises;
mod seccomp;
mod steps;
mod supervise;
mod trouble;
mod turns;
mod void;

pub(crate) use cgroup::{MemoryWatch, RunGroup, SandboxGroup};
pub(crate) use enter::{TO_SERVE_RUNS, drop_privileges};
pub(crate) use fork_server::serve as serve_forks;
pub(crate) use landlock::{DEVICES, build as build_landlock, can_keep_signals_in, keep_signals_in};
pub(crate) use mount::special;
pub(crate) use place::remove_directory;
pub(crate) use seccomp::{Ground, agent_filter, run_filter};
pub(crate) use trouble::Trouble;

/// Where the jail keeps what the code must not reach: a directory for its root alone.
pub(crate) const PRIVATE: &str = "/.agent";

/// The agent's own /proc in there.
pub(crate) const PRIVATE_PROC: &str = "/.agent/proc";

/// The user that code runs as, inside.
pub(crate) const USER: u32 = 1000;
