use llm_sandbox_protocol::{ResourceLimits, RunRequest};

/// A request to run a program, with its standard input at an end, that takes 30 seconds at most.
pub fn program(argv: &[&str]) -> RunRequest {
    RunRequest {
        argv: argv.iter().map(|word| word.as_bytes().to_vec()).collect(),
        environment: vec![(b"PATH".to_vec(), b"/usr/bin:/bin".to_vec())],
        directory: b"/sandbox".to_vec(),
        stdin: false,
        terminal: None,
        wall_limit: Some(30_000_000_000),
        cpu_limit: None,
        stdout_cap: None,
        stderr_cap: None,
        source: None,
        resources: ResourceLimits::NONE,
        compile: None,
    }
}
