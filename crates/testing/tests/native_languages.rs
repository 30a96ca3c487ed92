//! Real programs in every language, on the native backend.

#![cfg(target_os = "linux")]

#[path = "support/mod.rs"]
mod support;

use llm_sandbox_core::{Language, SessionBuilder};

fn sandbox(language: Language) -> Result<SessionBuilder, String> {
    let builder = support::sandbox(language);
    match language {
        Language::Go => Ok(builder.interpreter(support::go::find()?)),
        _ => Ok(builder),
    }
}

llm_sandbox_testing::language_tests!(sandbox);
