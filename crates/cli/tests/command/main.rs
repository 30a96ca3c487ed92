//! The `llm-sandbox` program as users meet it: the real binary on the real native backend.

mod batch;
mod blocked;
mod check;
mod config;
mod doctor;
mod endings;
mod help;
mod inputs;
mod json;
mod manual;
mod misuse;
mod options;
mod sessions;
mod snapshots;
mod statuses;
mod streams;
mod support;
mod terminal;
