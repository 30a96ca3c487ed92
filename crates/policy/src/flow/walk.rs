use std::ops::{Deref, Range};

use tree_sitter::{Node, Tree, TreeCursor};

use super::value::Value;
use crate::budget::{GaveUp, Spending};

/// Nodes between two looks at the clock, while they are only listed.
const LOOK_EVERY: usize = 4096;

/// A node, its kind and where it ends, which the tree itself takes long to tell.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'t> {
    node: Node<'t>,
    kind: &'static str,
    end: usize,
}

impl<'t> From<Node<'t>> for Spot<'t> {
    fn from(node: Node<'t>) -> Self {
        Spot { node, kind: node.kind(), end: node.end_byte() }
    }
}

impl<'t> Deref for Spot<'t> {
    type Target = Node<'t>;

    fn deref(&self) -> &Node<'t> {
        &self.node
    }
}

impl Spot<'_> {
    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    pub(crate) fn end_byte(&self) -> usize {
        self.end
    }

    pub(crate) fn byte_range(&self) -> Range<usize> {
        self.node.start_byte()..self.end
    }
}

/// A node of which all parts have been seen.
pub(crate) struct Seen<'t> {
    pub(crate) node: Spot<'t>,
    pub(crate) kind: &'static str,
    /// What it is to its parent.
    pub(crate) field: Option<&'static str>,
    pub(crate) parts: Vec<Part<'t>>,
    /// Where among all nodes that one is which follows its parts.
    end: usize,
}

/// A named child and what it is.
pub(crate) struct Part<'t> {
    pub(crate) node: Spot<'t>,
    pub(crate) kind: &'static str,
    pub(crate) field: Option<&'static str>,
    pub(crate) value: Value,
}

impl<'t> Seen<'t> {
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

    /// Whether what could not be parsed follows. Finding what stands beside a node takes long, so the whole is asked
    /// first.
    pub(crate) fn is_before_error(&self, ancestors: &[Seen<'t>]) -> bool {
        let is_broken = |node: Option<&Seen<'t>>| node.is_some_and(|node| node.node.has_error());
        is_broken(ancestors.first())
            && is_broken(ancestors.last())
            && self.node.next_sibling().is_some_and(|next| next.is_error())
    }
}

/// What a front-end does at each node.
pub(crate) trait Visitor<'t> {
    /// Before all nodes of a tree.
    fn begin(&mut self, _nodes: &Nodes<'t>, _spending: &mut Spending) {}

    /// Before a node's parts, from `ancestors` (outermost first); false where they are to be passed over.
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool;

    /// After a node's parts: what the node is.
    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value;
}

/// The named nodes of a tree, each before its parts: listed once, as each pass would take long to find them in the tree.
pub(crate) struct Nodes<'t> {
    listed: Vec<Listed<'t>>,
}

#[derive(Clone, Copy)]
struct Listed<'t> {
    node: Spot<'t>,
    field: Option<&'static str>,
    end: usize,
}

impl<'t> Nodes<'t> {
    pub(crate) fn of(tree: &'t Tree, spending: &mut Spending) -> Self {
        let mut cursor = tree.walk();
        let mut listed: Vec<Listed<'t>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        'all: loop {
            open.push(listed.len());
            listed.push(Listed { node: cursor.node().into(), field: cursor.field_name(), end: 0 });
            if are_enough(listed.len(), spending) {
                break;
            }
            if first_named_child(&mut cursor) {
                continue;
            }
            // Up, until there is something to the right.
            while let Some(done) = open.pop() {
                listed[done].end = listed.len();
                if open.is_empty() {
                    break 'all;
                }
                if next_named_sibling(&mut cursor) {
                    break;
                }
                cursor.goto_parent();
            }
        }
        let end = listed.len();
        open.into_iter().for_each(|unfinished| listed[unfinished].end = end);
        Nodes { listed }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Spot<'t>> {
        self.listed.iter().map(|listed| listed.node)
    }
}

/// Whether no more nodes need be listed. The one that is too many is where a walk gives up.
fn are_enough(nodes: usize, spending: &mut Spending) -> bool {
    let is_late = nodes.is_multiple_of(LOOK_EVERY) && spending.is_late();
    if is_late {
        spending.give_up(GaveUp::Time);
    }
    is_late || nodes > spending.nodes_left()
}

/// Sees each node once, parts before the whole, without recursion: code may be nested deeper than any stack.
pub(crate) fn walk<'t>(nodes: &Nodes<'t>, visitor: &mut impl Visitor<'t>, spending: &mut Spending) {
    visitor.begin(nodes, spending);
    let mut open: Vec<Seen<'t>> = Vec::new();
    let mut spare: Vec<Vec<Part<'t>>> = Vec::new();
    let mut at = 0;
    while let Some(&Listed { node, field, end }) = nodes.listed.get(at) {
        // What is not entered, as the budget is used up, is not left either.
        if !spending.node(open.len()) {
            break;
        }
        let parts = spare.pop().unwrap_or_default();
        let node = Seen { node, kind: node.kind, field, parts, end };
        at = if visitor.enter(&node, &open) { at + 1 } else { node.end };
        open.push(node);
        while let Some(done) = open.pop_if(|last| last.end == at) {
            spare.extend(leave(done, &mut open, visitor));
        }
    }
    while let Some(done) = open.pop() {
        leave(done, &mut open, visitor);
    }
}

/// Leaves a node for its parent. Gives what its parts were in, to be used again.
fn leave<'t>(mut done: Seen<'t>, open: &mut [Seen<'t>], visitor: &mut impl Visitor<'t>) -> Option<Vec<Part<'t>>> {
    let value = visitor.leave(&done, open);
    let parent = open.last_mut()?;
    parent.parts.push(Part { node: done.node, kind: done.kind, field: done.field, value });
    done.parts.clear();
    Some(done.parts)
}

fn first_named_child(cursor: &mut TreeCursor<'_>) -> bool {
    if !cursor.goto_first_child() {
        return false;
    }
    if cursor.node().is_named() || next_named_sibling(cursor) {
        return true;
    }
    cursor.goto_parent();
    false
}

fn next_named_sibling(cursor: &mut TreeCursor<'_>) -> bool {
    while cursor.goto_next_sibling() {
        if cursor.node().is_named() {
            return true;
        }
    }
    false
}
