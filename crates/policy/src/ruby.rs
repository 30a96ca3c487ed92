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

use std::borrow::Cow;
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

/// The source as the grammar can bear it: nothing in it may be a heredoc with a longer name. None where something may.
pub(crate) fn bearable(source: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut borne = Cow::Borrowed(source);
    let mut at = 0;
    while let Some(found) = source[at..].windows(2).position(|pair| pair == b"<<") {
        let operator = at + found;
        at = operator + 2;
        let name = name_of(&source[at..]);
        if name.len() <= LONGEST_HEREDOC {
            continue;
        }
        // No name goes on in the next line: such as `'<<'` is text, though the grammar may not think so in broken code.
        if !name.contains(&b'\n') {
            return None;
        }
        borne.to_mut()[at - 1] = b' ';
    }
    Some(borne)
}

/// The name behind `<<`, which may stand in quotes.
fn name_of(source: &[u8]) -> &[u8] {
    let name = source.strip_prefix(b"-").or_else(|| source.strip_prefix(b"~")).unwrap_or(source);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    let (name, end) = match name.split_first() {
        Some((quote @ (b'"' | b'\'' | b'`'), name)) => (name, name.iter().position(|byte| byte == quote)),
        _ => (name, name.iter().position(|byte| !is_part(byte))),
    };
    &name[..end.unwrap_or(name.len())]
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
