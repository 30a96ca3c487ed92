//! Methods of texts and numbers.

use super::bytes::{codes, unpacked};
use crate::flow::sequences::{at_index, indices};
use crate::flow::templates::{as_shown, character, filled_in};
use crate::flow::value::{Given, Value};

/// What `text.name(given)` is; unknown where it cannot be told.
pub(super) fn call_method(text: &str, name: &str, given: &Given) -> Value {
    let argument = |at: usize| given.positional.get(at).and_then(Value::whole_text);
    match name.trim_end_matches('!') {
        "to_s" | "to_str" | "to_sym" | "intern" | "itself" | "freeze" | "dup" | "b" | "encode" | "force_encoding"
        | "unicode_normalize" | "scrub" | "inspect" => Value::text(text),
        "upcase" => Value::text(text.to_uppercase()),
        "downcase" => Value::text(text.to_lowercase()),
        "swapcase" => Value::text(text.chars().map(swapped).collect::<String>()),
        "capitalize" => Value::text(capitalized(text)),
        "reverse" => Value::text(text.chars().rev().collect::<String>()),
        "strip" | "chomp" | "lstrip" | "rstrip" if given.positional.is_empty() => Value::text(text.trim()),
        "chop" => at_range(text, [Some(0), Some(-1), None]),
        "squeeze" => Value::text(squeezed(text)),
        "concat" | "+" | "<<" => {
            given.positional.iter().fold(Value::text(text), |whole, one| whole.plus(&as_shown(one)))
        }
        "prepend" => given.get(0).plus(&Value::text(text)),
        "replace" => given.get(0),
        "insert" => inserted(text, given),
        "*" => repeated(text, &given.get(0)),
        "%" => match given.get(0) {
            Value::Sequence(fillings) => filled_in(text, &fillings),
            one => filled_in(text, &[one]),
        },
        "sub" | "gsub" if text.len() <= 4096 => match (argument(0), argument(1)) {
            (Some(from), Some(to)) if to.len() <= 64 => {
                let times = if name.starts_with('s') { 1 } else { usize::MAX };
                Value::text(text.replacen(from, to, times))
            }
            _ => Value::Unknown,
        },
        "tr" | "tr_s" => match (argument(0), argument(1)) {
            (Some(from), Some(to)) => Value::text(translated(text, from, to)),
            _ => Value::Unknown,
        },
        _ => parts(text, name, given),
    }
}

/// The same of methods that leave something out, take a text apart or tell something of it.
fn parts(text: &str, name: &str, given: &Given) -> Value {
    let argument = |at: usize| given.positional.get(at).and_then(Value::whole_text);
    match name.trim_end_matches('!') {
        "delete" => argument(0).map_or(Value::Unknown, |set| Value::text(text.replace(|one| set.contains(one), ""))),
        "delete_prefix" => {
            argument(0).map_or(Value::Unknown, |start| Value::text(text.strip_prefix(start).unwrap_or(text)))
        }
        "delete_suffix" => {
            argument(0).map_or(Value::Unknown, |end| Value::text(text.strip_suffix(end).unwrap_or(text)))
        }
        "split" => split(text, given),
        "chars" | "each_char" | "grapheme_clusters" => letters(text),
        "bytes" | "each_byte" | "codepoints" => Value::sequence(codes(text)),
        "lines" | "each_line" => Value::sequence(text.lines().take(4096).map(Value::text).collect()),
        "unpack" => unpacked(text, &given.get(0)),
        "unpack1" => at_index(&unpacked(text, &given.get(0)), &Value::Number(0)),
        "hex" => i64::from_str_radix(text.trim_start_matches("0x"), 16).map_or(Value::Unknown, Value::Number),
        "to_i" => text.trim().parse().map_or(Value::Unknown, Value::Number),
        "ord" => at_index(&Value::sequence(codes(text)), &Value::Number(0)),
        "length" | "size" => i64::try_from(text.chars().count()).map_or(Value::Unknown, Value::Number),
        "[]" | "slice" | "at" => part_of(text, given),
        _ => Value::Unknown,
    }
}

