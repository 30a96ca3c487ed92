use tree_sitter::{Node, Tree};

use super::value::Value;
use crate::budget::Spending;

/// A node of which all parts have been seen.
pub(crate) struct Seen<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) kind: &'static str,
    /// What it is to its parent.
    pub(crate) field: Option<&'static str>,
    pub(crate) parts: Vec<Part<'t>>,
}

/// A named child and what it is.
pub(crate) struct Part<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) kind: &'static str,
    pub(crate) field: Option<&'static str>,
    pub(crate) value: Value,
}

impl<'t> Seen<'t> {
    fn new(node: Node<'t>, field: Option<&'static str>) -> Self {
        Seen { node, kind: node.kind(), field, parts: Vec::new() }
    }

    pub(crate) fn part(&self, field: &str) -> Option<&Part<'t>> {
        self.parts.iter().find(|part| part.field == Some(field))
    }

    /// What the part of that name is; unknown where there is none.
    pub(crate) fn value(&self, field: &str) -> Value {
        self.part(field).map(|part| part.value.clone()).unwrap_or_default()
    }

    pub(crate) fn first(&self) -> Value {
        self.parts.first().map(|part| part.value.clone()).unwrap_or_default()
    }
}

/// What a front-end does at each node.
pub(crate) trait Visitor<'t> {
    /// Before a node's parts, from `ancestors` (outermost first); false where they are to be passed over.
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool;

    /// After a node's parts: what the node is.
    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value;
}

/// Sees each named node once, parts before the whole, without recursion: code may be nested deeper than any stack.
pub(crate) fn walk<'t>(tree: &'t Tree, visitor: &mut impl Visitor<'t>, spending: &mut Spending) {
    let mut cursor = tree.walk();
    let mut open: Vec<Seen<'t>> = Vec::new();
    loop {
        let node = Seen::new(cursor.node(), cursor.field_name());
        // What is not entered, as the budget is used up, is not left either.
        let mut entered = spending.node(open.len());
        let descend = entered && visitor.enter(&node, &open);
        open.push(node);
        if descend && first_named_child(&mut cursor) {
            continue;
        }
        // Up, until there is something to the right.
        loop {
            let Some(done) = open.pop() else { return };
            let value = if entered { visitor.leave(&done, &open) } else { Value::Unknown };
            entered = true;
            let Some(parent) = open.last_mut() else { return };
            parent.parts.push(Part { node: done.node, kind: done.kind, field: done.field, value });
            if spending.gave_up().is_none() && next_named_sibling(&mut cursor) {
                break;
            }
            cursor.goto_parent();
        }
    }
}

fn first_named_child(cursor: &mut tree_sitter::TreeCursor<'_>) -> bool {
    if !cursor.goto_first_child() {
        return false;
    }
    if cursor.node().is_named() || next_named_sibling(cursor) {
        return true;
    }
    cursor.goto_parent();
    false
}

fn next_named_sibling(cursor: &mut tree_sitter::TreeCursor<'_>) -> bool {
    while cursor.goto_next_sibling() {
        if cursor.node().is_named() {
            return true;
        }
    }
    false
}
