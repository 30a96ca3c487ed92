//! The `llm-sandbox` program: `llm-sandbox run -c 'print(6 * 7)'` prints 42.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    llm_sandbox_cli::run(std::env::args_os().collect(), None).into()
}
