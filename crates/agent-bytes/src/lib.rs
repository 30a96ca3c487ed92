//! The program that runs inside every sandbox, as bytes to be put there.
//!
//! ```
//! use llm_sandbox_agent_bytes::{Platform, for_platform};
//!
//! let agent = for_platform(Platform::HERE).expect("built for this machine");
//! assert_eq!(&agent[..4], b"\x7fELF");
//! ```
//!
//! The build script compiles `llm-sandbox-agent` into one static file. `LLM_SANDBOX_AGENT=PATH`, set at build time,
//! embeds that file instead.

/// What a sandbox runs on; the sandbox's platform counts, not the host's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Platform {
    /// Linux on x86-64.
    LinuxX86_64,
    /// Linux on 64-bit ARM.
    LinuxAarch64,
}

impl Platform {
    /// The platform this crate was compiled for, and so the one whose agent it carries.
    pub const HERE: Self = if cfg!(target_arch = "aarch64") { Self::LinuxAarch64 } else { Self::LinuxX86_64 };
}

const BYTES: &[u8] = include_bytes!(env!("AGENT"));

/// The agent for a platform; `None` where this build carries none for it.
pub fn for_platform(platform: Platform) -> Option<&'static [u8]> {
    (platform == Platform::HERE && !BYTES.is_empty()).then_some(BYTES)
}
