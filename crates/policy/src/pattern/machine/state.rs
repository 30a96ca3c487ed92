//! What a machine remembers: numbers, and the choices it left open.

use crate::pattern::MatchGaveUp;
use crate::pattern::program::{Address, Slot};

/// No place of a text.
pub(super) const NOWHERE: usize = usize::MAX;

/// How many choices may be open: some 60 MiB.
const MOST_CHOICES: usize = 1 << 20;

/// How many changes of numbers are remembered: 64 MiB.
const MOST_CHANGES: usize = 1 << 22;

/// How to go on after a choice has failed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Resume {
    At(Address),
    /// With one character fewer for the instruction at `units`, if that leaves enough.
    Fewer {
        units: Address,
        down_to: usize,
    },
    /// With one character more.
    More {
        units: Address,
        taken: usize,
    },
    /// With the body of the lazy loop whose head this is.
    Body {
        head: Address,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) resume: Resume,
    /// The place in the text.
    pub(super) at: usize,
}

pub(super) struct State {
    slots: Vec<usize>,
    /// The choices, and how many changes had been made before each.
    choices: Vec<(Choice, usize)>,
    /// The slots that were changed, with what was in them before.
    changes: Vec<(Slot, usize)>,
}

impl State {
    pub(super) fn new(slots: usize) -> Self {
        Self { slots: vec![NOWHERE; slots], choices: Vec::new(), changes: Vec::new() }
    }

    /// As it was at first.
    pub(super) fn reset(&mut self) {
        self.choices.clear();
        self.undo_to(0);
    }

    pub(super) fn get(&self, slot: Slot) -> usize {
        self.slots.get(slot).copied().unwrap_or(NOWHERE)
    }

    pub(super) fn set(&mut self, slot: Slot, value: usize) -> Result<(), MatchGaveUp> {
        if self.changes.len() == MOST_CHANGES {
            return Err(MatchGaveUp::Memory);
        }
        if let Some(kept) = self.slots.get_mut(slot) {
            self.changes.push((slot, *kept));
            *kept = value;
        }
        Ok(())
    }

    /// The ends of a group that has matched; its start is in slot `start`.
    pub(super) fn group(&self, start: Slot) -> Option<(usize, usize)> {
        let (first, last) = (self.get(start), self.get(start + 1));
        (first != NOWHERE && last != NOWHERE && first <= last).then_some((first, last))
    }

    pub(super) fn push(&mut self, choice: Choice) -> Result<(), MatchGaveUp> {
        if self.choices.len() == MOST_CHOICES {
            return Err(MatchGaveUp::Memory);
        }
        self.choices.push((choice, self.changes.len()));
        Ok(())
    }

    /// Takes the last choice, with all numbers as they were when it was made.
    pub(super) fn pop(&mut self) -> Option<Choice> {
        let (choice, changes) = self.choices.pop()?;
        self.undo_to(changes);
        Some(choice)
    }

    pub(super) fn choices(&self) -> usize {
        self.choices.len()
    }

    /// Forgets all choices but the first `count`. Numbers stay as they are.
    pub(super) fn keep_to(&mut self, count: usize) {
        self.choices.truncate(count);
    }

    fn undo_to(&mut self, count: usize) {
        while self.changes.len() > count
            && let Some((slot, before)) = self.changes.pop()
        {
            if let Some(kept) = self.slots.get_mut(slot) {
                *kept = before;
            }
        }
    }
}
