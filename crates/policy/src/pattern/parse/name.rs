//! Groups by name and number.

use super::Parser;
use crate::pattern::PatternError;
use crate::pattern::flags::Flags;
use crate::pattern::syntax::{Node, Sequence};
use crate::pattern::width;

impl Parser {
    pub(super) fn open_group(&mut self, name: Option<(String, usize)>) -> Result<usize, PatternError> {
        self.groups.push(None);
        let number = self.groups.len();
        if let Some((name, offset)) = name {
            if let Some(earlier) = self.group_named(&name) {
                let message = format!("the name {name} is that of group {earlier} already");
                return Err(PatternError::invalid(offset, message));
            }
            self.names.push((name, number));
        }
        Ok(number)
    }

    pub(super) fn close_group(&mut self, number: usize, body: &Sequence) {
        let width = self.width(body);
        if let Some(group) = self.groups.get_mut(number - 1) {
            *group = Some(width);
        }
    }

    pub(super) fn width(&self, sequence: &Sequence) -> width::Width {
        width::of_sequence(sequence, &self.groups)
    }

    fn group_named(&self, name: &str) -> Option<usize> {
        self.names.iter().find(|(known, _)| known == name).map(|(_, number)| *number)
    }

    fn is_closed(&self, group: usize) -> bool {
        self.groups.get(group - 1).is_some_and(Option::is_some)
    }

    pub(super) fn check_closed(&self, group: usize, offset: usize) -> Result<(), PatternError> {
        if self.is_closed(group) {
            return Ok(());
        }
        Err(PatternError::invalid(offset, format!("group {group} is not closed yet, so nothing can refer to it")))
    }

    /// Checks that no group asks for itself. CPython may take its end from an attempt that has failed.
    fn check_not_within(&self, group: usize, offset: usize) -> Result<(), PatternError> {
        if group > self.groups.len() || self.is_closed(group) {
            return Ok(());
        }
        let message = format!("whether group {group} has matched is not certain within it; ask for it after its end");
        Err(PatternError::not_exact(offset, message))
    }

    /// Checks that what is referred to within a look behind lies before it.
    pub(super) fn check_behind(&self, group: usize, offset: usize) -> Result<(), PatternError> {
        match self.behind_from {
            None => Ok(()),
            Some(before) if group > before && self.is_closed(group) => {
                Err(PatternError::invalid(offset, format!("group {group} is part of the same look behind")))
            }
            Some(_) => self.check_closed(group, offset),
        }
    }

    /// `(?P=name)`, after the `=`.
    pub(super) fn named_back_reference(&mut self, flags: Flags) -> Result<Node, PatternError> {
        let offset = self.tokens.offset();
        let name = self.tokens.eat_name(')')?;
        check_name(&name, offset)?;
        let group = self.required(&name, offset)?;
        self.back_reference(group, offset, flags)
    }

    fn required(&self, name: &str, offset: usize) -> Result<usize, PatternError> {
        self.group_named(name).ok_or_else(|| PatternError::invalid(offset, format!("no group has the name {name}")))
    }

    /// The group that a condition asks for, `(?(name)` or `(?(1)`, after the second parenthesis.
    pub(super) fn condition(&mut self) -> Result<usize, PatternError> {
        let offset = self.tokens.offset();
        let name = self.tokens.eat_name(')')?;
        let group = if name.bytes().all(|byte| byte.is_ascii_digit()) {
            numbered(&name, offset)?
        } else {
            check_name(&name, offset)?;
            self.required(&name, offset)?
        };
        self.check_behind(group, offset)?;
        self.check_not_within(group, offset)?;
        self.references.push((group, offset));
        Ok(group)
    }
}

fn numbered(digits: &str, offset: usize) -> Result<usize, PatternError> {
    match digits.parse() {
        Ok(0) => Err(PatternError::invalid(offset, "there is no group 0 to ask for")),
        Ok(number) => Ok(number),
        Err(_) => Err(PatternError::invalid(offset, format!("there is no group {digits}"))),
    }
}

/// Checks the name of a group. Python's rules for names beyond ASCII are those of a version of Unicode.
pub(super) fn check_name(name: &str, offset: usize) -> Result<(), PatternError> {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if first && characters.all(|character| character.is_ascii_alphanumeric() || character == '_') {
        return Ok(());
    }
    // Some versions of Python take these for numbers.
    let number =
        |character: char| character.is_numeric() || character.is_whitespace() || matches!(character, '_' | '+');
    if !name.is_ascii() || name.chars().all(number) {
        let message = "only ASCII letters, digits and _ are taken for the name of a group, only digits for its number";
        return Err(PatternError::not_exact(offset, message));
    }
    Err(PatternError::invalid(offset, format!("{name} cannot be the name of a group")))
}
