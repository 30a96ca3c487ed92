//! `*`, `+`, `?` and `{m,n}`, with what may follow them.

use super::uncertain::add_uncertain;
use super::{Parser, literal};
use crate::pattern::PatternError;
use crate::pattern::flags::Flags;
use crate::pattern::syntax::{Greed, Node, Repeat, Sequence, Times};

/// What CPython has no counts above.
const COUNT_LIMIT: usize = 4_294_967_295;

impl Parser {
    /// A quantifier, after its first character, which is taken to repeat the end of `sequence`.
    pub(super) fn quantifier(
        &mut self,
        character: char,
        offset: usize,
        flags: Flags,
        sequence: &mut Sequence,
    ) -> Result<(), PatternError> {
        let bounds = match character {
            '?' => Some((0, 1)),
            '*' => Some((0, usize::MAX)),
            '+' => Some((1, usize::MAX)),
            _ => self.braces(offset)?,
        };
        let Some((least, most)) = bounds else {
            sequence.push(literal(character.into(), offset, flags)?);
            return Ok(());
        };
        let repeated = match sequence.pop() {
            None | Some(Node::At(_)) => return Err(nothing_to_repeat(character, offset)),
            Some(Node::Repeat(_)) => {
                let message = format!("what {character} repeats is repeated already; put it in a group (?:...)");
                return Err(PatternError::invalid(offset, message));
            }
            Some(node) => node,
        };
        let greed = self.greed();
        if greed == Greed::Possessive && most > 1 {
            add_uncertain(&repeated, &mut false, &mut self.uncertain);
        }
        sequence.push(Node::Repeat(Repeat { body: vec![repeated], times: Times { least, most, greed } }));
        Ok(())
    }

    fn greed(&mut self) -> Greed {
        if self.tokens.eat('?') {
            Greed::Lazy
        } else if self.tokens.eat('+') {
            Greed::Possessive
        } else {
            Greed::Greedy
        }
    }

    /// The bounds in braces; `None` where these are no bounds and the brace means itself.
    fn braces(&mut self, offset: usize) -> Result<Option<(usize, usize)>, PatternError> {
        let place = self.tokens.place();
        let digit = |character: char| character.is_ascii_digit();
        let least = self.tokens.eat_while(usize::MAX, digit);
        let comma = self.tokens.eat(',');
        let most = if comma { self.tokens.eat_while(usize::MAX, digit) } else { least.clone() };
        let empty = least.is_empty() && !comma;
        if empty || !self.tokens.eat('}') {
            self.tokens.go_back(place);
            return Ok(None);
        }
        let least = if least.is_empty() { 0 } else { count(&least, offset)? };
        let most = if most.is_empty() { usize::MAX } else { count(&most, offset)? };
        if most < least {
            return Err(PatternError::invalid(offset, "the fewest repetitions are more than the most"));
        }
        Ok(Some((least, most)))
    }
}

fn count(digits: &str, offset: usize) -> Result<usize, PatternError> {
    match digits.parse() {
        Ok(count) if count < COUNT_LIMIT => Ok(count),
        _ => Err(PatternError::invalid(offset, "the number of repetitions is too large")),
    }
}

fn nothing_to_repeat(character: char, offset: usize) -> PatternError {
    PatternError::invalid(
        offset,
        format!("there is nothing that {character} could repeat; write \\{character} for the character"),
    )
}
