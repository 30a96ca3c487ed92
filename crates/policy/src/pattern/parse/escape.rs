//! What begins with a backslash, outside of brackets and inside.

use super::{Parser, literal};
use crate::pattern::PatternError;
use crate::pattern::category::Category;
use crate::pattern::flags::Flags;
use crate::pattern::syntax::{Node, Place};
use crate::pattern::tokens::Token;
use crate::pattern::unit::{Item, Unit, fold};

impl Parser {
    /// An escape outside of brackets; its first character is read.
    pub(super) fn escape(&mut self, character: char, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        if let Some(place) = place(character, flags) {
            return Ok(Node::At(place));
        }
        if let Some(item) = category(character) {
            return Ok(Node::Unit(Unit::set(false, &[item], flags)));
        }
        let code = match character {
            '0' => octal(&self.octal_digits("0", 2)),
            '1'..='9' => match self.number(character) {
                Number::Code(digits) => checked_octal(&digits, offset)?,
                Number::Group(group) => return self.back_reference(group, offset, flags),
            },
            _ => self.character_escape(character, offset)?,
        };
        literal(code, offset, flags)
    }

    /// An escape between brackets.
    pub(super) fn class_escape(&mut self, character: char, offset: usize) -> Result<Item, PatternError> {
        if let Some(item) = category(character) {
            return Ok(item);
        }
        match character {
            'b' => Ok(Item::One(0x08)),
            '0'..='7' => {
                let digits = self.octal_digits(&character.to_string(), 2);
                checked_octal(&digits, offset).map(Item::One)
            }
            _ => self.character_escape(character, offset).map(Item::One),
        }
    }

    /// An escape that means one character anywhere.
    fn character_escape(&mut self, character: char, offset: usize) -> Result<u32, PatternError> {
        Ok(match character {
            'a' => 0x07,
            'f' => 0x0C,
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 0x09,
            'v' => 0x0B,
            'x' => self.hexadecimal(character, 2, offset)?,
            'u' => self.hexadecimal(character, 4, offset)?,
            'U' => match self.hexadecimal(character, 8, offset)? {
                code if code <= u32::from(char::MAX) => code,
                code => return Err(PatternError::invalid(offset, format!("there is no character {code:#X}"))),
            },
            'N' => return Err(self.named_character(offset)),
            _ if character.is_ascii_alphanumeric() => {
                let message = format!("\\{character} means nothing; write \\\\{character} for a backslash before it");
                return Err(PatternError::invalid(offset, message));
            }
            _ => character.into(),
        })
    }

    /// Why `\N{...}` is refused: names of characters are not known here.
    fn named_character(&mut self, offset: usize) -> PatternError {
        if !self.tokens.eat('{') {
            return PatternError::invalid(offset, "\\N wants a character's name in braces");
        }
        match self.tokens.eat_name('}') {
            Ok(_) => PatternError::not_exact(offset, "names of characters are not known; write \\uXXXX or \\UXXXXXXXX"),
            Err(error) => error,
        }
    }

    fn hexadecimal(&mut self, letter: char, digits: usize, offset: usize) -> Result<u32, PatternError> {
        let read = self.tokens.eat_while(digits, |character| character.is_ascii_hexdigit());
        match u32::from_str_radix(&read, 16) {
            Ok(code) if read.len() == digits => Ok(code),
            _ => Err(PatternError::invalid(offset, format!("\\{letter} wants {digits} hexadecimal digits"))),
        }
    }

    fn octal_digits(&mut self, first: &str, more: usize) -> String {
        first.to_owned() + &self.tokens.eat_while(more, |character| matches!(character, '0'..='7'))
    }

    /// What begins with a digit that is not 0: three octal digits are a character, else it is a group of up to two digits.
    fn number(&mut self, first: char) -> Number {
        let mut digits = first.to_string();
        digits += &self.tokens.eat_while(1, |character| character.is_ascii_digit());
        let octal = digits.len() == 2 && digits.chars().all(|character| matches!(character, '0'..='7'));
        if octal && let Some(Token::Plain(third @ '0'..='7')) = self.tokens.peek() {
            self.tokens.take();
            digits.push(third);
            return Number::Code(digits);
        }
        Number::Group(digits.bytes().fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
    }

    pub(super) fn back_reference(&mut self, group: usize, offset: usize, flags: Flags) -> Result<Node, PatternError> {
        if group == 0 || group > self.groups.len() {
            return Err(PatternError::invalid(offset, format!("there is no group {group} before this")));
        }
        self.check_closed(group, offset)?;
        self.check_behind(group, offset)?;
        self.references.push((group, offset));
        Ok(Node::BackReference { group, fold: fold(flags) })
    }
}

enum Number {
    Code(String),
    Group(usize),
}

fn octal(digits: &str) -> u32 {
    digits.bytes().fold(0, |code, digit| code * 8 + u32::from(digit - b'0'))
}

fn checked_octal(digits: &str, offset: usize) -> Result<u32, PatternError> {
    match octal(digits) {
        code if code <= 0o377 => Ok(code),
        _ => Err(PatternError::invalid(offset, format!("\\{digits} is more than \\377"))),
    }
}

fn category(character: char) -> Option<Item> {
    let category = match character.to_ascii_lowercase() {
        'w' => Category::Word,
        'd' => Category::Digit,
        's' => Category::Space,
        _ => return None,
    };
    Some(Item::Category { category, negated: character.is_ascii_uppercase() })
}

fn place(character: char, flags: Flags) -> Option<Place> {
    match character {
        'A' => Some(Place::TextStart),
        'Z' => Some(Place::TextEnd),
        'b' => Some(Place::WordBoundary { ascii: flags.ascii }),
        'B' => Some(Place::NoWordBoundary { ascii: flags.ascii }),
        _ => None,
    }
}
