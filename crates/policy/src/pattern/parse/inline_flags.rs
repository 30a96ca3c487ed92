//! `(?i)`, `(?i:` and `(?i-s:`.

use super::Parser;
use crate::pattern::PatternError;
use crate::pattern::flags::Flags;
use crate::pattern::tokens::Token;

/// What flags between `(?` and `)` or `:` ask for.
pub(super) enum FlagGroup {
    /// For the whole pattern.
    Whole(Flags),
    /// For a group that now begins.
    Part { on: Flags, off: Flags },
}

impl Parser {
    /// The flags of a parenthesis whose first letter, or `-`, is read.
    pub(super) fn inline_flags(&mut self, first: char, offset: usize) -> Result<FlagGroup, PatternError> {
        let mut on = Flags::default();
        let mut character = first;
        while !matches!(character, ')' | ':' | '-') {
            turn_on(&mut on, character, offset)?;
            character = self.flag_character(offset)?;
        }
        let mut off = Flags::default();
        match character {
            ')' => return Ok(FlagGroup::Whole(on)),
            '-' => {
                off = self.flags_turned_off(offset)?;
            }
            _ => {}
        }
        if on.meets(off) {
            return Err(PatternError::invalid(offset, "a flag is turned on and off"));
        }
        Ok(FlagGroup::Part { on, off })
    }

    fn flags_turned_off(&mut self, offset: usize) -> Result<Flags, PatternError> {
        let mut off = Flags::default();
        let mut character = self.flag_character(offset)?;
        loop {
            if matches!(character, 'a' | 'u' | 'L') || !off.set(character) {
                let message = format!("{character} is not a flag that can be turned off; those are i, m, s and x");
                return Err(PatternError::invalid(offset, message));
            }
            character = self.flag_character(offset)?;
            if character == ':' {
                return Ok(off);
            }
        }
    }

    fn flag_character(&mut self, offset: usize) -> Result<char, PatternError> {
        match self.tokens.take() {
            Some(Token::Plain(character)) => Ok(character),
            _ => Err(PatternError::invalid(offset, "flags end with ) or :, as in (?i) and (?i:...)")),
        }
    }
}

fn turn_on(on: &mut Flags, letter: char, offset: usize) -> Result<(), PatternError> {
    match letter {
        't' => Err(PatternError::not_exact(offset, "the flag t is no longer part of Python; leave it out")),
        'L' => Err(PatternError::invalid(offset, "the flag L is for bytes alone; leave it out")),
        'a' | 'u' if if letter == 'a' { on.unicode } else { on.ascii } => {
            Err(PatternError::invalid(offset, "the flags a and u exclude each other"))
        }
        _ if on.set(letter) => Ok(()),
        _ => Err(PatternError::invalid(offset, format!("{letter} is not a flag; those are i, m, s, x, a and u"))),
    }
}
