//! Ruby: what a program does, read off its syntax tree in two passes. The first learns what names stand for, so that the
//! second sees in a method what is bound after it.
//!
//! Local variables and methods have names of two sorts: a method `x` is kept as `def x`.

mod arguments;
mod blocks;
mod bytes;
mod calls;
mod code;
mod collections;
mod computing;
mod constants;
mod files;
mod heredocs;
mod imports;
mod kernel;
mod leave;
mod literals;
mod matching;
mod methods;
mod names;
mod operators;
mod patterns;
mod reflection;
mod texts;

use std::rc::Rc;

use tree_sitter::Tree;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::flow::value::Value;
use crate::wanted::Wanted;
use heredocs::Heredocs;

/// The front-end at work on one source.
pub(crate) struct Ruby {
    reading: Reading,
    heredocs: Heredocs,
    /// Modules whose methods were mixed in, wherever.
    included: Vec<Rc<str>>,
    /// Whether the last argument of the call that is looked at stands there as it is.
    is_written: bool,
    /// What the block of that call gives, element by element.
    block_value: Option<Value>,
}

/// The grammar of Ruby.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_ruby::LANGUAGE.into()
}

/// Bytes that the name of a heredoc may have. The grammar counts them in one byte, and ends the whole process where that
/// was too small for one.
const LONGEST_HEREDOC: usize = 200;

/// Whether anything may be a heredoc with a name that the grammar cannot bear.
pub(crate) fn has_overlong_heredoc(source: &[u8]) -> bool {
    let mut rest = source;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"<<") {
        rest = &rest[at + 2..];
        let name = rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b"~")).unwrap_or(rest);
        let length = match name.first() {
            Some(quote @ (b'"' | b'\'' | b'`')) => {
                name[1..].iter().position(|byte| byte == quote).unwrap_or(name.len())
            }
            _ => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
                name.iter().position(|byte| !is_part(byte)).unwrap_or(name.len())
            }
        };
        if length > LONGEST_HEREDOC {
            return true;
        }
    }
    false
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let mut ruby = Ruby {
        reading: Reading::of(source, wanted),
        heredocs: Heredocs::default(),
        included: Vec::new(),
        is_written: false,
        block_value: None,
    };
    read(&mut ruby, tree, spending)
}

impl FrontEnd for Ruby {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}
