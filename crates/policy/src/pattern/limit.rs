//! How long a search may take.

use std::time::Instant;

use super::MatchGaveUp;

/// About two seconds of a slow machine.
const DEFAULT_STEPS: u64 = 200_000_000;

/// Steps between two looks at the clock: some ten microseconds.
const STEPS_UNWATCHED: u64 = 2048;

/// What one search may take. Several searches may share a deadline.
#[derive(Debug, Clone, Copy)]
pub struct MatchLimit {
    deadline: Instant,
    steps: u64,
}

impl MatchLimit {
    /// Until `deadline`, and a number of steps that takes a second or two.
    pub fn until(deadline: Instant) -> Self {
        Self { deadline, steps: DEFAULT_STEPS }
    }

    /// The same, with at most `steps` steps for each search: a bound that does not depend on the machine.
    #[must_use]
    pub fn with_steps(self, steps: u64) -> Self {
        Self { steps, ..self }
    }
}

/// What is left of a limit during a search.
#[derive(Debug)]
pub(super) struct Meter {
    deadline: Instant,
    left: u64,
    unwatched: u64,
}

impl Meter {
    pub(super) fn new(budget: &MatchLimit) -> Self {
        Self { deadline: budget.deadline, left: budget.steps, unwatched: STEPS_UNWATCHED }
    }

    #[inline]
    pub(super) fn spend(&mut self, steps: u64) -> Result<(), MatchGaveUp> {
        self.left = self.left.checked_sub(steps).ok_or(MatchGaveUp::Steps)?;
        self.unwatched += steps;
        if self.unwatched >= STEPS_UNWATCHED { self.look() } else { Ok(()) }
    }

    #[cold]
    fn look(&mut self) -> Result<(), MatchGaveUp> {
        self.unwatched = 0;
        if Instant::now() >= self.deadline { Err(MatchGaveUp::Deadline) } else { Ok(()) }
    }
}
