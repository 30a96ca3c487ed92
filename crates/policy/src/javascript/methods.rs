//! Methods of texts and sequences whose result can be told.

use crate::flow::sequences::{at_index, entry, pairs, with_entry};
use crate::flow::value::{Given, Text, Value};

use super::literals::as_shown;

/// What `receiver.name(given)` is; unknown where it cannot be told.
pub(super) fn call_method(receiver: &Value, name: &str, given: &Given) -> Value {
    match receiver {
        Value::Text(Text { text, whole: true }) => method_of_text(text, name, given),
        Value::Sequence(elements) => method_of_sequence(elements, name, given),
        Value::Mapping(entries) => match name {
            "get" => entry(entries, &given.get(0)),
            "values" => Value::sequence(entries.iter().map(|(_, value)| value.clone()).collect()),
            "keys" => Value::sequence(entries.iter().map(|(key, _)| key.clone()).collect()),
            "entries" => pairs(entries),
            "set" => with_entry(receiver, &given.get(0), &given.get(1)),
            _ => Value::Unknown,
        },
        Value::Number(number) => match (name, given.get(0)) {
            ("toString", Value::Number(radix)) => Value::text(in_radix(*number, radix)),
            ("toString", _) => Value::text(number.to_string()),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn method_of_sequence(elements: &[Value], name: &str, given: &Given) -> Value {
    match name {
        "join" => {
            let separator = match given.get(0) {
                Value::Text(Text { text, whole: true }) => text,
                Value::Unknown if given.positional.is_empty() => ",".into(),
                _ => return Value::Unknown,
            };
            elements.iter().enumerate().fold(Value::text(""), |whole, (at, element)| {
                let whole = if at > 0 { whole.plus(&Value::text(separator.clone())) } else { whole };
                whole.plus(&as_shown(element))
            })
        }
        "reverse" | "toReversed" => Value::sequence(elements.iter().rev().cloned().collect()),
        "concat" => {
            let more = given.positional.iter().flat_map(|value| match value {
                Value::Sequence(more) => more.to_vec(),
                one => vec![one.clone()],
            });
            Value::sequence(elements.iter().cloned().chain(more).collect())
        }
        "slice" | "values" | "sort" | "toSorted" | "flat" | "add" => Value::sequence(elements.to_vec()),
        // Which of them are left, and where, cannot be told.
        "filter" => Value::sequence(vec![Value::each(elements.iter().cloned()); elements.len().min(16)]),
        "entries" => {
            let pair = |(_, one): (usize, &Value)| Value::sequence(vec![Value::Unknown, one.clone()]);
            Value::sequence(elements.iter().enumerate().map(pair).collect())
        }
        "next" => Value::mapping(vec![(Value::text("value"), elements.first().cloned().unwrap_or_default())]),
        "pop" | "shift" | "find" | "at" => Value::either(elements.iter().cloned()),
        _ => Value::Unknown,
    }
}

fn method_of_text(text: &str, name: &str, given: &Given) -> Value {
    let argument = |at: usize| given.positional.get(at).and_then(Value::whole_text);
    match name {
        "split" => match argument(0) {
            Some("") => Value::sequence(text.chars().take(4096).map(|one| Value::text(one.to_string())).collect()),
            Some(separator) => Value::sequence(text.split(separator).take(4096).map(Value::text).collect()),
            None => Value::Unknown,
        },
        "concat" => given.positional.iter().fold(Value::text(text), |whole, part| whole.plus(&as_shown(part))),
        "replace" | "replaceAll" => match (argument(0), argument(1)) {
            (Some(from), Some(to)) if text.len() <= 4096 && to.len() <= 64 => {
                let times = if name == "replace" { 1 } else { usize::MAX };
                Value::text(text.replacen(from, to, times))
            }
            _ => Value::Unknown,
        },
        "slice" | "substring" | "substr" => part_of(text, name, given),
        "charAt" | "at" => at_index(&Value::text(text), &given.get(0)),
        "charCodeAt" | "codePointAt" => match at_index(&Value::text(text), &given.get(0)).whole_text() {
            Some(letter) => {
                letter.chars().next().map_or(Value::Unknown, |letter| Value::Number(i64::from(u32::from(letter))))
            }
            None => Value::Unknown,
        },
        "toLowerCase" => Value::text(text.to_lowercase()),
        "toUpperCase" => Value::text(text.to_uppercase()),
        "trim" | "trimStart" | "trimEnd" => Value::text(text.trim()),
        "repeat" => match given.get(0) {
            Value::Number(times @ 0..=64) if text.len() <= 64 => {
                Value::text(text.repeat(usize::try_from(times).unwrap_or(0)))
            }
            _ => Value::Unknown,
        },
        "toString" | "valueOf" | "normalize" => Value::text(text),
        _ => Value::Unknown,
    }
}

/// `text.slice(start, end)` and its like.
fn part_of(text: &str, name: &str, given: &Given) -> Value {
    let letters: Vec<char> = text.chars().collect();
    let bound = |at: usize, otherwise: usize| match given.positional.get(at) {
        None => Some(otherwise),
        Some(Value::Number(number)) if *number < 0 => {
            Some(letters.len().saturating_sub(number.unsigned_abs() as usize))
        }
        Some(Value::Number(number)) => Some(usize::try_from(*number).unwrap_or(0).min(letters.len())),
        Some(_) => None,
    };
    let (Some(start), Some(end)) = (bound(0, 0), bound(1, letters.len())) else { return Value::Unknown };
    let end = if name == "substr" && given.positional.len() > 1 { (start + end).min(letters.len()) } else { end };
    Value::text(letters.get(start..end.max(start)).unwrap_or_default().iter().collect::<String>())
}

fn in_radix(number: i64, radix: i64) -> String {
    let Some(radix) = u32::try_from(radix).ok().filter(|radix| (2..=36).contains(radix)) else {
        return number.to_string();
    };
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 || digits.is_empty() {
        let digit = u32::try_from(rest % u64::from(radix)).unwrap_or(0);
        digits.extend(char::from_digit(digit, radix));
        rest /= u64::from(radix);
    }
    digits.iter().rev().collect()
}
