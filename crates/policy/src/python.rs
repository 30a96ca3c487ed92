//! Python: what a program does, read off its syntax tree in two passes. The first learns what names stand for, so that
//! the second sees in a function what is bound after it.

mod attributes;
mod calls;
mod canonical;
mod code;
mod computing;
mod encoding;
mod folding;
mod imports;
mod leave;
mod literals;
mod names;
mod paths;
mod patterns;
mod text_methods;

use std::ops::Range;
use std::rc::Rc;

use tree_sitter::{Node, Tree};
use unicode_normalization::UnicodeNormalization;

use crate::budget::{GaveUp, Spending};
use crate::facts::{Dynamic, Found};
use crate::flow::collect::Collected;
use crate::flow::parse::parse;
use crate::flow::scopes::{Kind, Scopes};
use crate::flow::walk::walk;

/// How deep code in strings within code in strings is followed.
const DEEPEST_CODE: usize = 4;

/// Pieces of code in strings that are followed in one pass.
const MOST_CODE: usize = 256;

/// The front-end at work on one source.
pub(crate) struct Python {
    source: Rc<[u8]>,
    scopes: Scopes,
    collected: Collected,
    /// Code in strings that the program runs, still to be looked at.
    code: Vec<Code>,
    /// How deep in strings the code is that is looked at.
    depth: usize,
    /// What tells scopes of one piece of code from those of another.
    base: usize,
    /// How many nodes that could not be parsed are open.
    errors: usize,
    /// Whether code in a string was run in a dictionary of its own, of which the module's scope has the names here.
    has_namespaces: bool,
}

/// Code in a string that the program runs.
struct Code {
    text: Rc<str>,
    span: Range<usize>,
    depth: usize,
}

/// The grammar of Python.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_python::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, spending: &mut Spending) -> Vec<Found> {
    let (scopes, collected) = (Scopes::default(), Collected::default());
    let code = Vec::new();
    let source: Rc<[u8]> = source.into();
    let mut python =
        Python { source: source.clone(), scopes, collected, code, depth: 0, base: 0, errors: 0, has_namespaces: false };
    for _pass in 0..2 {
        python.collected.clear();
        python.scopes.enter(0, Kind::Module);
        walk(tree, &mut python, spending);
        python.look_into_strings(spending);
        python.scopes.leave();
    }
    if let Some((name, span)) = encoding::not_understood(&source) {
        python.collected.dynamic(Dynamic::Encoding, &name, span);
    }
    python.collected.into_found()
}

impl Python {
    /// Looks at the code in strings that has come up, and at what comes up in it.
    fn look_into_strings(&mut self, spending: &mut Spending) {
        let outer = self.source.clone();
        let mut next = 0;
        while next < self.code.len() {
            let Code { text, span, depth } = &self.code[next];
            let (text, span, depth) = (text.clone(), span.clone(), *depth);
            next += 1;
            if depth > DEEPEST_CODE || next > MOST_CODE {
                spending.give_up(GaveUp::NestedCode);
                break;
            }
            let Some(tree) = parse(text.as_bytes(), &grammar(), spending) else { break };
            (self.source, self.depth, self.base) = (text.as_bytes().into(), depth, next << 40);
            self.collected.within = Some(span);
            walk(&tree, self, spending);
        }
        (self.source, self.depth, self.base) = (outer, 0, 0);
        self.collected.within = None;
        self.code.clear();
    }

    /// The text of a node; what is not UTF-8 in it is replaced.
    fn text(&self, node: Node<'_>) -> Rc<str> {
        String::from_utf8_lossy(self.source.get(node.byte_range()).unwrap_or_default()).into()
    }

    /// A name as Python compares names: `ｏｓ` is `os`.
    fn name(&self, node: Node<'_>) -> Rc<str> {
        let text = self.text(node);
        if text.is_ascii() { text } else { text.nfkc().collect::<String>().into() }
    }

    /// What stands for a node's scope in both passes.
    fn scope_id(&self, node: Node<'_>) -> usize {
        self.base + 1 + node.start_byte()
    }
}
