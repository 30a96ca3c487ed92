//! Operators on what is known.

use super::Ruby;
use super::{files, texts};
use crate::flow::value::{Given, Text, Value};
use crate::flow::walk::Seen;

impl Ruby {
    pub(super) fn binary(&mut self, node: &Seen<'_>) -> Value {
        let (left, right) = (node.value("left"), node.value("right"));
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let operator = operator.as_deref().unwrap_or_default();
        match operator {
            "||" | "&&" | "or" | "and" => return Value::either([left, right]),
            "+" if files::joined_by_operator(&left, operator, &right).is_none() => return left.plus(&right),
            "<<" => {
                if let Some(target) = node.part("left") {
                    let given = Given { positional: vec![right], ..Given::default() };
                    let changed = self.call_on(&left, operator, &given, &node.node.byte_range(), None);
                    self.change_receiver(target, operator, &changed);
                    return changed;
                }
            }
            _ => {}
        }
        left.map_with(&right, |left, right| self.operate(left, operator, right))
    }

    fn operate(&self, left: &Value, operator: &str, right: &Value) -> Value {
        if let Some(path) = files::joined_by_operator(left, operator, right) {
            return path;
        }
        match (left, right) {
            // Functions put together: what the one gives goes to the other.
            (Value::Local(_), Value::Named(_) | Value::Local(_)) if matches!(operator, ">>" | "<<") => {
                Value::either([left.clone(), right.clone()])
            }
            (Value::Number(a), Value::Number(b)) => arithmetic(operator, *a, *b),
            (Value::Text(a), Value::Text(b)) if operator == "|" => {
                Value::text(if &*a.text == "w" { "w" } else { &b.text })
            }
            (Value::Text(Text { text, whole: true }), _) if matches!(operator, "*" | "%") => {
                let given = Given { positional: vec![right.clone()], ..Given::default() };
                texts::call_method(text, operator, &given)
            }
            (Value::Sequence(_), Value::Text(_)) if operator == "*" => {
                let given = Given { positional: vec![right.clone()], ..Given::default() };
                let Value::Sequence(elements) = left else { return Value::Unknown };
                super::collections::of_sequence(elements, "join", &given)
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn unary(&self, node: &Seen<'_>) -> Value {
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        match (operator.as_deref(), node.value("operand")) {
            (Some("-"), Value::Number(number)) => Value::Number(number.wrapping_neg()),
            (Some("-" | "+"), text @ Value::Text(_)) => text,
            _ => Value::Unknown,
        }
    }

    /// A range: both its ends, the second past the last.
    pub(super) fn range(&self, node: &Seen<'_>) -> Value {
        let is_open = node.node.child_by_field_name("operator").is_some_and(|operator| operator.kind() == "...");
        let end = match node.value("end") {
            Value::Number(-1) if !is_open => Value::Unknown,
            Value::Number(end) if !is_open => Value::Number(end.saturating_add(1)),
            end => end,
        };
        Value::sequence(vec![node.value("begin"), end])
    }
}

fn arithmetic(operator: &str, a: i64, b: i64) -> Value {
    let result = match operator {
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div_euclid(b),
        "%" => a.checked_rem_euclid(b),
        "^" => Some(a ^ b),
        "|" => Some(a | b),
        "&" => Some(a & b),
        ">>" => u32::try_from(b).ok().and_then(|by| a.checked_shr(by)),
        "**" => u32::try_from(b).ok().and_then(|by| a.checked_pow(by)),
        _ => None,
    };
    result.map_or(Value::Unknown, Value::Number)
}
