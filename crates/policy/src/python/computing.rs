//! Functions that compute texts: characters, encodings, bytes.

use crate::flow::encodings::{self, from_bytes};
use crate::flow::escapes::PYTHON;
use crate::flow::sequences::{element, elements_of, mapping_of};
use crate::flow::templates::{as_shown, character};
use crate::flow::value::{Given, Value};

/// What a call of a function that computes is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "chr" | "unichr" => first.map(character),
        "ord" => first.map(|one| match one.whole_text().and_then(|text| text.chars().next()) {
            Some(letter) => Value::Number(i64::from(u32::from(letter))),
            None => Value::Unknown,
        }),
        "str" => as_shown(&match first {
            Value::Sequence(_) => bytes_of(&first),
            other => other,
        }),
        "int" => number(&first, &given.get_or_named(1, "base")),
        "bytes" | "bytearray" => bytes_of(&first),
        "bytes.fromhex" | "bytearray.fromhex" | "binascii.unhexlify" | "binascii.a2b_hex" | "base64.b16decode" => {
            with_text(&first, |text| decoded(text, "hex"))
        }
        "base64.b64decode" | "base64.decodebytes" | "binascii.a2b_base64" | "base64.standard_b64decode" => {
            with_text(&first, |text| decoded(text, "base64"))
        }
        "base64.urlsafe_b64decode" => with_text(&first, |text| decoded(text, "base64")),
        "codecs.decode" | "codecs.encode" => match given.get_or_named(1, "encoding").whole_text() {
            Some(encoding) => with_text(&first, |text| decoded(text, encoding)),
            None => first,
        },
        "reversed" => match &first {
            Value::Sequence(elements) => Value::sequence(elements.iter().rev().cloned().collect()),
            other => with_text(other, |text| Value::text(text.chars().rev().collect::<String>())),
        },
        "list" | "tuple" | "set" | "frozenset" | "collections.deque" if given.positional.is_empty() => {
            Value::sequence(Vec::new())
        }
        "list"
        | "tuple"
        | "iter"
        | "set"
        | "frozenset"
        | "sorted"
        | "collections.deque"
        | "itertools.islice"
        | "itertools.cycle"
        | "itertools.chain.from_iterable" => first,
        "dict" if given.positional.is_empty() => {
            let named = given.named.iter().map(|(name, value)| (Value::text(name.clone()), value.clone()));
            Value::mapping(named.collect())
        }
        "dict" => first.map(mapping_of),
        "enumerate" => first.map(numbered),
        "zip" => zipped(&given.positional),
        "filter" => given.get(1),
        "min" | "max" | "random.choice" | "random.sample" if given.positional.len() == 1 => elements_of(&first),
        "itertools.chain" => given.positional.iter().fold(Value::sequence(Vec::new()), |all, more| all.plus(more)),
        "next" => match &first {
            Value::Sequence(elements) => elements.first().cloned().unwrap_or_default(),
            _ => Value::Unknown,
        },
        "map" => mapped(&first, &given.get(1)),
        _ => return None,
    })
}

fn with_text(value: &Value, change: impl Fn(&str) -> Value) -> Value {
    value.map(|one| one.whole_text().map_or(Value::Unknown, &change))
}

fn number(value: &Value, base: &Value) -> Value {
    let base = match base {
        Value::Number(base) => u32::try_from(*base).unwrap_or(10),
        _ => 10,
    };
    value.map(|one| match one {
        Value::Number(number) => Value::Number(*number),
        other => {
            let text = other.whole_text().map(|text| text.trim().trim_start_matches("0x"));
            let parsed =
                text.filter(|_| (2..=36).contains(&base)).and_then(|text| i64::from_str_radix(text, base).ok());
            parsed.map_or(Value::Unknown, Value::Number)
        }
    })
}

/// The text that bytes are, given as a text or as numbers.
pub(super) fn bytes_of(value: &Value) -> Value {
    match value {
        Value::Sequence(elements) => {
            let byte = |element: &Value| match element {
                Value::Number(number) => u8::try_from(*number).ok(),
                _ => None,
            };
            from_bytes(elements.iter().map(byte).collect())
        }
        Value::Text(_) => value.clone(),
        _ => Value::Unknown,
    }
}

/// The texts in a sequence, or the letters of a text.
pub(super) fn texts_of(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Sequence(elements) => Some(elements.to_vec()),
        Value::Text(text) if text.whole => {
            Some(text.text.chars().map(|letter| Value::text(letter.to_string())).collect())
        }
        _ => None,
    }
}

/// What an encoding makes of a text.
pub(super) fn decoded(text: &str, encoding: &str) -> Value {
    match encoding.to_ascii_lowercase().replace('_', "-").as_str() {
        "unicode-escape" | "raw-unicode-escape" => Value::text(PYTHON.resolve(text)),
        _ => encodings::decoded(text, encoding),
    }
}

/// `enumerate(elements)`.
fn numbered(elements: &Value) -> Value {
    let Value::Sequence(elements) = elements else { return Value::Unknown };
    let number = |at| i64::try_from(at).map_or(Value::Unknown, Value::Number);
    Value::sequence(
        elements.iter().enumerate().map(|(at, one)| Value::sequence(vec![number(at), one.clone()])).collect(),
    )
}

/// Parts of all tuples that `zip` may give.
const MOST_ZIPPED: usize = 16_384;

/// `zip(…)`, as long as the longest that is known: what is not known may be of any length.
fn zipped(all: &[Value]) -> Value {
    let length = |one: &Value| match one {
        Value::Sequence(elements) => elements.len(),
        _ => 0,
    };
    let longest = all.iter().flat_map(Value::alternatives).map(length).max().unwrap_or(0);
    let tuple = |at| Value::sequence(all.iter().map(|one| element(one, at)).collect());
    Value::sequence((0..longest.min(MOST_ZIPPED / all.len().max(1))).map(tuple).collect())
}

/// `map(function, elements)` where the function is known and computes.
fn mapped(function: &Value, elements: &Value) -> Value {
    let (Some(function), Some(elements)) = (function.as_named(), texts_of(elements)) else { return Value::Unknown };
    let each = elements.into_iter().map(|element| {
        let given = Given { positional: vec![element], ..Given::default() };
        match &*function.path {
            "map" => None,
            path => compute(path, &given).or_else(|| super::paths::compute(path, &given)),
        }
    });
    each.collect::<Option<Vec<_>>>().map_or(Value::Unknown, Value::sequence)
}
