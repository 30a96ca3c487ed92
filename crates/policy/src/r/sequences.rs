//! Vectors and lists: how they are made, and parts of them by number.

use std::cmp::Ordering;

use super::functional::gives_text;
use crate::flow::value::{Given, Text, Value};

/// Elements of a range that are kept.
const LONGEST_RANGE: i64 = 256;

/// What a call of a function on vectors is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "c" | "list" | "append" | "alist" => combined(given),
        "unlist" | "purrr::list_flatten" => flattened(&first),
        "rev" => match &first {
            Value::Sequence(elements) => Value::sequence(elements.iter().rev().cloned().collect()),
            _ => first,
        },
        "names" => match &first {
            Value::Mapping(entries) => Value::sequence(entries.iter().map(|(key, _)| key.clone()).collect()),
            _ => return None,
        },
        "setNames" | "rlang::set_names" => with_names(&first, &given.get_or_named(1, "nm")),
        "length" => match &first {
            Value::Sequence(elements) => i64::try_from(elements.len()).map_or(Value::Unknown, Value::Number),
            Value::Text(_) | Value::Number(_) => Value::Number(1),
            _ => Value::Unknown,
        },
        "seq_len" => range(&Value::Number(1), &first),
        "head" | "tail" | "sample" | "sort" | "unique" | "as.list" | "list2env" | "as.vector" | "as.character"
        | "unname" | "as.integer" | "as.numeric" | "as.raw" | "names<-" | "t" | "na.omit" => first,
        "dplyr::first" | "dplyr::last" | "max" | "min" | "Find" => match &first {
            Value::Sequence(elements) => Value::either(elements.iter().cloned()),
            _ => first,
        },
        "[" | "[[" => chosen(&first, &given.get(1)),
        "(" | "{" => given.positional.last().cloned().unwrap_or_default(),
        _ => return None,
    })
}

/// `c(…)` and `list(…)`: with names a mapping, without a sequence. Vectors within vectors are one.
fn combined(given: &Given) -> Value {
    if given.named.is_empty() {
        let mut elements = Vec::new();
        for value in &given.positional {
            match value {
                Value::Sequence(more) if given.positional.len() > 1 => elements.extend(more.iter().cloned()),
                one => elements.push(one.clone()),
            }
        }
        return Value::sequence(elements.into_iter().take(4096).collect());
    }
    let without_name = given.positional.iter().map(|value| (Value::text(""), value.clone()));
    let named = given.named.iter().map(|(name, value)| (Value::text(name.clone()), value.clone()));
    Value::mapping(without_name.chain(named).collect())
}

/// A vector with names given to its elements.
fn with_names(values: &Value, names: &Value) -> Value {
    let parts = |value: &Value| match value {
        Value::Sequence(elements) => elements.to_vec(),
        one => vec![one.clone()],
    };
    Value::mapping(parts(names).into_iter().zip(parts(values)).collect())
}

pub(super) fn flattened(value: &Value) -> Value {
    match value {
        Value::Sequence(elements) => {
            let flat = elements.iter().flat_map(|element| match element {
                Value::Sequence(inner) => inner.to_vec(),
                one => vec![one.clone()],
            });
            Value::sequence(flat.take(4096).collect())
        }
        Value::Mapping(entries) => {
            flattened(&Value::sequence(entries.iter().map(|(_, value)| value.clone()).collect()))
        }
        one => one.clone(),
    }
}

/// `first:last`.
pub(super) fn range(first: &Value, last: &Value) -> Value {
    let (Value::Number(first), Value::Number(last)) = (first, last) else { return Value::Unknown };
    if first.abs_diff(*last) > LONGEST_RANGE.unsigned_abs() {
        return Value::Unknown;
    }
    let numbers: Vec<_> = if first <= last { (*first..=*last).collect() } else { (*last..=*first).rev().collect() };
    Value::sequence(numbers.into_iter().map(Value::Number).collect())
}

/// The elements at one number or several, counted from 1; any where these are not known.
pub(super) fn chosen(sequence: &Value, key: &Value) -> Value {
    let Value::Sequence(elements) = sequence else {
        // A single value is a vector of one.
        return match (sequence, key) {
            // A part of code is code, and one of many texts is a text.
            (Value::Named(named), _) if &*named.path == "parse()" || gives_text(&named.path) => sequence.clone(),
            (Value::Text(Text { .. }) | Value::Number(_), Value::Number(1) | Value::Unknown) => sequence.clone(),
            _ => Value::Unknown,
        };
    };
    let at = |number: i64| usize::try_from(number - 1).ok().and_then(|at| elements.get(at)).cloned();
    match key {
        Value::Number(number) if *number > 0 => at(*number).unwrap_or_default(),
        Value::Sequence(numbers) => {
            let numbers = numbers.iter().filter_map(|number| match number {
                Value::Number(number) => at(*number),
                _ => None,
            });
            Value::sequence(numbers.collect())
        }
        _ => Value::either(elements.iter().cloned()),
    }
}

/// A vector with one element changed or added.
pub(super) fn with_element(before: &Value, at: &Value, value: Value) -> Option<Value> {
    let Value::Number(number) = at else { return None };
    let at = usize::try_from(number - 1).ok()?;
    let mut elements = match before {
        Value::Sequence(elements) => elements.to_vec(),
        Value::Text(_) | Value::Number(_) => vec![before.clone()],
        _ => return None,
    };
    match at.cmp(&elements.len()) {
        Ordering::Less => elements[at] = value,
        Ordering::Equal if at < 4096 => elements.push(value),
        _ => return None,
    }
    Some(Value::sequence(elements))
}
