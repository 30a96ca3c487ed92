//! Python: what a program does, read off its syntax tree in two passes. The first learns what names stand for, so that
//! the second sees in a function what is bound after it.

mod attributes;
mod calls;
mod canonical;
mod classes;
mod code;
mod collections;
mod computing;
mod encoding;
mod folding;
mod imports;
mod leave;
mod literals;
mod names;
mod paths;
mod patterns;
mod reflection;
mod text_methods;

use std::rc::Rc;

use tree_sitter::Tree;
use unicode_normalization::UnicodeNormalization;

use crate::budget::Spending;
use crate::facts::{Dynamic, Fact, Found};
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::flow::walk::Spot;
use crate::wanted::Wanted;

/// The front-end at work on one source.
pub(crate) struct Python {
    reading: Reading,
    /// Whether code in a string was run in a dictionary of its own, of which the module's scope has the names here.
    has_namespaces: bool,
}

/// The grammar of Python.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_python::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let mut python = Python { reading: Reading::of(source, wanted), has_namespaces: false };
    let mut found = read(&mut python, tree, spending);
    if let Some((path, span)) = encoding::not_understood(source) {
        found.push(Found { fact: Fact::Dynamic { what: Dynamic::Encoding, path }, span });
    }
    found
}

impl FrontEnd for Python {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}

impl Python {
    /// A name as Python compares names: `ｏｓ` is `os`.
    fn name<'n>(&self, node: impl Into<Spot<'n>>) -> Rc<str> {
        let text = self.reading.text(node);
        if text.is_ascii() { text } else { text.nfkc().collect::<String>().into() }
    }
}
