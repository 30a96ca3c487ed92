//! What stands between brackets.

use super::{Parser, check_case};
use crate::pattern::PatternError;
use crate::pattern::flags::Flags;
use crate::pattern::tokens::Token;
use crate::pattern::unit::{Item, Unit};

impl Parser {
    /// A set of characters, after its opening bracket. A bracket, `&&`, `||`, `~~` and `--` in it mean themselves.
    pub(super) fn class(&mut self, offset: usize, flags: Flags) -> Result<Unit, PatternError> {
        let negated = self.tokens.eat('^');
        let mut items = Vec::new();
        loop {
            let at = self.tokens.offset();
            let token = self.class_token(offset)?;
            if token == Token::Plain(']') && !items.is_empty() {
                break;
            }
            let first = self.class_item(token, at)?;
            if !self.tokens.eat('-') {
                items.push(first);
                continue;
            }
            let token = self.class_token(offset)?;
            if token == Token::Plain(']') {
                items.extend([first, Item::One('-'.into())]);
                break;
            }
            let last = self.class_item(token, at)?;
            items.push(range(first, last, at)?);
        }
        for item in &items {
            if let Item::One(code) = item {
                check_case(*code, offset, flags)?;
            }
        }
        Ok(match items[..] {
            [Item::One(code)] if !negated => Unit::literal(code, flags),
            _ => Unit::set(negated, &items, flags),
        })
    }

    fn class_token(&mut self, opened: usize) -> Result<Token, PatternError> {
        let unclosed = || PatternError::invalid(opened, "a [ is not closed; write \\[ for a bracket");
        self.tokens.take().ok_or_else(unclosed)
    }

    fn class_item(&mut self, token: Token, offset: usize) -> Result<Item, PatternError> {
        match token {
            Token::Plain(character) => Ok(Item::One(character.into())),
            Token::Escaped(character) => self.class_escape(character, offset),
        }
    }
}

fn range(first: Item, last: Item, offset: usize) -> Result<Item, PatternError> {
    match (first, last) {
        (Item::One(first), Item::One(last)) if first <= last => Ok(Item::Range(first, last)),
        (Item::One(_), Item::One(_)) => Err(PatternError::invalid(offset, "a range ends before it begins")),
        _ => Err(PatternError::invalid(offset, "a range wants a character at both ends; write \\- for a hyphen")),
    }
}
