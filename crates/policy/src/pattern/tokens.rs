//! A pattern cut into characters and escapes.

use super::PatternError;

/// A character, or one with a backslash before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Plain(char),
    Escaped(char),
}

/// The tokens of a pattern, and how far they were read.
#[derive(Debug)]
pub(super) struct Tokens {
    tokens: Vec<(usize, Token)>,
    read: usize,
    end: usize,
}

impl Tokens {
    pub(super) fn new(pattern: &str) -> Result<Self, PatternError> {
        let mut tokens = Vec::new();
        let mut characters = pattern.char_indices();
        while let Some((offset, character)) = characters.next() {
            let token = match (character, characters.as_str().chars().next()) {
                ('\\', None) => {
                    return Err(PatternError::invalid(
                        offset,
                        "a backslash ends the pattern; write \\\\ for a backslash",
                    ));
                }
                ('\\', Some(escaped)) => {
                    characters.next();
                    Token::Escaped(escaped)
                }
                _ => Token::Plain(character),
            };
            tokens.push((offset, token));
        }
        Ok(Self { tokens, read: 0, end: pattern.len() })
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.read).map(|(_, token)| *token)
    }

    pub(super) fn take(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.read += 1;
        Some(token)
    }

    /// Takes the next token if it is this character.
    pub(super) fn eat(&mut self, character: char) -> bool {
        let found = self.peek() == Some(Token::Plain(character));
        self.read += usize::from(found);
        found
    }

    /// Takes characters, at most so many, as long as they are of a kind.
    pub(super) fn eat_while(&mut self, at_most: usize, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(Token::Plain(character)) = self.peek()
            && taken.len() < at_most
            && wanted(character)
        {
            taken.push(character);
            self.read += 1;
        }
        taken
    }

    /// Takes all up to this character, and it.
    pub(super) fn eat_name(&mut self, terminator: char) -> Result<String, PatternError> {
        let start = self.offset();
        let mut name = String::new();
        loop {
            match self.take() {
                None => return Err(PatternError::invalid(start, format!("a name has no {terminator} at its end"))),
                Some(Token::Plain(character)) if character == terminator => break,
                Some(Token::Plain(character)) => name.push(character),
                Some(Token::Escaped(character)) => name.extend(['\\', character]),
            }
        }
        if name.is_empty() { Err(PatternError::invalid(start, "a name is missing")) } else { Ok(name) }
    }

    /// Where the next token begins, in bytes.
    pub(super) fn offset(&self) -> usize {
        self.tokens.get(self.read).map_or(self.end, |(offset, _)| *offset)
    }

    /// A place to go back to.
    pub(super) fn place(&self) -> usize {
        self.read
    }

    pub(super) fn go_back(&mut self, place: usize) {
        self.read = place;
    }
}
