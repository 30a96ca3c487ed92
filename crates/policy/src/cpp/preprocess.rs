//! What the preprocessor makes of a source, without looking at any other file: macros expanded, branches left out that
//! are known not to be compiled. Of branches that may be compiled or not, all are kept.

mod condition;
mod directives;
mod expand;
mod groups;
mod includes;
mod lex;
mod macros;
mod output;
mod substitute;
mod token;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::budget::{GaveUp, Spending};
use crate::facts::Found;
use expand::Expansion;
use groups::Groups;
use lex::Lexer;
use macros::Macros;
pub(super) use output::Output;
use token::{Kind, Token};

/// Tokens between two looks at the clock.
const LOOK_EVERY: usize = 1024;

/// Bytes that the source may grow by.
const MOST_GROWTH: usize = 4 << 20;

/// A source that has been preprocessed.
pub(super) struct Preprocessed {
    pub(super) output: Output,
    /// What the directives do.
    pub(super) found: Vec<Found>,
    /// The names and texts in it, by their hashes.
    pub(super) words: HashSet<u64>,
    /// How many definitions a macro has at most, where it depends on what is not known which of them holds.
    pub(super) alternatives: usize,
}

/// The preprocessor at work.
struct Preprocessor<'s> {
    lexer: Lexer<'s>,
    macros: Macros<'s>,
    expansion: Expansion<'s>,
    groups: Groups,
    /// Whether nothing of the line has been read.
    at_line_start: bool,
    found: Vec<Found>,
}

/// Preprocesses a source. Where a macro may be one of several, `choice` says which of them is taken.
pub(super) fn preprocess(source: &[u8], choice: usize, spending: &mut Spending) -> Preprocessed {
    let mut preprocessor = Preprocessor {
        lexer: Lexer::new(source),
        macros: Macros::new(choice),
        expansion: Expansion::default(),
        groups: Groups::default(),
        at_line_start: true,
        found: Vec::new(),
    };
    let mut output = Output::default();
    let (mut tokens, mut words) = (0_usize, HashSet::new());
    while let Some(token) = preprocessor.next() {
        tokens += 1;
        if tokens.is_multiple_of(LOOK_EVERY) && spending.is_late() {
            spending.give_up(GaveUp::Time);
            break;
        }
        if token.kind == Kind::Name && token.bytes() == b"_Pragma" {
            preprocessor.pragma_in_line();
            continue;
        }
        if matches!(token.kind, Kind::Name | Kind::Text) {
            words.insert(hash(token.bytes()));
        }
        output.push(&token, source);
        if output.text.len() > source.len().saturating_add(MOST_GROWTH) {
            spending.give_up(GaveUp::Macros);
            break;
        }
    }
    if preprocessor.expansion.is_exhausted() {
        spending.give_up(GaveUp::Macros);
    }
    let alternatives = preprocessor.macros.most_alternatives;
    Preprocessed { output, found: preprocessor.found, words, alternatives }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

impl<'s> Preprocessor<'s> {
    /// The next token of the source, its directives obeyed.
    fn source_token(&mut self) -> Option<Token<'s>> {
        loop {
            let token = self.lexer.next()?;
            let is_first = std::mem::replace(&mut self.at_line_start, token.kind == Kind::Line);
            match token.kind {
                Kind::Line => {}
                Kind::Sign if is_first && token.is(b"#") => {
                    self.directive(token.span.start);
                    self.at_line_start = true;
                }
                Kind::Name if is_first && self.module_line(&token) => {}
                _ => return Some(token),
            }
        }
    }
}

#[cfg(test)]
mod tests;
