//! The agent itself, in a real jail, met by hosts that are clumsy, hostile or slow: it serves on or it hangs up, and
//! whatever it does, nothing is left of the sandbox afterwards.

#![cfg(target_os = "linux")]

mod credit;
mod files;
mod greeting;
mod host;
mod race;
mod runs;
mod streams;
mod traces;
mod trees;
