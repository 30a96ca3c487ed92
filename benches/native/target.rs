use std::fmt;

use serde_json::{Value, json};

/// In what a figure is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    Megabytes,
    MegabytesPerSecond,
    PerSecond,
    /// A ratio.
    Times,
    /// A bare number.
    Number,
}

impl Unit {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Megabytes => "MB",
            Self::MegabytesPerSecond => "MB/s",
            Self::PerSecond => "/s",
            Self::Times => "×",
            Self::Number => "",
        }
    }

    /// A value with its unit, as precise as makes sense.
    pub(crate) fn show(self, value: f64) -> String {
        let digits = match self {
            Self::Milliseconds | Self::Times | Self::Megabytes => 2,
            Self::PerSecond | Self::Number => 1,
            Self::MegabytesPerSecond => 0,
        };
        format!("{value:.digits$} {:<4}", self.name())
    }
}

/// What a figure ought to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    pub(crate) fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }

    /// Whether it is met, or by how much not.
    pub(crate) fn verdict(self, value: f64, unit: Unit) -> String {
        let (Self::AtMost(target) | Self::AtLeast(target)) = self;
        let off = (value - target).abs();
        match unit {
            _ if self.is_met(value) => "met".to_owned(),
            Unit::Milliseconds => format!("missed by {}", unit.show(off).trim_end()),
            _ => format!("missed by {:.0} %", off / target * 100.0),
        }
    }

    pub(crate) fn show(self, unit: Unit) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {}", unit.show(most)),
            Self::AtLeast(least) => format!("≥ {}", unit.show(least)),
        }
    }

    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::AtMost(most) => json!({ "at_most": most }),
            Self::AtLeast(least) => json!({ "at_least": least }),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
