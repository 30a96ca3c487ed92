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
