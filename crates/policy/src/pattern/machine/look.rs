//! Looks ahead and behind, and back at what a group has matched.

use super::state::{Choice, Resume};
use super::{Machine, Outcome};
use crate::pattern::MatchGaveUp;
use crate::pattern::casing::Fold;
use crate::pattern::program::{Address, Slot};

impl Machine<'_> {
    pub(super) fn look_from(
        &mut self,
        fence: Slot,
        back: usize,
        at: usize,
        next: Address,
    ) -> Result<Outcome, MatchGaveUp> {
        let Some(from) = self.back(back, at)? else {
            return Ok(Outcome::Failed);
        };
        self.state.set(fence, self.state.choices())?;
        self.state.set(fence + 1, at)?;
        Ok(Outcome::Go { to: next, at: from })
    }

    pub(super) fn look_from_unwanted(
        &mut self,
        fence: Slot,
        back: usize,
        absent: Address,
        at: usize,
        next: Address,
    ) -> Result<Outcome, MatchGaveUp> {
        let Some(from) = self.back(back, at)? else {
            return Ok(Outcome::Go { to: absent, at });
        };
        self.state.set(fence, self.state.choices())?;
        self.state.push(Choice { resume: Resume::At(absent), at })?;
        Ok(Outcome::Go { to: next, at: from })
    }

    /// The place `count` characters before; none where there are not as many.
    fn back(&mut self, count: usize, mut at: usize) -> Result<Option<usize>, MatchGaveUp> {
        if count > at {
            return Ok(None);
        }
        self.meter.spend(count as u64)?;
        for _ in 0..count {
            match self.text.before(at) {
                Some(before) => at = before,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    /// The same characters as in the group whose start is in slot `start`.
    pub(super) fn back_reference(
        &mut self,
        start: Slot,
        fold: Fold,
        at: usize,
        next: Address,
    ) -> Result<Outcome, MatchGaveUp> {
        let Some((first, last)) = self.state.group(start) else {
            return Ok(Outcome::Failed);
        };
        let mut wanted = first;
        let mut end = at;
        for (character, other) in self.text.characters(first).zip(self.text.characters(at)) {
            if wanted >= last || fold.apply(character.into()) != fold.apply(other.into()) {
                break;
            }
            wanted += character.len_utf8();
            end += other.len_utf8();
        }
        self.meter.spend((wanted - first) as u64)?;
        Ok(Outcome::if_true(wanted >= last, next, end))
    }
}
