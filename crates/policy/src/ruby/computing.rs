//! Methods of modules that compute texts and numbers.

use super::literals::as_shown;
use crate::flow::encodings::decoded;
use crate::flow::value::{Given, Text, Value};

/// What a call of a method that computes is; nothing where `path` is no such method.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "sprintf" | "format" => match (&first, given.positional.get(1..)) {
            (Value::Text(Text { text, whole: true }), Some(fillings)) => filled_in(text, fillings),
            _ => Value::Unknown,
        },
        "String" | "String.new" => as_shown(&first),
        "Base64.decode64" | "Base64.strict_decode64" | "Base64.urlsafe_decode64" => {
            first.map(|text| text.whole_text().map_or(Value::Unknown, |text| decoded(text, "base64")))
        }
        "CGI.unescape" | "URI.decode_www_form_component" | "URI.decode" | "URI.unescape" => {
            first.map(|text| text.whole_text().map_or(Value::Unknown, percent_decoded))
        }
        "Array" | "Shellwords.escape" | "Shellwords.join" | "Shellwords.split" => first,
        "Integer" => first.map(|one| match one {
            Value::Text(text) => Value::integer(&text.text),
            other => other.clone(),
        }),
        "lambda" | "proc" | "Proc.new" => given.get_or_named(usize::MAX, "&"),
        _ => return None,
    })
}

/// A text with its `%s` and the like filled in, up to the first that is not known.
pub(super) fn filled_in(pattern: &str, fillings: &[Value]) -> Value {
    let mut fillings = fillings.iter();
    let mut whole = Value::text("");
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        whole = whole.plus(&Value::text(&rest[..at]));
        let mut after = rest[at + 1..].chars();
        let piece = match after.next() {
            Some('%') => Value::text("%"),
            Some('s' | 'd' | 'i') => fillings.next().map(as_shown).unwrap_or_default(),
            Some('c') => fillings.next().map(character).unwrap_or_default(),
            _ => return whole.plus(&Value::Unknown),
        };
        whole = whole.plus(&piece);
        rest = after.as_str();
    }
    whole.plus(&Value::text(rest))
}

/// The character of a number; a text is the character itself.
pub(super) fn character(value: &Value) -> Value {
    match value {
        Value::Number(code) => {
            let letter = u32::try_from(*code).ok().and_then(char::from_u32);
            letter.map_or(Value::Unknown, |letter| Value::text(letter.to_string()))
        }
        Value::Text(text) if text.whole => Value::Text(text.clone()),
        _ => Value::Unknown,
    }
}

fn percent_decoded(text: &str) -> Value {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().replace('+', " ").into_bytes();
    for piece in pieces {
        let code = piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                bytes.extend(piece[2..].replace('+', " ").bytes());
            }
            None => return Value::Unknown,
        }
    }
    Value::text(String::from_utf8_lossy(&bytes).into_owned())
}
