//! Real programs in both languages.

#![cfg(target_os = "linux")]

#[path = "../support/mod.rs"]
mod support;

mod interpreters;
mod javascript;
mod node_system;
mod outside;
mod python;
mod python_system;
mod streams;
mod terminals;
