//! A source that is being read, and the code in its strings.

use std::ops::Range;
use std::rc::Rc;

use tree_sitter::Tree;

use super::collect::Collected;
use super::parse::parse;
use super::scopes::{Kind, Scopes};
use super::templates::pieces;
use super::value::{Text, Value};
use super::walk::{Nodes, Seen, Spot, Visitor, walk};
use crate::budget::{GaveUp, Spending};
use crate::facts::{Dynamic, Found};
use crate::wanted::Wanted;

/// How deep code in strings within code in strings is followed.
const DEEPEST_CODE: usize = 4;

/// Pieces of code in strings that are followed in one pass.
const MOST_CODE: usize = 10_000;

/// What any front-end knows while it reads.
pub(crate) struct Reading {
    source: Rc<[u8]>,
    pub(crate) scopes: Scopes,
    pub(crate) collected: Collected,
    /// Code in strings that the program runs, still to be looked at.
    code: Vec<Code>,
    /// How deep in strings the code is that is looked at.
    depth: usize,
    /// What tells scopes of one piece of code from those of another.
    base: usize,
    /// How many nodes that could not be parsed are open.
    errors: usize,
}

/// Code in a string that the program runs.
struct Code {
    text: Rc<str>,
    span: Range<usize>,
    depth: usize,
}

/// A language's way to read.
pub(crate) trait FrontEnd: for<'t> Visitor<'t> {
    fn reading(&mut self) -> &mut Reading;
    fn grammar() -> tree_sitter::Language;
}

/// Reads a source in two passes. The first learns what names stand for, so that the second sees in a function what is
/// bound after it.
pub(crate) fn read<F: FrontEnd>(front_end: &mut F, tree: &Tree, spending: &mut Spending) -> Vec<Found> {
    let nodes = Nodes::of(tree, spending);
    for is_last in [false, true] {
        front_end.reading().collected.is_open = is_last;
        front_end.reading().scopes.enter(0, Kind::Module);
        walk(&nodes, front_end, spending);
        look_into_strings(front_end, spending);
        front_end.reading().scopes.leave();
        if front_end.reading().collected.is_full() {
            spending.give_up(GaveUp::Nodes);
        }
    }
    front_end.reading().collected.take()
}

/// Looks at the code in strings that has come up, and at what comes up in it.
fn look_into_strings<F: FrontEnd>(front_end: &mut F, spending: &mut Spending) {
    let outer = front_end.reading().source.clone();
    let mut next = 0;
    while let Some(Code { text, span, depth }) = front_end.reading().code.get(next) {
        let (text, span, depth) = (text.clone(), span.clone(), *depth);
        next += 1;
        if depth > DEEPEST_CODE || next > MOST_CODE {
            spending.give_up(GaveUp::NestedCode);
            break;
        }
        let Some(tree) = parse(text.as_bytes(), &F::grammar(), spending) else { break };
        let reading = front_end.reading();
        (reading.source, reading.depth, reading.base) = (text.as_bytes().into(), depth, next << 40);
        reading.collected.within = Some(span);
        walk(&Nodes::of(&tree, spending), front_end, spending);
    }
    let reading = front_end.reading();
    (reading.source, reading.depth, reading.base) = (outer, 0, 0);
    reading.collected.within = None;
    reading.code.clear();
}

impl Reading {
    pub(crate) fn of(source: &[u8], wanted: Wanted) -> Self {
        Reading {
            source: source.into(),
            scopes: Scopes::default(),
            collected: Collected::of(wanted),
            code: Vec::new(),
            depth: 0,
            base: 0,
            errors: 0,
        }
    }