/// What `number.name(given)` is.
pub(super) fn of_number(number: i64, name: &str, given: &Given) -> Value {
    match (name, given.positional.len()) {
        ("chr", _) => character(&Value::Number(number)),
        ("to_s" | "inspect", 0) => Value::text(number.to_string()),
        _ => Value::Unknown,
    }
}

pub(super) fn repeated(text: &str, times: &Value) -> Value {
    let Value::Number(times) = times else { return Value::Unknown };
    let times = usize::try_from(*times).unwrap_or(0);
    let fits = text.len().checked_mul(times).is_some_and(|length| length <= 4096);
    if fits { Value::text(text.repeat(times)) } else { Value::prefix(text) }
}

fn letters(text: &str) -> Value {
    Value::sequence(text.chars().take(4096).map(|letter| Value::text(letter.to_string())).collect())
}

fn split(text: &str, given: &Given) -> Value {
    match given.get(0).whole_text() {
        Some("") => letters(text),
        Some(separator) if separator != " " => {
            Value::sequence(text.split(separator).take(4096).map(Value::text).collect())
        }
        Some(_) => Value::sequence(text.split_whitespace().take(4096).map(Value::text).collect()),
        None if given.positional.is_empty() => {
            Value::sequence(text.split_whitespace().take(4096).map(Value::text).collect())
        }
        None => Value::Unknown,
    }
}

/// `text[at]`, `text[start, length]` and `text[start..end]`, where a range is a sequence of both.
pub(super) fn part_of(text: &str, given: &Given) -> Value {
    match (given.get(0), given.get(1)) {
        (Value::Number(start), Value::Number(length)) => {
            let end =
                if start < 0 && start.saturating_add(length) >= 0 { None } else { Some(start.saturating_add(length)) };
            at_range(text, [Some(start), end, None])
        }
        (at @ Value::Number(_), Value::Unknown) => at_index(&Value::text(text), &at),
        (Value::Sequence(bounds), Value::Unknown) if bounds.len() == 2 => {
            let bound = |at: usize| match &bounds[at] {
                Value::Number(number) => Some(*number),
                _ => None,
            };
            at_range(text, [bound(0), bound(1), None])
        }
        (Value::Text(part), Value::Unknown) if part.whole => Value::Text(part),
        _ => Value::Unknown,
    }
}

fn at_range(text: &str, bounds: [Option<i64>; 3]) -> Value {
    let letters: Vec<char> = text.chars().collect();
    Value::text(indices(letters.len(), bounds).map(|at| letters[at]).collect::<String>())
}

fn inserted(text: &str, given: &Given) -> Value {
    let (Value::Number(at), Some(more)) = (given.get(0), given.positional.get(1)) else { return Value::Unknown };
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
    Value::text(&text[..byte]).plus(more).plus(&Value::text(&text[byte..]))
}

/// `text.tr(from, to)`, with ranges such as `a-z`.
fn translated(text: &str, from: &str, to: &str) -> String {
    let (from, to) = (spread(from), spread(to));
    let change = |letter: char| match from.iter().position(|one| *one == letter) {
        Some(at) => to.get(at).or(to.last()).copied(),
        None => Some(letter),
    };
    text.chars().filter_map(change).collect()
}

fn spread(set: &str) -> Vec<char> {
    let letters: Vec<char> = set.chars().take(256).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        match letters.get(at..at + 3) {
            Some([first, '-', last]) if first.is_ascii() && last.is_ascii() => {
                out.extend(*first..=*last);
                at += 3;
            }
            _ => {
                out.push(letters[at]);
                at += 1;
            }
        }
    }
    out
}

fn swapped(letter: char) -> char {
    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().to_lowercase()
}

fn squeezed(text: &str) -> String {
    let mut out = String::new();
    text.chars().for_each(|letter| {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    });
    out
}
