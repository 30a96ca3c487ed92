//! Functions and operators that compute texts and numbers.

use super::collections::collection;
use super::literals::to_nul;
use super::types::is_text;
use crate::flow::value::{Given, Value};

/// Parts of a format that are filled in.
const MOST_PLACES: usize = 32;

/// What a call of a function that computes is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    Some(match path {
        _ if is_text(path) => text_of(given),
        "std::move"
        | "std::forward"
        | "std::ref"
        | "std::cref"
        | "std::addressof"
        | "std::as_const"
        | "std::launder"
        | "std::quoted"
        | "std::to_address"
        | "strdup"
        | "std::filesystem::absolute"
        | "std::filesystem::canonical"
        | "std::filesystem::weakly_canonical"
        | "realpath"
        | "std::function"
        | "std::filesystem::u8path" => given.get(0),
        "std::to_string" => given.get(0).map(as_shown),
        "std::atoi" | "atoi" | "std::stoi" => {
            let number = given.get(0).whole_text().and_then(|text| text.trim().parse().ok());
            number.map_or(Value::Unknown, Value::Number)
        }
        "std::format" => braces_filled(given),
        "std::filesystem::temp_directory_path" => Value::text("/tmp"),
        "std::filesystem::current_path" | "getcwd" => Value::text("."),
        _ => return collection(path, given),
    })
}

/// What a text is that is made of these.
fn text_of(given: &Given) -> Value {
    match (given.positional.as_slice(), given.get(1)) {
        ([], _) => Value::text(""),
        ([Value::Text(text), ..], Value::Number(length)) if text.whole => {
            let length = usize::try_from(length).unwrap_or(0);
            Value::text(text.text.chars().take(length).collect::<String>())
        }
        ([Value::Number(times), ..], Value::Text(letter)) => {
            Value::text(letter.text.repeat(usize::try_from(*times).unwrap_or(0).min(64)))
        }
        ([Value::Sequence(letters), ..], _) => characters(letters),
        // `{'a', 'b'}`.
        ([Value::Text(first), Value::Text(_), ..], _) if first.text.chars().count() == 1 => {
            characters(&given.positional)
        }
        ([first, ..], _) => {
            first.map(|first| if matches!(first, Value::Text(_)) { first.clone() } else { Value::Unknown })
        }
    }
}

/// Characters and their numbers as one text.
pub(super) fn characters(letters: &[Value]) -> Value {
    let whole = letters.iter().fold(Value::text(""), |whole, letter| whole.plus(&letter.map(character)));
    whole.map(|whole| match whole.whole_text() {
        Some(text) => Value::text(to_nul(text)),
        None => whole.clone(),
    })
}

fn character(value: &Value) -> Value {
    match value {
        Value::Number(code) => {
            let letter = u32::try_from(*code).ok().and_then(char::from_u32);
            letter.map_or(Value::Unknown, |letter| Value::text(letter.to_string()))
        }
        Value::Text(_) => value.clone(),
        _ => Value::Unknown,
    }
}

pub(super) fn as_shown(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::text(number.to_string()),
        Value::Text(_) => value.clone(),
        _ => Value::Unknown,
    }
}

/// `sprintf(format, …)`: what is filled in follows the format.
pub(super) fn percents_filled(format: &Value, rest: &[Value]) -> Value {
    let Some(format) = format.whole_text() else { return Value::Unknown };
    let mut values = rest.iter();
    let mut pieces = format.split('%');
    let mut whole = Value::text(pieces.next().unwrap_or_default());
    for piece in pieces.take(MOST_PLACES) {
        let end = piece.find(|letter: char| letter.is_ascii_alphabetic()).map_or(piece.len(), |at| at + 1);
        let value = values.next().map(|value| value.map(as_shown)).unwrap_or_default();
        whole = whole.plus(&value).plus(&Value::text(&piece[end..]));
    }
    whole
}

fn braces_filled(given: &Given) -> Value {
    let format = given.get(0);
    let Some(format) = format.whole_text() else { return Value::Unknown };
    let mut values = given.positional.iter().skip(1);
    let mut pieces = format.split("{}");
    let first = Value::text(pieces.next().unwrap_or_default());
    pieces.take(MOST_PLACES).fold(first, |whole, piece| {
        let value = values.next().map(|value| value.map(as_shown)).unwrap_or_default();
        whole.plus(&value).plus(&Value::text(piece))
    })
}

pub(super) fn operation(operator: &str, left: &Value, right: &Value) -> Value {
    match (operator, left, right) {
        // Past the beginning of a text.
        ("+", Value::Text(text), Value::Number(by)) | ("+", Value::Number(by), Value::Text(text)) => {
            let by = usize::try_from(*by).unwrap_or(0);
            text.text.get(by..).filter(|_| text.whole).map_or(Value::Unknown, Value::text)
        }
        ("+", _, _) => left.plus(right),
        ("/", Value::Text(_), _) => match right.whole_text() {
            Some(text) if text.starts_with('/') || left.whole_text() == Some("") => right.clone(),
            _ => left.plus(&Value::text("/")).plus(right),
        },
        ("|", Value::Number(a), Value::Number(b)) => Value::Number(a | b),
        ("|", _, _) => Value::either([left.clone(), right.clone()]),
        (_, Value::Number(a), Value::Number(b)) => arithmetic(operator, *a, *b).map_or(Value::Unknown, Value::Number),
        // What is written to a stream gives the stream.
        ("<<" | ">>", Value::Named(_), _) => left.clone(),
        _ => Value::Unknown,
    }
}

fn arithmetic(operator: &str, a: i64, b: i64) -> Option<i64> {
    match operator {
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        "^" => Some(a ^ b),
        "&" => Some(a & b),
        "<<" => u32::try_from(b).ok().and_then(|by| a.checked_shl(by)),
        ">>" => u32::try_from(b).ok().and_then(|by| a.checked_shr(by)),
        _ => None,
    }
}
