//! Loops: what their variables are, and bodies that the grammar takes apart.

use super::Cpp;
use super::collections::run_through;
use super::references::declared;
use super::types::object_of;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Declarations without a block of their own that are followed: finding what stands beside a node takes long.
const MOST_ALONE: usize = 256;

impl Cpp {
    /// What is bound before a loop's body: what it runs through.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        let Some(parent) = ancestors.last().filter(|parent| parent.kind == "for_range_loop") else { return };
        let elements = match run_through(&parent.value("right")) {
            Value::Unknown => object_of(&parent.value("type")),
            known => known,
        };
        if let Some(name) = parent.part("declarator").and_then(|declarator| declared(*declarator.node)) {
            self.bind_declared(name, elements);
        }
    }

    /// `for (…) type name(value);`: a declaration without a block of its own, which the grammar takes apart into two
    /// statements.
    pub(super) fn declared_alone(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let body = node.part("body").or_else(|| node.part("consequence"));
        let Some(body) = body.filter(|body| body.kind == "expression_statement" && body.value.may_be_named()) else {
            return;
        };
        let is_broken = ancestors.first().is_some_and(|whole| whole.node.has_error());
        if !is_broken || !body.node.child(1).is_some_and(|end| end.is_missing()) || self.alone >= MOST_ALONE {
            return;
        }
        self.alone += 1;
        let next = node.node.next_named_sibling().and_then(|next| next.named_child(0));
        let next = next.filter(|next| next.kind() == "call_expression");
        let Some(arguments) = next.and_then(|next| next.child_by_field_name("arguments")) else { return };
        let positional = (0..8).filter_map(|at| arguments.named_child(at)).map(|one| self.simple_value(one)).collect();
        let given = Given { positional, ..Given::default() };
        self.made(&body.value, &given, &arguments.byte_range());
    }
}
