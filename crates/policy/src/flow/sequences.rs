//! Parts of sequences, mappings and texts.

use super::value::Value;

/// What a mapping has under a key; any of its values where the key is not known.
pub(crate) fn entry(entries: &[(Value, Value)], key: &Value) -> Value {
    let of_key = |wanted: &Value| {
        let fitting = entries.iter().filter(|(key, _)| key == wanted || key.is_unknown());
        Value::either(fitting.map(|(_, value)| value.clone()))
    };
    match key {
        Value::Text(_) | Value::Number(_) => of_key(key),
        _ => Value::either(entries.iter().map(|(_, value)| value.clone())),
    }
}

/// Whether something is stored under a key that is a text.
pub(crate) fn has_entry(entries: &[(Value, Value)], key: &str) -> bool {
    entries.iter().any(|(known, _)| known.whole_text() == Some(key))
}

/// What a loop's variable is that runs through what `value` may be.
pub(crate) fn elements_of(value: &Value) -> Value {
    value.map(|one| match one {
        Value::Sequence(elements) => Value::each(elements.iter().cloned()),
        _ => Value::Unknown,
    })
}

/// Elements up to which a collection is followed while it grows.
pub(crate) const MOST_GROWN: usize = 64;

/// A sequence with more elements at its end; unknown where `sequence` is none, or too long to be followed.
pub(crate) fn grown(sequence: &Value, more: impl IntoIterator<Item = Value>) -> Value {
    match sequence {
        Value::Sequence(elements) if elements.len() < MOST_GROWN => {
            Value::sequence(elements.iter().cloned().chain(more).collect())
        }
        _ => Value::Unknown,
    }
}

/// A collection with one more value stored under a key; unknown where it is none, or too long to be followed.
pub(crate) fn with_entry(collection: &Value, key: &Value, value: &Value) -> Value {
    match collection {
        Value::Mapping(entries) if entries.len() < MOST_GROWN => {
            Value::mapping(entries.iter().cloned().chain([(key.clone(), value.clone())]).collect())
        }
        sequence => grown(sequence, [value.clone()]),
    }
}

/// The pairs of keys and values of a mapping.
pub(crate) fn pairs(entries: &[(Value, Value)]) -> Value {
    Value::sequence(entries.iter().map(|(key, value)| Value::sequence(vec![key.clone(), value.clone()])).collect())
}

/// The mapping of pairs of keys and values.
pub(crate) fn mapping_of(pairs: &Value) -> Value {
    match pairs {
        Value::Sequence(pairs) => {
            Value::mapping(pairs.iter().map(|pair| (element(pair, 0), element(pair, 1))).collect())
        }
        Value::Mapping(_) => pairs.clone(),
        _ => Value::Unknown,
    }
}

/// What is at a place in what a value may be.
pub(crate) fn element(value: &Value, at: usize) -> Value {
    value.map(|value| match value {
        Value::Sequence(elements) => elements.get(at).cloned().unwrap_or_default(),
        _ => Value::Unknown,
    })
}

/// What comes of something that is done with each of several values. Texts and numbers keep their order and number, as a
/// loop may put them together; of anything else one of a kind is enough.
pub(crate) fn gathered(mut results: Vec<Value>) -> Value {
    match results.len() {
        1 => results.remove(0),
        _ if results.iter().all(is_plain) => Value::each(results),
        _ => Value::either(results),
    }
}

/// Whether a value is nothing but texts and numbers.
pub(crate) fn is_plain(value: &Value) -> bool {
    value.alternatives().iter().all(|one| matches!(one, Value::Text(_) | Value::Number(_)))
}

/// What is at an index, counted from the end where it is negative; any element where it is not known.
pub(crate) fn at_index(sequence: &Value, index: &Value) -> Value {
    let place = |length: usize| match index {
        Value::Number(number) if *number < 0 => length.checked_sub(number.unsigned_abs() as usize),
        Value::Number(number) => usize::try_from(*number).ok(),
        _ => None,
    };
    match sequence {
        Value::Sequence(elements) => match place(elements.len()) {
            Some(at) => elements.get(at).cloned().unwrap_or_default(),
            None => Value::either(elements.iter().cloned()),
        },
        Value::Text(text) if text.whole => {
            let letter = place(text.text.chars().count()).and_then(|at| text.text.chars().nth(at));
            letter.map_or(Value::Unknown, |letter| Value::text(letter.to_string()))
        }
        _ => Value::Unknown,
    }
}

/// The places that a slice takes out of `length` elements.
pub(crate) fn indices(length: usize, [start, stop, step]: [Option<i64>; 3]) -> impl Iterator<Item = usize> {
    let (step, length) = (step.unwrap_or(1), i64::try_from(length).unwrap_or(i64::MAX));
    let within =
        |bound: i64, low, high| (if bound < 0 { bound.saturating_add(length) } else { bound }).clamp(low, high);
    let (first, last) = if step < 0 {
        (
            start.map_or(length - 1, |bound| within(bound, -1, length - 1)),
            stop.map_or(-1, |bound| within(bound, -1, length - 1)),
        )
    } else {
        (start.map_or(0, |bound| within(bound, 0, length)), stop.map_or(length, |bound| within(bound, 0, length)))
    };
    let mut at = first;
    std::iter::from_fn(move || {
        let more = step != 0 && if step < 0 { at > last } else { at < last };
        let here = at;
        at = at.saturating_add(step);
        more.then(|| usize::try_from(here).ok()).flatten()
    })
}
