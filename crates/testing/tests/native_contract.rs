//! The contract of every backend, on the native one.

#![cfg(target_os = "linux")]

use std::sync::Arc;

use llm_sandbox_native::Native;

llm_sandbox_testing::contract_tests!(Arc::new(Native::new()));
