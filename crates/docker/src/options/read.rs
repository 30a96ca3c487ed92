//! Values as a command line or a Python program gives them. A refusal says what was wrong with the value.

use std::{collections::BTreeMap, net::IpAddr, path::PathBuf};

use serde_json::Value;

pub(super) type Read<T> = Result<T, String>;

/// How much of a value is shown in a refusal.
const SHOWN: usize = 60;

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text,
    }
}

pub(super) fn wrong(value: &Value) -> String {
    format!("{} is none", shown(value))
}

pub(super) fn whole(value: &Value) -> Read<i64> {
    value.as_i64().ok_or_else(|| wrong(value))
}

/// A whole number that says that something is there.
pub(super) fn positive(value: &Value) -> Read<i64> {
    whole(value).ok().filter(|number| *number > 0).ok_or_else(|| wrong(value))
}

pub(super) fn flag(value: &Value) -> Read<bool> {
    value.as_bool().ok_or_else(|| wrong(value))
}

/// A text that is not empty. Numbers are taken as they are written: a command line cannot tell them apart.
pub(super) fn text(value: &Value) -> Read<String> {
    let text = scalar(value)?;
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text) }
}

fn scalar(value: &Value) -> Read<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(wrong(value)),
    };
    if text.contains('\0') { Err("there is a NUL byte in it".to_owned()) } else { Ok(text) }
}

pub(super) fn path(value: &Value) -> Read<PathBuf> {
    let path = PathBuf::from(text(value)?);
    if path.is_absolute() { Ok(path) } else { Err(format!("{} is not absolute", shown(value))) }
}

/// Bytes: a number, or one with a unit that is a power of 1024.
pub(super) fn size(value: &Value) -> Read<i64> {
    let text = match value {
        Value::Number(_) => return whole(value),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        _ => return Err(wrong(value)),
    };
    let end = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let shift = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" if unit.len() < 2 => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ if number.is_empty() => return Err(wrong(value)),
        _ => return Err(format!("{unit:?} is no unit")),
    };
    if let Ok(whole) = number.trim().parse::<i64>() {
        return whole.checked_mul(1 << shift).ok_or_else(|| format!("{} is too large", shown(value)));
    }
    let fraction: f64 = number.trim().parse().map_err(|_| wrong(value))?;
    let bytes = fraction * (1_i64 << shift) as f64;
    if bytes.is_finite() && (0.0..9e18).contains(&bytes) { Ok(bytes as i64) } else { Err(wrong(value)) }
}

/// A list; what is alone is a list of one.
pub(super) fn each<T>(value: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
    match value {
        Value::Array(values) => values.iter().map(read).collect(),
        alone => Ok(vec![read(alone)?]),
    }
}

pub(super) fn texts(value: &Value) -> Read<Vec<String>> {
    each(value, text)
}

pub(super) fn addresses(value: &Value) -> Read<Vec<String>> {
    each(value, |value| {
        let text = text(value)?;
        text.parse::<IpAddr>().map(|_| text).map_err(|_| format!("{} is no address", shown(value)))
    })
}

type Pairs = BTreeMap<String, String>;

/// A map, or a list of texts that are split at the first `between`; `alone` is the value of one that is not.
fn pairs(value: &Value, between: char, alone: Option<&str>) -> Read<Pairs> {
    if let Value::Object(map) = value {
        return map.iter().map(|(name, value)| Ok((named(name, value)?, scalar(value)?))).collect();
    }
    let split = |value: &Value| {
        let text = text(value)?;
        let (name, rest) = match (text.split_once(between), alone) {
            (Some((name, rest)), _) => (name, rest),
            (None, Some(alone)) => (text.as_str(), alone),
            (None, None) => return Err(format!("{} has no {between:?} in it", shown(value))),
        };
        Ok((named(name, value)?, rest.to_owned()))
    };
    each(value, split).map(|pairs| pairs.into_iter().collect())
}

fn named(name: &str, value: &Value) -> Read<String> {
    if name.is_empty() || name.contains('\0') {
        return Err(format!("{} belongs to no name", shown(value)));
    }
    Ok(name.to_owned())
}

pub(super) fn assignments(value: &Value) -> Read<Pairs> {
    pairs(value, '=', None)
}

pub(super) fn environment(value: &Value) -> Read<Pairs> {
    let variables = assignments(value)?;
    match variables.keys().find(|name| name.contains('=')) {
        Some(name) => Err(format!("the name {name:?} has \"=\" in it")),
        None => Ok(variables),
    }
}

pub(super) fn labels(value: &Value) -> Read<Pairs> {
    if let Value::Object(_) = value {
        return assignments(value);
    }
    pairs(value, '=', Some(""))
}

pub(super) fn tmpfs(value: &Value) -> Read<Pairs> {
    pairs(value, ':', Some(""))
}

pub(super) fn hosts(value: &Value) -> Read<Vec<String>> {
    let hosts = match value {
        Value::Object(_) => pairs(value, ':', None)?.into_iter().collect(),
        // Not a map, for a name may have several addresses.
        _ => each(value, |value| Ok(pairs(value, ':', None)?.pop_first().unwrap_or_default()))?,
    };
    Ok(hosts.into_iter().map(|(name, address)| format!("{name}:{address}")).collect())
}

/// The numbers of a user and a group.
pub(super) fn user(value: &Value) -> Read<(u32, u32)> {
    let text = text(value)?;
    let (user, group) = text.split_once(':').unwrap_or((&text, &text));
    match (user.parse(), group.parse()) {
        (Ok(user), Ok(group)) => Ok((user, group)),
        _ => Err(format!("{} needs the image's own list of names", shown(value))),
    }
}
