//! Repetition: of one character, and of anything.

use super::state::{Choice, Resume};
use super::{Machine, Outcome};
use crate::pattern::MatchGaveUp;
use crate::pattern::program::{Address, Instruction, Loop};
use crate::pattern::syntax::{Greed, Times};
use crate::pattern::unit::Unit;

/// Where to go on, and at which place of the text.
type Resumed = Result<Option<(Address, usize)>, MatchGaveUp>;

impl Machine<'_> {
    /// One character, many times.
    pub(super) fn units(
        &mut self,
        here: Address,
        unit: &Unit,
        times: Times,
        at: usize,
    ) -> Result<Outcome, MatchGaveUp> {
        let next = here + 1;
        let (taken, least) = self.take(unit, times.least, at)?;
        if taken < times.least {
            return Ok(Outcome::Failed);
        }
        let end = match times.greed {
            Greed::Lazy => {
                if taken < times.most {
                    self.state.push(Choice { resume: Resume::More { units: here, taken }, at: least })?;
                }
                least
            }
            Greed::Greedy | Greed::Possessive => self.take(unit, times.most - taken, least)?.1,
        };
        if times.greed == Greed::Greedy && end > least {
            self.state.push(Choice { resume: Resume::Fewer { units: here, down_to: least }, at: end })?;
        }
        Ok(Outcome::Go { to: next, at: end })
    }

    /// Takes as many as there are, at most `most`: how many, and the place after them.
    fn take(&mut self, unit: &Unit, most: usize, mut at: usize) -> Result<(usize, usize), MatchGaveUp> {
        let steps = unit.steps();
        let mut taken = 0;
        while taken < most
            && let Some(after) = self.text.after(unit, at)
        {
            self.meter.spend(steps)?;
            taken += 1;
            at = after;
        }
        Ok((taken, at))
    }

    pub(super) fn fewer(&mut self, units: Address, down_to: usize, at: usize) -> Resumed {
        let Some(before) = self.text.before(at) else {
            return Ok(None);
        };
        if before > down_to {
            self.state.push(Choice { resume: Resume::Fewer { units, down_to }, at: before })?;
        }
        Ok(Some((units + 1, before)))
    }

    pub(super) fn more(&mut self, units: Address, taken: usize, at: usize) -> Resumed {
        let program = self.program;
        let Some(Instruction::Units { unit, times }) = program.instructions.get(units) else {
            return Ok(None);
        };
        let Some(after) = self.text.after(unit, at) else {
            return Ok(None);
        };
        let taken = taken + 1;
        if taken < times.most {
            self.state.push(Choice { resume: Resume::More { units, taken }, at: after })?;
        }
        Ok(Some((units + 1, after)))
    }

    /// At the head of a loop: once more, or on.
    pub(super) fn head(
        &mut self,
        here: Address,
        of: Loop,
        times: Times,
        exit: Address,
        at: usize,
    ) -> Result<Outcome, MatchGaveUp> {
        if times.greed == Greed::Possessive {
            self.state.set(of.fence(), self.state.choices())?;
        }
        if self.state.get(of.count()) < times.least {
            return Ok(Outcome::Go { to: here + 1, at });
        }
        if times.greed == Greed::Lazy {
            self.state.push(Choice { resume: Resume::Body { head: here }, at })?;
            return Ok(Outcome::Go { to: exit, at });
        }
        if !self.may_repeat(of, times, at) {
            return Ok(Outcome::Go { to: exit, at });
        }
        self.state.push(Choice { resume: Resume::At(exit), at })?;
        self.state.set(of.began(), at)?;
        Ok(Outcome::Go { to: here + 1, at })
    }

    /// The body of a lazy loop, after what follows the loop has failed.
    pub(super) fn body(&mut self, head: Address, at: usize) -> Resumed {
        let program = self.program;
        let Some(Instruction::Head { of, times, .. }) = program.instructions.get(head) else {
            return Ok(None);
        };
        if !self.may_repeat(*of, *times, at) {
            return Ok(None);
        }
        self.state.set(of.began(), at)?;
        Ok(Some((head + 1, at)))
    }

    /// Whether another repetition may be tried: there are not enough yet, and the last one was not empty.
    fn may_repeat(&self, of: Loop, times: Times, at: usize) -> bool {
        self.state.get(of.count()) < times.most && self.state.get(of.began()) != at
    }
}
