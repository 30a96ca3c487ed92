//! Values that may be one of several.

use super::memory::count_values;
use super::value::{MOST_ALTERNATIVES, MOST_ELEMENTS, Value};

/// Alternatives of each of two values that are put together, as each of one goes with each of the other.
const MOST_PAIRED: usize = 8;

/// Values among which one that is alike is looked for.
const MOST_COMPARED: usize = 64;

impl Value {
    /// Any of `values`, each once.
    pub(crate) fn either(values: impl IntoIterator<Item = Value>) -> Value {
        let mut values = values.into_iter();
        let first = values.next().unwrap_or_default();
        // Most often the others are known already, and nothing has to be made anew.
        let mut kept = (first.alternatives().len() > MOST_ALTERNATIVES).then(|| Distinct::of(&first));
        'all: for value in values {
            for one in value.alternatives() {
                match &mut kept {
                    Some(kept) if kept.values.len() == MOST_ALTERNATIVES => break 'all,
                    Some(kept) => kept.add(one, MOST_ALTERNATIVES),
                    None if first.alternatives().contains(one) => {}
                    None => kept.insert(Distinct::of(&first)).add(one, MOST_ALTERNATIVES),
                }
            }
        }
        kept.map_or(first, |kept| Value::out_of(kept.values))
    }

    /// All of `values` in their order, one after another: what a loop variable is. Behind the first that is not known,
    /// or may be several things itself, order and number tell nothing more, and one of a kind is enough.
    pub(crate) fn each(values: impl IntoIterator<Item = Value>) -> Value {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return Value::Unknown };
        let Some(second) = values.next() else { return first };
        let mut kept = Distinct::default();
        let mut is_ordered = true;
        for value in [first, second].into_iter().chain(values) {
            for one in value.alternatives() {
                if is_ordered && kept.values.len() < MOST_ELEMENTS {
                    kept.values.push(one.clone());
                } else {
                    kept.add(one, MOST_ELEMENTS);
                }
                is_ordered &= one.is_constant();
            }
            is_ordered &= !matches!(value, Value::OneOf(_));
        }
        Value::out_of(kept.values)
    }

    /// Whether it is a constant, or made of parts.
    fn is_constant(&self) -> bool {
        matches!(self, Value::Text(_) | Value::Number(_) | Value::Sequence(_) | Value::Mapping(_))
    }

    fn out_of(mut values: Vec<Value>) -> Value {
        match values.len() {
            0 => Value::Unknown,
            1 => values.remove(0),
            number => {
                count_values(number);
                Value::OneOf(values.into())
            }
        }
    }

    /// The same done with it and another, each alternative of the one with each of the other.
    pub(crate) fn map_with(&self, other: &Value, change: impl Fn(&Value, &Value) -> Value) -> Value {
        match (self, other) {
            (Value::OneOf(a), Value::OneOf(b)) => {
                let change = &change;
                let (a, b) = (&a[..a.len().min(MOST_PAIRED)], &b[..b.len().min(MOST_PAIRED)]);
                Value::either(a.iter().flat_map(|a| b.iter().map(move |b| change(a, b))))
            }
            (a, Value::OneOf(_)) => other.map(|b| change(a, b)),
            (_, b) => self.map(|a| change(a, b)),
        }
    }
}

/// Values that are gathered, each once.
#[derive(Default)]
struct Distinct {
    values: Vec<Value>,
}

impl Distinct {
    fn of(value: &Value) -> Self {
        let mut distinct = Distinct::default();
        value.alternatives().iter().for_each(|one| distinct.add(one, MOST_ALTERNATIVES));
        distinct
    }

    /// Adds a value, unless there is one like it or there are enough.
    fn add(&mut self, value: &Value, most: usize) {
        let is_known = || self.values.iter().rev().take(MOST_COMPARED).any(|known| known == value);
        if self.values.len() < most && !is_known() {
            self.values.push(value.clone());
        }
    }
}
