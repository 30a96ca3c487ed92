//! Chance against both ends: a million frames of a lying agent, a million of a lying host, and ten thousand random
//! sequences of calls while agents die, lie, stall and are killed. No panic, no leak, no hang, and every answer fits its
//! question.
//!
//! All of it follows from `LLM_SANDBOX_CHAOS_SEED`. A failure names its seed and the number of its case;
//! `LLM_SANDBOX_CHAOS_ONLY` runs that one alone. `LLM_SANDBOX_CHAOS_FRAMES` and `LLM_SANDBOX_CHAOS_SEQUENCES` say how
//! much is tried.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod agent_frames;
mod calls;
mod cases;
mod dice;
mod host_frames;
mod killed;
mod lies;
mod memory;
mod mischief;
mod model;
mod sequences;
mod settings;
mod wire;
