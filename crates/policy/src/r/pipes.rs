//! Pipes: what stands on the left is given to the call on the right.

use std::rc::Rc;

use super::R;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// The operators that do.
const PIPES: [&str; 6] = ["|>", "%>%", "%T>%", "%<>%", "%!>%", "%>|%"];

fn is_pipe(operator: &str) -> bool {
    PIPES.contains(&operator)
}

impl R {
    /// What a call is given, with what a pipe brings to it.
    pub(super) fn with_piped(&self, node: &Seen<'_>, given: Rc<Given>, ancestors: &[Seen<'_>]) -> Rc<Given> {
        let Some(parent) = ancestors.last().filter(|parent| parent.kind == "binary_operator") else { return given };
        let is_piped = || node.field == Some("rhs") && is_pipe(&self.operator(parent, node.node));
        if !is_piped() || self.has_place(node) {
            return given;
        }
        let mut given = Given::clone(&given);
        given.positional.insert(0, parent.value("lhs"));
        Rc::new(given)
    }

    /// Whether an argument says by `.` or `_` where it is to go.
    fn has_place(&self, node: &Seen<'_>) -> bool {
        let Some(arguments) = node.part("arguments") else { return false };
        let mut cursor = arguments.node.walk();
        let mut values =
            arguments.node.named_children(&mut cursor).filter_map(|part| part.child_by_field_name("value"));
        values.any(|value| value.kind() == "identifier" && matches!(self.reading.bytes(value), b"." | b"_"))
    }

    /// A function without a call on the right.
    pub(super) fn pipe(&mut self, node: &Seen<'_>, operator: &str) -> Option<Value> {
        if !is_pipe(operator) {
            return None;
        }
        let right = node.part("rhs")?;
        if right.kind == "call" {
            return Some(right.value.clone());
        }
        let function = match right.kind {
            "identifier" => self.function(&self.name(right.node)),
            _ => right.value.clone(),
        };
        let given = Given { positional: vec![node.value("lhs")], ..Given::default() };
        Some(self.called(&function, &given, &node.node.byte_range()))
    }
}

/// What `.` stands for: the left of the nearest pipe.
pub(super) fn piped(r: &R, ancestors: &[Seen<'_>]) -> Option<Value> {
    let pipes = ancestors.iter().rev().take(64).filter(|ancestor| ancestor.kind == "binary_operator");
    pipes
        .filter(|pipe| is_pipe(&r.operator_of(*pipe.node)))
        .find_map(|pipe| pipe.part("lhs").map(|left| left.value.clone()))
}
