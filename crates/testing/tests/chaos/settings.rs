use std::env;

/// What is tried unless the environment says otherwise.
const SEED: u64 = 1;
const FRAMES: u64 = 1_000_000;
const SEQUENCES: u64 = 10_000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    /// Frames each way.
    pub(crate) frames: u64,
    /// Sequences of calls on scripted agents.
    pub(crate) sequences: u64,
    /// The one case to run.
    pub(crate) only: Option<u64>,
}

impl Settings {
    pub(crate) fn read() -> Self {
        Self {
            seed: number("LLM_SANDBOX_CHAOS_SEED").unwrap_or(SEED),
            frames: number("LLM_SANDBOX_CHAOS_FRAMES").unwrap_or(FRAMES),
            sequences: number("LLM_SANDBOX_CHAOS_SEQUENCES").unwrap_or(SEQUENCES),
            only: number("LLM_SANDBOX_CHAOS_ONLY"),
        }
    }
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}
