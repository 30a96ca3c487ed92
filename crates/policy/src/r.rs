//! R: what a program does, read off its syntax tree in two passes. The first learns what names stand for, so that the
//! second sees in a function what is bound after it.
//!
//! A name that nothing binds is no use by itself: it may be a column of a table. What is called or handed to a function
//! that calls it is one.

mod arguments;
mod assignments;
mod calls;
mod code;
mod computing;
mod environments;
mod functional;
mod imports;
mod leave;
mod libraries;
mod literals;
mod names;
mod paths;
mod pipes;
mod sequences;
mod subsets;
mod texts;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use tree_sitter::Tree;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::flow::value::Value;
use crate::wanted::Wanted;

/// The front-end at work on one source.
pub(crate) struct R {
    reading: Reading,
    /// Packages whose functions are called by their names alone.
    attached: Vec<Rc<str>>,
    /// What is known to be a function of these, by its name alone.
    library_functions: RefCell<HashMap<Rc<str>, Value>>,
}

/// The grammar of R.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_r::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let reading = Reading::of(source, wanted);
    read(&mut R { reading, attached: Vec::new(), library_functions: RefCell::default() }, tree, spending)
}

impl FrontEnd for R {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}
