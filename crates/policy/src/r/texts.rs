//! Functions on texts.

use super::arguments::argument;
use super::computing::each;
use super::sequences::flattened;
use crate::flow::templates::{as_shown, filled_in};
use crate::flow::value::{Given, Text, Value};

/// What a call of a function on texts is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let computed = compute_text(path, given)?;
    // Where nothing else is known, that it is a text is.
    let is_text = !matches!(path, "strsplit" | "nchar");
    Some(if computed.is_unknown() && is_text { Value::prefix("") } else { computed })
}

fn compute_text(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    let on_text = |value: Value, change: &dyn Fn(&str) -> Value| {
        each(&value, &|one| one.whole_text().map_or(Value::Unknown, change))
    };
    Some(match path {
        "paste" => pasted(given, " "),
        "paste0" | "stringr::str_c" | "str_c" | "stringi::stri_c" | "glue::glue" => pasted(given, ""),
        "toString" => joined(&flattened(&first), ", "),
        "stringr::str_flatten" | "str_flatten" => {
            joined(&flattened(&first), given.get(1).whole_text().unwrap_or_default())
        }
        "sprintf" | "gettextf" => match argument(given, 0, "fmt") {
            Value::Text(Text { text, whole: true }) => filled_in(&text, given.positional.get(1..).unwrap_or_default()),
            _ => Value::Unknown,
        },
        "strsplit" => split(&first, &argument(given, 1, "split")),
        "toupper" | "stringr::str_to_upper" => on_text(first, &|text| Value::text(text.to_uppercase())),
        "tolower" | "casefold" | "stringr::str_to_lower" => on_text(first, &|text| Value::text(text.to_lowercase())),
        "trimws" | "stringr::str_trim" => on_text(first, &|text| Value::text(text.trim())),
        "stringi::stri_reverse" | "stri_reverse" => {
            on_text(first, &|text| Value::text(text.chars().rev().collect::<String>()))
        }
        "noquote" | "enc2utf8" | "iconv" | "format" | "shQuote" | "dQuote" | "sQuote" | "encodeString" | "deparse" => {
            first
        }
        "chartr" => translated(given),
        "gsub" | "sub" => replaced(path, given),
        "substr" | "substring" | "stringr::str_sub" => part_of(given),
        "nchar" => on_text(first, &|text| i64::try_from(text.chars().count()).map_or(Value::Unknown, Value::Number)),
        "strrep" => match (first.whole_text(), given.get(1)) {
            (Some(text), Value::Number(times @ 0..=64)) if text.len() <= 64 => {
                Value::text(text.repeat(usize::try_from(times).unwrap_or(0)))
            }
            _ => Value::Unknown,
        },
        _ => return None,
    })
}

/// `paste(…, sep, collapse)`: element by element, and then together where `collapse` is given.
fn pasted(given: &Given, separator: &str) -> Value {
    let option = |name: &str| given.named.iter().find(|(own, _)| &**own == name).map(|(_, value)| value.clone());
    let separator = match option("sep") {
        None => separator.to_owned(),
        Some(given) => given.whole_text().unwrap_or_default().to_owned(),
    };
    let vectors: Vec<_> = given.positional.iter().map(flattened).collect();
    let length = vectors.iter().map(length).max().unwrap_or(0);
    let lines: Vec<_> = (0..length).map(|at| line(&vectors, at, &separator)).collect();
    let is_open = given.open_ended;
    let lines = if is_open { lines.iter().map(|line| line.plus(&Value::Unknown)).collect() } else { lines };
    match option("collapse") {
        Some(Value::Text(text)) => joined(&Value::sequence(lines), &text.text),
        _ if lines.len() == 1 => lines.into_iter().next().unwrap_or_default(),
        _ => Value::sequence(lines),
    }
}

fn length(vector: &Value) -> usize {
    match vector {
        Value::Sequence(elements) => elements.len(),
        _ => 1,
    }
}

/// One element of what `paste` gives; shorter vectors begin again.
fn line(vectors: &[Value], at: usize, separator: &str) -> Value {
    vectors.iter().enumerate().fold(Value::text(""), |whole, (number, vector)| {
        let whole = if number > 0 { whole.plus(&Value::text(separator)) } else { whole };
        whole.plus(&as_shown(match vector {
            Value::Sequence(elements) if !elements.is_empty() => &elements[at % elements.len()],
            one => one,
        }))
    })
}

fn joined(vector: &Value, separator: &str) -> Value {
    let Value::Sequence(elements) = vector else { return as_shown(vector) };
    elements.iter().enumerate().fold(Value::text(""), |whole, (at, element)| {
        let whole = if at > 0 { whole.plus(&Value::text(separator)) } else { whole };
        whole.plus(&as_shown(element))
    })
}

fn split(text: &Value, separator: &Value) -> Value {
    let (Some(text), Some(separator)) = (text.whole_text(), separator.whole_text()) else { return Value::Unknown };
    let separator = separator.trim_start_matches('[').trim_end_matches(']');
    let pieces = match separator {
        "" => text.chars().take(4096).map(|letter| Value::text(letter.to_string())).collect(),
        separator => text.split(separator).take(4096).map(Value::text).collect(),
    };
    Value::sequence(vec![Value::sequence(pieces)])
}

fn translated(given: &Given) -> Value {
    let arguments = [argument(given, 0, "old"), argument(given, 1, "new"), argument(given, 2, "x")];
    let [Some(old), Some(new), Some(text)] = arguments.each_ref().map(Value::whole_text) else { return Value::Unknown };
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().take(256).collect(), new.chars().take(256).collect());
    let change = |letter: char| match old.iter().position(|one| *one == letter) {
        Some(at) => new.get(at).copied().unwrap_or(letter),
        None => letter,
    };
    Value::text(text.chars().map(change).collect::<String>())
}

fn replaced(path: &str, given: &Given) -> Value {
    let arguments = [argument(given, 0, "pattern"), argument(given, 1, "replacement"), argument(given, 2, "x")];
    let [Some(from), Some(to), Some(text)] = arguments.each_ref().map(Value::whole_text) else { return Value::Unknown };
    let from = from.trim_start_matches('[').trim_end_matches(']');
    if from.is_empty() || text.len() > 4096 || to.len() > 64 {
        return Value::Unknown;
    }
    Value::text(text.replacen(from, to, if path == "sub" { 1 } else { usize::MAX }))
}

fn part_of(given: &Given) -> Value {
    let text = given.get(0);
    let (Some(text), Value::Number(start)) = (text.whole_text(), argument(given, 1, "start")) else {
        return Value::Unknown;
    };
    let end = match argument(given, 2, "stop") {
        Value::Number(end) => usize::try_from(end).unwrap_or(0),
        _ => usize::MAX,
    };
    let start = usize::try_from(start - 1).unwrap_or(0);
    Value::text(text.chars().take(end).skip(start).collect::<String>())
}
