use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A policy that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Blocks destruction of the system and nothing else.
    Minimal,
    /// Blocks system commands and dangerous deletion; allows files and network.
    Development,
    /// Blocks system commands, processes, writing outside the working directory and reading the environment; allows
    /// computation, reading and HTTP libraries.
    Production,
    /// Allows computation and a short list of modules.
    Strict,
    /// Blocks damage, and explains `eval` and `exec`.
    Educational,
    /// Allows the scientific stack and its file formats, and blocks access to the system.
    DataScience,
}

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 6] = [
        Preset::Minimal,
        Preset::Development,
        Preset::Production,
        Preset::Strict,
        Preset::Educational,
        Preset::DataScience,
    ];

    /// The preset's name, as [`security_policy`](crate::security_policy) takes it.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Minimal => "minimal",
            Preset::Development => "development",
            Preset::Production => "production",
            Preset::Strict => "strict",
            Preset::Educational => "educational",
            Preset::DataScience => "data_science",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A name that no policy has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no policy is called «{0}»; there are minimal, development, production, strict, educational and data_science")]
pub struct UnknownPolicy(pub String);

impl FromStr for Preset {
    type Err = UnknownPolicy;

    fn from_str(name: &str) -> Result<Self, UnknownPolicy> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name).ok_or_else(|| UnknownPolicy(name.to_owned()))
    }
}