    /// The bytes of a node.
    pub(crate) fn bytes<'n>(&self, node: impl Into<Spot<'n>>) -> &[u8] {
        self.source.get(node.into().byte_range()).unwrap_or_default()
    }

    /// The text of a node; what is not UTF-8 in it is replaced.
    pub(crate) fn text<'n>(&self, node: impl Into<Spot<'n>>) -> Rc<str> {
        String::from_utf8_lossy(self.bytes(node)).into()
    }

    /// The lines of the source; what is not UTF-8 is passed over.
    pub(crate) fn source_lines(&self) -> impl Iterator<Item = &str> {
        self.source.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok())
    }

    /// What stands between two places.
    pub(crate) fn between(&self, start: usize, end: usize) -> Rc<str> {
        String::from_utf8_lossy(self.source.get(start..end).unwrap_or_default()).into()
    }

    /// What stands for a node's scope in both passes. Of nodes that begin together, two kinds open scopes.
    pub(crate) fn scope_id<'n>(&self, node: impl Into<Spot<'n>>) -> usize {
        let node = node.into();
        self.scope_id_at(node.start_byte()) + usize::from(node.kind() == "statement_block")
    }

    /// The same for what begins at a place.
    pub(crate) fn scope_id_at(&self, start: usize) -> usize {
        self.base + 1 + start * 2
    }

    /// A generator gives what it yields as a sequence does; after `all`, it yields all of another.
    pub(crate) fn yielded(&mut self, node: &Seen<'_>, all: &str) {
        let mut cursor = node.node.walk();
        let is_all = node.node.children(&mut cursor).any(|child| child.kind() == all);
        match self.scopes.function() {
            Some(function) if is_all => self.scopes.returns(function, node.first()),
            Some(function) => self.scopes.yields(function, node.first()),
            None => {}
        }
    }

    /// Looks later into the code between the marks of a template, as far as that is known.
    pub(crate) fn run_pieces(&mut self, template: &Value, [open, close]: [&str; 2], span: &Range<usize>) {
        for template in template.alternatives().iter().filter_map(Value::whole_text) {
            for piece in pieces(template, open, close) {
                self.look_later(piece.trim_start_matches(['=', '-', '_', '%']).trim().into(), span.clone());
            }
        }
    }

    /// Looks later into code that `function` runs; says so where it is not known.
    pub(crate) fn run(&mut self, function: &str, value: &Value, span: &Range<usize>) {
        for one in value.alternatives() {
            match one {
                Value::Text(Text { text, whole: true }) => self.look_later(text.clone(), span.clone()),
                _ => self.collected.dynamic(Dynamic::Code, function, span.clone()),
            }
        }
    }

    fn look_later(&mut self, text: Rc<str>, span: Range<usize>) {
        let span = self.collected.within.clone().unwrap_or(span);
        self.code.push(Code { text, span, depth: self.depth + 1 });
    }

    pub(crate) fn enter_error(&mut self) {
        self.errors += 1;
    }

    /// Looks later into the lines of what could not be parsed that load something.
    pub(crate) fn leave_error(&mut self, node: Spot<'_>, loads: impl Fn(&str) -> bool) {
        self.errors -= 1;
        // Such a line may have errors of its own, in which it would only be found again.
        if self.errors > 0 || self.depth > 0 {
            return;
        }
        let source = self.source.clone();
        let mut start = node.start_byte();
        for line in source.get(node.byte_range()).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            if loads(text.trim()) {
                self.look_later(text.trim().into(), start..start + line.len());
            }
            start += line.len();
        }
    }

    /// Modules that are handed on in `values`, to be used where nobody sees it.
    pub(crate) fn escapes<'v>(&mut self, values: impl Iterator<Item = &'v Value>, span: &Range<usize>) {
        for value in values.flat_map(Value::alternatives) {
            match value {
                Value::Sequence(elements) => elements.iter().take(64).for_each(|element| self.escape(element, span)),
                Value::Mapping(entries) => entries.iter().take(64).for_each(|(_, element)| self.escape(element, span)),
                one => self.escape(one, span),
            }
        }
    }

    fn escape(&mut self, value: &Value, span: &Range<usize>) {
        let named = value.as_named().filter(|named| named.about.is_none() && !named.path.contains('.'));
        if let Some(named) = named {
            self.collected.dynamic(Dynamic::Escape, &named.path, span.clone());
        }
    }
}
