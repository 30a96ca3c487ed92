//! `pack` and `unpack`: texts as numbers and the other way round.

use crate::flow::encodings::decoded;
use crate::flow::templates::character;
use crate::flow::value::{Text, Value};

/// `elements.pack(format)`.
pub(super) fn packed(elements: &Value, format: &Value) -> Value {
    let (Value::Sequence(elements), Some(format)) = (elements, format.whole_text()) else { return Value::Unknown };
    match format.chars().next() {
        Some('c' | 'C' | 'U' | 'W') => {
            elements.iter().fold(Value::text(""), |whole, code| whole.plus(&code.map(character)))
        }
        Some('H') => text_of(elements, |text| decoded(text, "hex")),
        Some('a' | 'A' | 'Z') => text_of(elements, |text| Value::text(text)),
        _ => Value::Unknown,
    }
}

/// `text.unpack(format)`.
pub(super) fn unpacked(text: &str, format: &Value) -> Value {
    let Some(format) = format.whole_text() else { return Value::Unknown };
    match format.chars().next() {
        Some('m') => Value::sequence(vec![decoded(text, "base64")]),
        Some('c' | 'C' | 'U') => Value::sequence(codes(text)),
        Some('H') => {
            let digits = text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
            Value::sequence(vec![Value::text(digits)])
        }
        Some('a' | 'A' | 'Z') => Value::sequence(vec![Value::text(text)]),
        _ => Value::Unknown,
    }
}

/// The numbers of a text's characters.
pub(super) fn codes(text: &str) -> Vec<Value> {
    text.chars().take(4096).map(|letter| Value::Number(i64::from(u32::from(letter)))).collect()
}

fn text_of(elements: &[Value], change: impl Fn(&str) -> Value) -> Value {
    match elements.first() {
        Some(Value::Text(Text { text, whole: true })) => change(text),
        _ => Value::Unknown,
    }
}
