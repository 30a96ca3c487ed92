//! Methods of texts and lists whose result can be told.

use super::computing::of_letters;
use super::literals::as_shown;
use crate::flow::sequences::{at_index, element, entry, pairs};
use crate::flow::texts::{between, code, formatted, joined, repeated, replaced, split};
use crate::flow::value::{Given, Value};

/// What `receiver.name(given)` is; unknown where it cannot be told.
pub(super) fn call_method(receiver: &Value, name: &str, given: &Given) -> Value {
    match receiver {
        Value::Text(text) => match name {
            "append" => receiver.plus(&of_letters(&given.get(0))),
            "concat" => receiver.plus(&as_shown(&given.get(0))),
            "toString" | "intern" | "strip" | "trim" | "stripIndent" | "getBytes" | "describeConstable" => {
                Value::Text(text.clone())
            }
            _ if text.whole => method_of_text(&text.text, name, given),
            _ => Value::Unknown,
        },
        Value::Sequence(elements) => method_of_sequence(elements, name, given),
        Value::Mapping(entries) => method_of_mapping(entries, name, given),
        _ => Value::Unknown,
    }
}

fn method_of_text(text: &str, name: &str, given: &Given) -> Value {
    let argument = |at: usize| given.positional.get(at).and_then(Value::whole_text);
    match name {
        "insert" if matches!(given.get(0), Value::Number(0)) => as_shown(&given.get(1)).plus(&Value::text(text)),
        "reverse" => Value::text(text.chars().rev().collect::<String>()),
        "replace" | "replaceAll" => replaced(text, argument(0), argument(1), usize::MAX),
        "replaceFirst" => replaced(text, argument(0), argument(1), 1),
        "substring" | "subSequence" => between(text, &given.get(0), given.positional.get(1)),
        "deleteCharAt" => match given.get(0) {
            Value::Number(at) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let kept = text.chars().enumerate().filter(|(place, _)| *place != at).map(|(_, letter)| letter);
                Value::text(kept.collect::<String>())
            }
            _ => Value::Unknown,
        },
        "charAt" => at_index(&Value::text(text), &given.get(0)),
        "codePointAt" => code(&at_index(&Value::text(text), &given.get(0))),
        "length" => i64::try_from(text.encode_utf16().count()).map_or(Value::Unknown, Value::Number),
        "toLowerCase" => Value::text(text.to_lowercase()),
        "toUpperCase" => Value::text(text.to_uppercase()),
        "repeat" => repeated(text, &given.get(0)),
        "split" => split(text, argument(0).map(|separator| separator.trim_start_matches('\\'))),
        "toCharArray" | "chars" | "codePoints" => split(text, Some("")),
        "lines" => split(text, Some("\n")),
        "formatted" => formatted(text, given, 0, as_shown),
        _ => Value::Unknown,
    }
}

/// Whether a method is one of all maps that gives something back.
pub(super) fn is_of_mapping(name: &str) -> bool {
    const METHODS: [&str; 10] = [
        "get",
        "getProperty",
        "getOrDefault",
        "remove",
        "computeIfAbsent",
        "values",
        "keySet",
        "entrySet",
        "put",
        "putIfAbsent",
    ];
    METHODS.contains(&name)
}

fn method_of_mapping(entries: &[(Value, Value)], name: &str, given: &Given) -> Value {
    let stored = entry(entries, &given.get(0));
    match name {
        "get" | "getProperty" | "remove" if given.positional.len() == 1 => stored,
        "getOrDefault" | "getProperty" if stored.is_unknown() => given.get(1),
        "getOrDefault" | "getProperty" | "computeIfAbsent" => stored,
        "values" => Value::sequence(entries.iter().map(|(_, value)| value.clone()).collect()),
        "keySet" => Value::sequence(entries.iter().map(|(key, _)| key.clone()).collect()),
        "entrySet" => pairs(entries),
        _ => Value::Unknown,
    }
}

fn method_of_sequence(elements: &[Value], name: &str, given: &Given) -> Value {
    let all = || Value::sequence(elements.to_vec());
    match name {
        "get" if given.positional.is_empty() => Value::either(elements.iter().cloned()),
        "get" | "elementAt" => at_index(&all(), &given.get(0)),
        "add" | "addLast" | "push" | "offer" if elements.len() < 64 && given.positional.len() == 1 => {
            Value::sequence(elements.iter().cloned().chain([given.get(0)]).collect())
        }
        "stream" | "iterator" | "toList" | "sorted" | "filter" | "toArray" | "subList" | "parallelStream"
        | "distinct" | "limit" | "skip" | "peek" | "boxed" | "or" => all(),
        "reversed" => Value::sequence(elements.iter().rev().cloned().collect()),
        "collect" => match given.get(0).as_named() {
            Some(named) if named.path.ends_with(".joining()") => {
                let separator = named.about.clone().map_or_else(|| Value::text(""), Value::Text);
                joined(elements.iter(), &separator, as_shown)
            }
            _ => all(),
        },
        "getFirst" | "getLast" | "findFirst" | "findAny" | "orElse" | "orElseThrow" | "orElseGet" | "next"
        | "remove" | "pop" | "poll" | "peekFirst" => Value::either(elements.iter().cloned()),
        "getKey" => element(&all(), 0),
        "getValue" => element(&all(), 1),
        "size" => i64::try_from(elements.len()).map_or(Value::Unknown, Value::Number),
        _ => Value::Unknown,
    }
}
