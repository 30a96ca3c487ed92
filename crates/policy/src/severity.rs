use serde::{Deserialize, Serialize};

/// How much a finding matters, from nothing to most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing. Never blocks.
    #[default]
    Safe = 0,
    /// Unusual, and harmless in most programs.
    Low = 1,
    /// Reaches for what the policy keeps to itself.
    Medium = 2,
    /// Harms the system it runs on, or takes control of it.
    High = 3,
}

/// The name that [`Severity`] has in the Python package.
pub type SecurityIssueSeverity = Severity;

impl Severity {
    /// The severity's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Safe => "safe",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }

    /// Whether a finding of this severity blocks at `threshold`. Nothing blocks at [`Severity::Safe`].
    pub fn blocks_at(self, threshold: Severity) -> bool {
        threshold > Severity::Safe && self >= threshold
    }
}
