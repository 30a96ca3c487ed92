//! Runs a program at one place of a text, in the order in which CPython's `re` tries what a pattern allows.

mod look;
mod repeat;
mod state;
mod text;

use crate::pattern::MatchGaveUp;
use crate::pattern::limit::Meter;
use crate::pattern::program::{Address, Instruction, Program};
use crate::pattern::syntax::Place;
use state::{Choice, NOWHERE, Resume, State};
use text::Text;

pub(super) struct Machine<'a> {
    program: &'a Program,
    text: Text<'a>,
    state: State,
    meter: Meter,
}

/// What an instruction came to.
enum Outcome {
    Go { to: Address, at: usize },
    Failed,
    Matched(usize),
}

impl Outcome {
    fn if_some(at: Option<usize>, to: Address) -> Self {
        at.map_or(Self::Failed, |at| Self::Go { to, at })
    }

    fn if_true(holds: bool, to: Address, at: usize) -> Self {
        if holds { Self::Go { to, at } } else { Self::Failed }
    }
}

impl<'a> Machine<'a> {
    pub(super) fn new(program: &'a Program, text: &'a str, meter: Meter) -> Self {
        Self { program, text: Text::new(text), state: State::new(program.slots), meter }
    }

    pub(super) fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }

    /// Where the match that begins at `start` ends. If `not_empty`, an empty one is passed over for the next that may be.
    pub(super) fn match_at(&mut self, start: usize, not_empty: bool) -> Result<Option<usize>, MatchGaveUp> {
        self.state.reset();
        let (mut to, mut at) = (0, start);
        loop {
            self.meter.spend(1)?;
            match self.execute(to, at)? {
                Outcome::Go { to: next, at: place } => (to, at) = (next, place),
                Outcome::Matched(end) if !(not_empty && end == start) => return Ok(Some(end)),
                Outcome::Matched(_) | Outcome::Failed => match self.backtrack()? {
                    Some(resumed) => (to, at) = resumed,
                    None => return Ok(None),
                },
            }
        }
    }

    fn execute(&mut self, here: Address, at: usize) -> Result<Outcome, MatchGaveUp> {
        let program = self.program;
        let next = here + 1;
        let Some(instruction) = program.instructions.get(here) else {
            return Ok(Outcome::Failed);
        };
        Ok(match instruction {
            Instruction::Unit(unit) => {
                self.meter.spend(unit.steps() - 1)?;
                Outcome::if_some(self.text.after(unit, at), next)
            }
            Instruction::Units { unit, times } => self.units(here, unit, *times, at)?,
            Instruction::At(place) => Outcome::if_true(self.is_at(*place, at), next, at),
            Instruction::Mark(slot) => self.note(*slot, at, next, at)?,
            Instruction::Jump(to) => Outcome::Go { to: *to, at },
            Instruction::Try { otherwise } => {
                self.state.push(Choice { resume: Resume::At(*otherwise), at })?;
                Outcome::Go { to: next, at }
            }
            Instruction::BackReference { start, fold } => self.back_reference(*start, *fold, at, next)?,
            Instruction::IfGroup { start, otherwise } => {
                let to = if self.state.group(*start).is_some() { next } else { *otherwise };
                Outcome::Go { to, at }
            }
            Instruction::Enter(of) => {
                self.state.set(of.began(), NOWHERE)?;
                self.note(of.count(), 0, next, at)?
            }
            Instruction::Head { of, times, exit } => self.head(here, *of, *times, *exit, at)?,
            Instruction::Again { of, head } => self.note(of.count(), self.state.get(of.count()) + 1, *head, at)?,
            Instruction::AgainKeeping { of, head } => {
                self.state.keep_to(self.state.get(of.fence()));
                self.note(of.count(), self.state.get(of.count()) + 1, *head, at)?
            }
            Instruction::Fence(slot) => self.note(*slot, self.state.choices(), next, at)?,
            Instruction::Keep(slot) => {
                self.state.keep_to(self.state.get(*slot));
                Outcome::Go { to: next, at }
            }
            Instruction::LookFrom { fence, back } => self.look_from(*fence, *back, at, next)?,
            Instruction::LookFound(fence) => {
                self.state.keep_to(self.state.get(*fence));
                Outcome::Go { to: next, at: self.state.get(*fence + 1) }
            }
            Instruction::LookFromUnwanted { fence, back, absent } => {
                self.look_from_unwanted(*fence, *back, *absent, at, next)?
            }
            Instruction::LookFoundUnwanted(fence) => {
                self.state.keep_to(self.state.get(*fence));
                Outcome::Failed
            }
            Instruction::Matched => Outcome::Matched(at),
        })
    }

    /// Keeps a number and goes on.
    fn note(&mut self, slot: usize, value: usize, to: Address, at: usize) -> Result<Outcome, MatchGaveUp> {
        self.state.set(slot, value)?;
        Ok(Outcome::Go { to, at })
    }

    fn is_at(&self, place: Place, at: usize) -> bool {
        let text = &self.text;
        match place {
            Place::TextStart => at == 0,
            Place::TextEnd => at == text.len(),
            Place::TextEndOrLastNewline => at == text.len() || at + 1 == text.len() && text.byte(at) == Some(b'\n'),
            Place::LineStart => at == 0 || text.byte(at - 1) == Some(b'\n'),
            Place::LineEnd => at == text.len() || text.byte(at) == Some(b'\n'),
            Place::WordBoundary { ascii } => text.is_word_boundary(at, ascii),
            // In an empty text CPython finds neither, before 3.14.
            Place::NoWordBoundary { ascii } => text.len() > 0 && !text.is_word_boundary(at, ascii),
        }
    }

    /// Takes up the last choice that was left open.
    fn backtrack(&mut self) -> Result<Option<(Address, usize)>, MatchGaveUp> {
        while let Some(Choice { resume, at }) = self.state.pop() {
            self.meter.spend(1)?;
            let resumed = match resume {
                Resume::At(to) => Some((to, at)),
                Resume::Fewer { units, down_to } => self.fewer(units, down_to, at)?,
                Resume::More { units, taken } => self.more(units, taken, at)?,
                Resume::Body { head } => self.body(head, at)?,
            };
            if resumed.is_some() {
                return Ok(resumed);
            }
        }
        Ok(None)
    }
}
