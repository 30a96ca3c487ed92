//! Methods of arrays and hashes.

use super::bytes::packed;
use crate::flow::sequences::{at_index, entry, indices};
use crate::flow::templates::as_shown;
use crate::flow::value::{Given, Value};

/// Whether a method calls its block with each element.
pub(super) fn runs_through(name: &str) -> bool {
    name.starts_with("each")
        || matches!(
            name,
            "map"
                | "collect"
                | "flat_map"
                | "filter_map"
                | "select"
                | "filter"
                | "reject"
                | "find"
                | "detect"
                | "any?"
                | "all?"
                | "none?"
                | "sort_by"
                | "min_by"
                | "max_by"
                | "group_by"
                | "partition"
                | "sum"
                | "count"
                | "map!"
                | "delete_if"
                | "cycle"
                | "reverse_each"
                | "find_all"
                | "take_while"
                | "drop_while"
                | "to_h"
        )
}

/// What `elements.name(given)` is; unknown where it cannot be told.
pub(super) fn of_sequence(elements: &[Value], name: &str, given: &Given) -> Value {
    let any = || Value::either(elements.iter().cloned());
    match name.trim_end_matches('!') {
        "join" => joined(elements, given),
        "compact" => Value::sequence(elements.iter().filter(|element| !element.is_unknown()).cloned().collect()),
        "flatten" => flattened(elements),
        "reverse" => Value::sequence(elements.iter().rev().cloned().collect()),
        "pack" => packed(&Value::sequence(elements.to_vec()), &given.get(0)),
        "first" if given.positional.is_empty() => elements.first().cloned().unwrap_or_default(),
        "last" if given.positional.is_empty() => elements.last().cloned().unwrap_or_default(),
        "[]" | "at" | "fetch" | "dig" | "slice" => element(elements, given),
        "sample" | "pop" | "shift" | "min" | "max" | "find" | "detect" | "next" => any(),
        "to_a" | "dup" | "freeze" | "clone" | "uniq" | "shuffle" | "sort" | "first" | "last" | "take" | "drop"
        | "each" | "lazy" | "to_enum" | "map" | "entries" | "force" | "select" | "filter" | "grep" | "rotate"
        | "values" => Value::sequence(elements.to_vec()),
        "+" | "concat" => match given.get(0) {
            Value::Sequence(more) => Value::sequence(elements.iter().chain(more.iter()).cloned().collect()),
            _ => Value::Unknown,
        },
        "<<" | "push" | "append" if elements.len() < 4096 => {
            Value::sequence(elements.iter().chain(&given.positional).cloned().collect())
        }
        "unshift" | "prepend" if elements.len() < 4096 => {
            Value::sequence(given.positional.iter().chain(elements).cloned().collect())
        }
        "inject" | "reduce" | "sum" => added(elements, name, given),
        _ => Value::Unknown,
    }
}

/// What `mapping.name(given)` is.
pub(super) fn of_mapping(entries: &[(Value, Value)], name: &str, given: &Given) -> Value {
    let key = given.get(0);
    let key = if matches!(key, Value::Text(_) | Value::Number(_)) { key } else { Value::Unknown };
    match name {
        "dig" => given.positional.iter().skip(1).fold(entry(entries, &key), |inner, key| {
            inner.map(|inner| match inner {
                Value::Mapping(entries) => entry(entries, key),
                other => at_index(other, key),
            })
        }),
        "[]" | "fetch" | "delete" => entry(entries, &key),
        "values" | "values_at" => Value::sequence(entries.iter().map(|(_, value)| value.clone()).collect()),
        "keys" => Value::sequence(entries.iter().map(|(key, _)| key.clone()).collect()),
        "dup" | "freeze" | "to_h" | "merge" | "transform_keys" => Value::mapping(entries.to_vec()),
        _ => Value::Unknown,
    }
}

fn flattened(elements: &[Value]) -> Value {
    let flat = elements.iter().flat_map(|element| match element {
        Value::Sequence(inner) => inner.to_vec(),
        one => vec![one.clone()],
    });
    Value::sequence(flat.take(4096).collect())
}

fn element(elements: &[Value], given: &Given) -> Value {
    let whole = Value::sequence(elements.to_vec());
    match (given.get(0), given.get(1)) {
        (Value::Sequence(bounds), Value::Unknown) if bounds.len() == 2 => {
            let bound = |at: usize| match &bounds[at] {
                Value::Number(number) => Some(*number),
                _ => None,
            };
            let chosen = indices(elements.len(), [bound(0), bound(1), None]);
            Value::sequence(chosen.map(|at| elements[at].clone()).collect())
        }
        (Value::Number(_), Value::Number(_)) => whole,
        (at, _) => at_index(&whole, &at),
    }
}

fn joined(elements: &[Value], given: &Given) -> Value {
    let separator = match given.positional.first() {
        None => Value::text(""),
        Some(separator) => as_shown(separator),
    };
    elements.iter().enumerate().fold(Value::text(""), |whole, (at, element)| {
        let whole = if at > 0 { whole.plus(&separator) } else { whole };
        let element = match element {
            Value::Sequence(inner) => joined(inner, given),
            one => as_shown(one),
        };
        whole.plus(&element)
    })
}

/// `elements.inject(:+)` and `elements.sum("")`.
fn added(elements: &[Value], name: &str, given: &Given) -> Value {
    let operator = given.positional.last().and_then(Value::whole_text);
    match (name, operator, elements.split_first()) {
        ("sum", Some(start), _) => elements.iter().fold(Value::text(start), |whole, one| whole.plus(one)),
        (_, Some("+" | "concat" | "<<"), Some((first, rest))) => {
            rest.iter().fold(first.clone(), |whole, one| whole.plus(one))
        }
        _ => Value::Unknown,
    }
}
