//! Functions and operators that compute texts and numbers.

use crate::flow::encodings::decoded;
use crate::flow::sequences::{mapping_of, pairs};
use crate::flow::value::{Given, Value};

/// What a call of a function that computes is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "String.fromCharCode" | "String.fromCodePoint" => {
            given.positional.iter().fold(Value::text(""), |whole, code| whole.plus(&code.map(character)))
        }
        "URL" => with_text(&first, |text| Value::text(text.trim_start_matches("file://"))),
        "String" => first.map(super::literals::as_shown),
        "atob" => with_text(&first, |text| decoded(text, "base64")),
        "unescape" | "decodeURIComponent" | "decodeURI" => with_text(&first, |text| Value::text(percent_decoded(text))),
        "Buffer.from" | "Buffer" => match &first {
            Value::Sequence(codes) => {
                codes.iter().fold(Value::text(""), |whole, code| whole.plus(&code.map(character)))
            }
            _ => with_text(&first, |text| decoded(text, given.get(1).whole_text().unwrap_or("utf8"))),
        },
        "parseInt" | "Number" => with_text(&first, |text| {
            let radix = match given.get(1) {
                Value::Number(radix @ 2..=36) => u32::try_from(radix).unwrap_or(10),
                _ => 10,
            };
            i64::from_str_radix(text.trim(), radix).map_or(Value::Unknown, Value::Number)
        }),
        "Object.entries" => first.map(|one| match one {
            Value::Mapping(entries) => pairs(entries),
            _ => Value::Unknown,
        }),
        "Object.values" | "Object.keys" | "Reflect.ownKeys" => first.map(|one| match one {
            Value::Mapping(entries) => Value::sequence(
                entries.iter().map(|(key, value)| if path == "Object.values" { value } else { key }.clone()).collect(),
            ),
            _ => Value::Unknown,
        }),
        "Object.fromEntries" | "Map" => match given.positional.first() {
            Some(pairs) => pairs.map(mapping_of),
            None => Value::mapping(Vec::new()),
        },
        "Object.assign" => {
            let mut all = Vec::new();
            for one in &given.positional {
                let Value::Mapping(entries) = one else { return None };
                all.extend(entries.iter().cloned());
            }
            Value::mapping(all)
        }
        "Set" if given.positional.is_empty() => Value::sequence(Vec::new()),
        "Set"
        | "Promise.resolve"
        | "Promise.all"
        | "structuredClone"
        | "Array.from"
        | "Array.of"
        | "util.promisify"
        | "Object.freeze"
        | "Object.getPrototypeOf" => first,
        _ => return None,
    })
}

pub(super) fn arithmetic(operator: &str, left: &Value, right: &Value) -> Value {
    let (Value::Number(a), Value::Number(b)) = (left, right) else { return Value::Unknown };
    let result = match operator {
        "-" => a.checked_sub(*b),
        "*" => a.checked_mul(*b),
        "%" => a.checked_rem(*b),
        "/" if *b != 0 && a % b == 0 => a.checked_div(*b),
        "^" => Some(a ^ b),
        "|" => Some(a | b),
        "&" => Some(a & b),
        "<<" => u32::try_from(*b).ok().and_then(|by| a.checked_shl(by)),
        ">>" | ">>>" => u32::try_from(*b).ok().and_then(|by| a.checked_shr(by)),
        _ => None,
    };
    result.map_or(Value::Unknown, Value::Number)
}

/// The character of a number.
fn character(value: &Value) -> Value {
    match value {
        Value::Number(code) => {
            let letter = u32::try_from(*code).ok().and_then(char::from_u32);
            letter.map_or(Value::Unknown, |letter| Value::text(letter.to_string()))
        }
        _ => Value::Unknown,
    }
}

fn with_text(value: &Value, change: impl Fn(&str) -> Value) -> Value {
    value.map(|one| one.whole_text().map_or(Value::Unknown, &change))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
