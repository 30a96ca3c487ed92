//! The `llm-sandbox` program as users meet it: the real binary on the real native backend.

mod batch;
mod blocked;
mod doctor;
mod endings;
mod help;
mod inputs;
mod json;
mod misuse;
mod options;
mod statuses;
mod streams;
mod support;
mod terminal;
