use crate::budget::GaveUp;
use crate::severity::Severity;
use crate::violation::Violation;

/// What a scan found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of the source.
    pub violations: Vec<Violation>,
    /// Why not all of the code was looked at, if it was not.
    pub gave_up: Option<GaveUp>,
    /// Whether there were syntax errors. What stands around them was looked at all the same.
    pub is_broken: bool,
    /// The policy's threshold.
    pub severity_threshold: Severity,
}

impl Report {
    /// Whether nothing blocks. Code that was not seen to its end counts as unsafe, unless nothing blocks at all.
    pub fn is_safe(&self) -> bool {
        let unseen = self.gave_up.is_some() && self.severity_threshold > Severity::Safe;
        !unseen && self.blocking().next().is_none()
    }

    /// What blocks.
    pub fn blocking(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(|violation| violation.severity.blocks_at(self.severity_threshold))
    }
}
