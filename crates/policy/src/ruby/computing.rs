//! Methods of modules that compute texts and numbers.

use crate::flow::encodings::decoded;
use crate::flow::templates::{as_shown, filled_in};
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
        // What these make has methods of the code's own.
        "Class.new" if given.get(0).may_be_named() => given.get(0),
        "Class.new" | "Module.new" | "Struct.new" | "Data.define" => Value::Unknown,
        "Integer" => first.map(|one| match one {
            Value::Text(text) => Value::integer(&text.text),
            other => other.clone(),
        }),
        "lambda" | "proc" | "Proc.new" => given.get_or_named(usize::MAX, "&"),
        _ => return None,
    })
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
