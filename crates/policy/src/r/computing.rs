//! Functions and operators that compute numbers and turn them into texts.

use super::sequences;
use crate::flow::encodings::decoded;
use crate::flow::templates::character;
use crate::flow::value::{Given, Value};

/// Functions that read base 64.
const BASE64: [&str; 8] = [
    "base64enc::base64decode",
    "openssl::base64_decode",
    "jsonlite::base64_dec",
    "base64decode",
    "base64_dec",
    "base64_decode",
    "caTools::base64decode",
    "RCurl::base64Decode",
];

/// What a call of a function that computes is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "intToUtf8" | "rawToChar" => match &first {
            Value::Sequence(codes) => {
                codes.iter().fold(Value::text(""), |whole, code| whole.plus(&code.map(character)))
            }
            Value::Named(_) | Value::Unknown => return None,
            one => one.map(character),
        },
        "utf8ToInt" | "charToRaw" => first.map(|text| text.whole_text().map_or(Value::Unknown, codes)),
        "strtoi" => {
            let radix = match given.get_or_named(1, "base") {
                Value::Number(radix @ 2..=36) => u32::try_from(radix).unwrap_or(10),
                _ => 10,
            };
            each(&first, &|one| match one.whole_text() {
                Some(text) => {
                    let digits = text.trim_start_matches("0x");
                    i64::from_str_radix(digits, radix).map_or(Value::Unknown, Value::Number)
                }
                None => Value::Unknown,
            })
        }
        "chr" => first.map(character),
        _ if BASE64.contains(&path) => {
            first.map(|text| text.whole_text().map_or(Value::Unknown, |text| decoded(text, "base64")))
        }
        "URLdecode" | "utils::URLdecode" => first,
        "xor" | "bitwXor" => arithmetic("^^", &first, &given.get(1)),
        "as.hexmode" | "as.octmode" => first,
        _ => return sequences::compute(path, given),
    })
}

/// What an operator makes of numbers and vectors of them.
pub(super) fn operate(operator: &str, left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) if operator == ":" => sequences::range(left, right),
        (Value::Sequence(elements), Value::Number(_)) => {
            Value::sequence(elements.iter().map(|one| arithmetic(operator, one, right)).collect())
        }
        (Value::Number(_), Value::Sequence(elements)) => {
            Value::sequence(elements.iter().map(|one| arithmetic(operator, left, one)).collect())
        }
        _ => left.map_with(right, |left, right| arithmetic(operator, left, right)),
    }
}

fn arithmetic(operator: &str, left: &Value, right: &Value) -> Value {
    let (Value::Number(a), Value::Number(b)) = (left, right) else { return Value::Unknown };
    let result = match operator {
        "+" => a.checked_add(*b),
        "-" => a.checked_sub(*b),
        "*" => a.checked_mul(*b),
        "/" if *b != 0 && a % b == 0 => a.checked_div(*b),
        "%/%" => a.checked_div_euclid(*b),
        "%%" => a.checked_rem_euclid(*b),
        "^" => u32::try_from(*b).ok().and_then(|by| a.checked_pow(by)),
        "^^" => Some(a ^ b),
        _ => None,
    };
    result.map_or(Value::Unknown, Value::Number)
}

/// The same done with each element of a vector.
pub(super) fn each(value: &Value, change: &dyn Fn(&Value) -> Value) -> Value {
    match value {
        Value::Sequence(elements) => Value::sequence(elements.iter().map(change).collect()),
        one => one.map(change),
    }
}

fn codes(text: &str) -> Value {
    Value::sequence(text.chars().take(4096).map(|letter| Value::Number(i64::from(u32::from(letter)))).collect())
}
