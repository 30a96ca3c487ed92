//! Texts that are filled in.

use super::value::Value;

/// What a value is as a part of a text.
pub(crate) fn as_shown(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Text(text) => Value::Text(text.clone()),
        Value::Number(number) => Value::text(number.to_string()),
        Value::Named(named) => named.about.clone().map_or(Value::Unknown, Value::Text),
        _ => Value::Unknown,
    })
}

/// The character of a number; a text is the character itself.
pub(crate) fn character(value: &Value) -> Value {
    match value {
        Value::Number(code) => {
            let letter = u32::try_from(*code).ok().and_then(char::from_u32);
            letter.map_or(Value::Unknown, |letter| Value::text(letter.to_string()))
        }
        Value::Text(text) if text.whole => Value::Text(text.clone()),
        _ => Value::Unknown,
    }
}

/// What stands between the marks of a template, where it ends.
pub(crate) fn pieces<'t>(template: &'t str, open: &str, close: &str) -> impl Iterator<Item = &'t str> {
    template.split(open).skip(1).filter_map(move |rest| rest.split_once(close).map(|(piece, _)| piece))
}

/// A text with its `%s` and the like filled in, up to the first that is not known.
pub(crate) fn filled_in(pattern: &str, fillings: &[Value]) -> Value {
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
