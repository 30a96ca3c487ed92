//! What texts become that are cut, repeated, replaced or filled in.

use super::value::{Given, Value};

/// Bytes of a text that is filled in, replaced in or repeated.
const LONGEST: usize = 4096;

/// Pieces that a loop puts together which are followed.
pub(crate) const MOST_PIECES: usize = 256;

impl Value {
    /// The text, or the beginning of it that is known.
    pub(crate) fn known_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(&text.text),
            _ => None,
        }
    }
}

/// The letters from `start` up to `end`; unknown where they are not within the text.
pub(crate) fn between(text: &str, start: &Value, end: Option<&Value>) -> Value {
    let length = text.chars().count();
    let place = |value: &Value| match value {
        Value::Number(number) => usize::try_from(*number).ok().filter(|at| *at <= length),
        _ => None,
    };
    let (Some(start), Some(end)) = (place(start), end.map_or(Some(length), place)) else { return Value::Unknown };
    Value::text(text.chars().skip(start).take(end.saturating_sub(start)).collect::<String>())
}

pub(crate) fn replaced(text: &str, from: Option<&str>, to: Option<&str>, times: usize) -> Value {
    match (from, to) {
        (Some(from), Some(to)) if text.len() <= LONGEST && to.len() <= 64 => {
            Value::text(text.replacen(from, to, times))
        }
        _ => Value::Unknown,
    }
}

pub(crate) fn repeated(text: &str, times: &Value) -> Value {
    match times {
        Value::Number(times @ 0..=64) if text.len() <= 64 => {
            Value::text(text.repeat(usize::try_from(*times).unwrap_or(0)))
        }
        _ => Value::Unknown,
    }
}

/// The pieces of a text.
pub(crate) fn split(text: &str, separator: Option<&str>) -> Value {
    match separator {
        Some("") => Value::sequence(text.chars().take(LONGEST).map(|one| Value::text(one.to_string())).collect()),
        Some(separator) => Value::sequence(text.split(separator).take(LONGEST).map(Value::text).collect()),
        None => Value::Unknown,
    }
}

/// The elements with `separator` between them. `shown` says what each is as a text.
pub(crate) fn joined<'v>(
    elements: impl Iterator<Item = &'v Value>,
    separator: &Value,
    shown: impl Fn(&Value) -> Value,
) -> Value {
    elements.enumerate().fold(Value::text(""), |whole, (at, element)| {
        let whole = if at > 0 { whole.plus(separator) } else { whole };
        whole.plus(&shown(element))
    })
}

/// A format such as `%s/%d`, filled in with what is given from a position on.
pub(crate) fn formatted(format: &str, given: &Given, from: usize, shown: impl Fn(&Value) -> Value) -> Value {
    if format.len() > LONGEST {
        return Value::Unknown;
    }
    let mut whole = Value::text("");
    let mut next = from;
    let mut pieces = format.split('%');
    whole = whole.plus(&Value::text(pieces.next().unwrap_or_default()));
    let mut after_sign = false;
    for piece in pieces {
        if after_sign {
            after_sign = false;
            whole = whole.plus(&Value::text(piece));
            continue;
        }
        let flags = piece.len() - piece.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic()).len();
        match piece[flags..].chars().next() {
            None => {
                after_sign = true;
                whole = whole.plus(&Value::text("%"));
            }
            Some(verb) => {
                let value = if verb == 'n' { Value::text("\n") } else { shown(&given.get(next)) };
                next += usize::from(verb != 'n');
                let value = if verb == 'c' { value.map(character) } else { value };
                whole = whole.plus(&value).plus(&Value::text(&piece[flags + verb.len_utf8()..]));
            }
        }
    }
    whole
}

/// The character of a number that is written as a text; a text that is none stays.
fn character(value: &Value) -> Value {
    let code = value.whole_text().filter(|text| text.len() > 1).and_then(|text| text.parse().ok());
    code.and_then(char::from_u32).map_or_else(|| value.clone(), |letter| Value::text(letter.to_string()))
}

/// The character of a number.
pub(crate) fn letter(value: &Value) -> Value {
    match value {
        Value::Number(code) => {
            let letter = u32::try_from(*code).ok().and_then(char::from_u32);
            letter.map_or(Value::Unknown, |letter| Value::text(letter.to_string()))
        }
        Value::Text(text) => Value::Text(text.clone()),
        _ => Value::Unknown,
    }
}

/// The number of a text's only letter.
pub(crate) fn code(value: &Value) -> Value {
    match value {
        Value::Text(text) if text.whole => {
            let mut letters = text.text.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => Value::Number(i64::from(u32::from(letter))),
                _ => Value::Unknown,
            }
        }
        other => other.clone(),
    }
}

/// What an operator makes of two numbers, or of each of several and another.
pub(crate) fn arithmetic(operator: &str, left: &Value, right: &Value) -> Value {
    match (left, right) {
        // What each makes of each is worth nothing.
        (Value::OneOf(_), Value::OneOf(_)) => Value::Unknown,
        _ => left.map_with(right, |left, right| of_two(operator, left, right)),
    }
}

fn of_two(operator: &str, left: &Value, right: &Value) -> Value {
    let (Value::Number(a), Value::Number(b)) = (left, right) else { return Value::Unknown };
    let shift = u32::try_from(*b).ok();
    let result = match operator {
        "+" => a.checked_add(*b),
        "-" => a.checked_sub(*b),
        "*" => a.checked_mul(*b),
        "/" => a.checked_div(*b),
        "%" => a.checked_rem(*b),
        "^" => Some(a ^ b),
        "|" => Some(a | b),
        "&" => Some(a & b),
        "<<" => shift.and_then(|by| a.checked_shl(by)),
        ">>" | ">>>" => shift.and_then(|by| a.checked_shr(by)),
        _ => None,
    };
    result.map_or(Value::Unknown, Value::Number)
}
