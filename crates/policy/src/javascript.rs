//! JavaScript, as Node.js runs it: what a program does, read off its syntax tree in two passes. The first learns what
//! names stand for, so that the second sees in a function what is bound after it.

mod calls;
mod classes;
mod code;
mod collections;
mod computing;
mod globals;
mod imports;
mod leave;
mod literals;
mod members;
mod methods;
mod names;
mod paths;
mod patterns;

use crate::flow::escapes::JAVASCRIPT;
use std::rc::Rc;

use tree_sitter::Tree;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::flow::walk::Spot;
use crate::wanted::Wanted;

/// The front-end at work on one source.
pub(crate) struct JavaScript {
    reading: Reading,
}

/// The grammar of JavaScript.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_javascript::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    read(&mut JavaScript { reading: Reading::of(source, wanted) }, tree, spending)
}

impl FrontEnd for JavaScript {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}

impl JavaScript {
    /// A name, its escapes resolved: `\u0065val` is `eval`.
    fn name<'n>(&self, node: impl Into<Spot<'n>>) -> Rc<str> {
        let text = self.reading.text(node);
        if text.contains('\\') { JAVASCRIPT.resolve(&text).into() } else { text }
    }
}
