//! Operators on what is known.

use super::Python;
use crate::flow::templates::filled_in;
use crate::flow::value::{Text, Value};
use crate::flow::walk::Seen;

impl Python {
    pub(super) fn binary_operator(&self, node: &Seen<'_>) -> Value {
        let (left, right) = (node.value("left"), node.value("right"));
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        match operator.as_deref().unwrap_or_default() {
            "+" => left.plus(&right),
            "%" => remainder(&left, &right),
            "/" => left.map(|left| super::paths::joined_by_slash(left, &right)),
            "*" => repeated(&left, &right),
            operator => left.map_with(&right, |left, right| arithmetic(operator, left, right)),
        }
    }

    pub(super) fn unary_operator(&self, node: &Seen<'_>) -> Value {
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        match (operator.as_deref(), node.value("argument")) {
            (Some("-"), Value::Number(number)) => Value::Number(number.wrapping_neg()),
            (Some("~"), Value::Number(number)) => Value::Number(!number),
            _ => Value::Unknown,
        }
    }
}

fn arithmetic(operator: &str, left: &Value, right: &Value) -> Value {
    let (Value::Number(a), Value::Number(b)) = (left, right) else { return Value::Unknown };
    let result = match operator {
        "-" => a.checked_sub(*b),
        "//" => a.checked_div_euclid(*b),
        "^" => Some(a ^ b),
        "|" => Some(a | b),
        "&" => Some(a & b),
        "<<" => u32::try_from(*b).ok().and_then(|by| a.checked_shl(by)),
        ">>" => u32::try_from(*b).ok().and_then(|by| a.checked_shr(by)),
        "**" => u32::try_from(*b).ok().and_then(|by| a.checked_pow(by)),
        _ => None,
    };
    result.map_or(Value::Unknown, Value::Number)
}

fn repeated(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.checked_mul(*b).map_or(Value::Unknown, Value::Number),
        (Value::Text(Text { text, whole: true }), Value::Number(times)) => {
            let times = usize::try_from(*times).unwrap_or(0);
            let whole = text.len().checked_mul(times).is_some_and(|length| length <= 4096);
            if whole { Value::text(text.repeat(times)) } else { Value::prefix(text.clone()) }
        }
        _ => Value::Unknown,
    }
}

/// `left % right`: of numbers, or a text that is filled in.
fn remainder(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.checked_rem_euclid(*b).map_or(Value::Unknown, Value::Number),
        (Value::Text(Text { text, whole: true }), Value::Sequence(fillings)) => filled_in(text, fillings),
        (Value::Text(Text { text, whole: true }), one) => filled_in(text, std::slice::from_ref(one)),
        _ => Value::Unknown,
    }
}
