//! Methods of texts and sequences whose result can be told.

use crate::flow::sequences::pairs;
use crate::flow::value::{Given, Text, Value};

use super::computing::{decoded, texts_of};
use crate::flow::templates::as_shown;

/// What `receiver.name(given)` is; unknown where it cannot be told.
pub(super) fn call_method(receiver: &Value, name: &str, given: &Given) -> Value {
    match receiver {
        Value::Text(Text { text, whole: true }) => method_of_text(text, name, given),
        Value::Text(text) if matches!(name, "encode" | "decode" | "format") => Value::Text(text.clone()),
        Value::Sequence(elements) => match name {
            "pop" | "__getitem__" | "__iter__" | "copy" => Value::either(elements.iter().cloned()),
            "decode" => super::computing::bytes_of(receiver),
            _ => Value::Unknown,
        },
        Value::Mapping(entries) => match (name, given.get(0)) {
            ("get" | "pop" | "__getitem__" | "setdefault", key @ Value::Text(_)) => {
                Value::either(entries.iter().filter(|(own, _)| *own == key).map(|(_, value)| value.clone()))
            }
            ("get" | "pop" | "__getitem__" | "values" | "setdefault", _) => {
                let all = entries.iter().map(|(_, value)| value.clone());
                if name == "values" { Value::sequence(all.collect()) } else { Value::either(all) }
            }
            ("items", _) => pairs(entries),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn method_of_text(text: &str, name: &str, given: &Given) -> Value {
    let argument = |at: usize| given.positional.get(at).and_then(Value::whole_text);
    match name {
        "join" => joined(text, &given.get(0)),
        "format" => formatted(text, given),
        "replace" => match (argument(0), argument(1)) {
            (Some(from), Some(to)) if text.len() <= 4096 && to.len() <= 64 => Value::text(text.replace(from, to)),
            _ => Value::Unknown,
        },
        "lower" | "casefold" => Value::text(text.to_lowercase()),
        "upper" => Value::text(text.to_uppercase()),
        "swapcase" => Value::text(text.chars().map(swapped).collect::<String>()),
        "strip" | "lstrip" | "rstrip" if given.positional.is_empty() => Value::text(match name {
            "lstrip" => text.trim_start(),
            "rstrip" => text.trim_end(),
            _ => text.trim(),
        }),
        "strip" => argument(0).map_or(Value::Unknown, |set| Value::text(text.trim_matches(|c| set.contains(c)))),
        "split" => match argument(0) {
            Some(separator) if !separator.is_empty() => texts(text.split(separator)),
            _ if given.positional.is_empty() => texts(text.split_whitespace()),
            _ => Value::Unknown,
        },
        "decode" | "encode" => match argument(0) {
            Some(encoding) => decoded(text, encoding),
            None => Value::text(text),
        },
        "hex" => Value::text(text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()),
        "__add__" => Value::text(text).plus(&given.get(0)),
        "__str__" | "expandtabs" | "title" if name == "__str__" => Value::text(text),
        _ => Value::Unknown,
    }
}

fn texts<'a>(pieces: impl Iterator<Item = &'a str>) -> Value {
    Value::sequence(pieces.take(4096).map(Value::text).collect())
}

fn swapped(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

fn joined(separator: &str, pieces: &Value) -> Value {
    let Some(pieces) = texts_of(pieces) else { return Value::Unknown };
    let mut whole = Value::text("");
    for (at, piece) in pieces.iter().enumerate() {
        if at > 0 {
            whole = whole.plus(&Value::text(separator));
        }
        whole = whole.plus(piece);
    }
    whole
}

/// `text.format(…)` with fields `{}`, `{0}` and `{name}`, up to the first that is not known.
fn formatted(text: &str, given: &Given) -> Value {
    let mut whole = Value::text("");
    let mut rest = text;
    let mut next = 0;
    while let Some(at) = rest.find(['{', '}']) {
        whole = whole.plus(&Value::text(&rest[..at]));
        let doubled = rest[at + 1..].starts_with(&rest[at..=at]);
        if doubled || rest[at..].starts_with('}') {
            whole = whole.plus(&Value::text(&rest[at..=at]));
            rest = &rest[at + 1 + usize::from(doubled)..];
            continue;
        }
        let Some(end) = rest[at..].find('}').map(|length| at + length) else { break };
        let field = rest[at + 1..end].split([':', '!']).next().unwrap_or_default();
        let value = match field.parse::<usize>() {
            Ok(position) => given.get(position),
            Err(_) if field.is_empty() => {
                next += 1;
                given.get(next - 1)
            }
            Err(_) => given.get_or_named(usize::MAX, field),
        };
        whole = whole.plus(&as_shown(&value));
        rest = &rest[end + 1..];
    }
    whole.plus(&Value::text(rest))
}
