//! Methods of texts and collections whose result can be told.

use std::ops::Range;

use super::Ruby;
use super::{collections, texts};
use crate::flow::value::{Given, Text, Value};
use crate::flow::walk::Part;

/// Methods that change what they are called on, without the `!` that the others have.
const CHANGING: [&str; 9] = ["<<", "concat", "replace", "insert", "prepend", "push", "append", "unshift", "store"];

/// What `receiver.name(given)` is; unknown where it cannot be told.
pub(super) fn call_method(ruby: &mut Ruby, receiver: &Value, name: &str, given: &Given, span: &Range<usize>) -> Value {
    let block = given.named.iter().find(|(name, _)| &**name == "&").map(|(_, block)| ruby.as_function(block));
    match receiver {
        Value::Text(Text { text, whole: true }) => match block {
            Some(block) if matches!(name, "each_char" | "chars") => {
                let letters = texts::call_method(text, "chars", given);
                call_each(ruby, &letters, "each", &block, span)
            }
            _ if name == "to_proc" => ruby.as_function(receiver),
            _ => texts::call_method(text, name, given),
        },
        Value::Text(text) if matches!(name, "to_s" | "to_sym" | "strip" | "chomp") => Value::Text(text.clone()),
        Value::Number(number) => texts::of_number(*number, name, given),
        Value::Sequence(elements) => match block {
            Some(block) if collections::runs_through(name) => call_each(ruby, receiver, name, &block, span),
            _ => collections::of_sequence(elements, name, given),
        },
        Value::Mapping(entries) => match block {
            Some(block) if collections::runs_through(name) => {
                let pairs = entries.iter().map(|(key, value)| Value::sequence(vec![key.clone(), value.clone()]));
                call_each(ruby, &Value::sequence(pairs.collect()), name, &block, span)
            }
            _ => collections::of_mapping(entries, name, given),
        },
        _ => Value::Unknown,
    }
}

/// `elements.map { |element| … }` and its like.
fn call_each(ruby: &mut Ruby, elements: &Value, name: &str, block: &Value, span: &Range<usize>) -> Value {
    let Value::Sequence(all) = elements else { return Value::Unknown };
    let one = match block {
        // A method of the elements themselves: `map(&:chr)`.
        Value::Method(method) if method.receiver.is_unknown() => {
            let each = all.iter().map(|element| ruby.call_on(element, &method.name, &Given::default(), span, None));
            let each: Vec<_> = each.collect();
            return if matches!(name, "map" | "collect") { Value::sequence(each) } else { elements.clone() };
        }
        // A block that stands at the call has been looked at, with all the elements in their order.
        Value::Local(_) if ruby.block_value.is_some() => ruby.block_value.take().unwrap_or_default(),
        // What runs once for each is known to do the same to all.
        block => {
            let given = Given { positional: vec![Value::each(all.iter().cloned())], ..Given::default() };
            ruby.called(block, &given, span)
        }
    };
    match (name, one) {
        ("map" | "collect" | "flat_map" | "filter_map", Value::Unknown) => Value::Unknown,
        ("map" | "collect" | "flat_map" | "filter_map", values) => Value::sequence(values.alternatives().to_vec()),
        ("select" | "filter" | "reject" | "sort_by" | "each" | "each_with_index", _) => elements.clone(),
        ("find" | "detect" | "min_by" | "max_by", _) => Value::either(all.iter().cloned()),
        _ => Value::Unknown,
    }
}

impl Ruby {
    /// Gives a variable what a method has made of what it was.
    pub(super) fn change_receiver(&mut self, receiver: &Part<'_>, name: &str, result: &Value) {
        let changes = name.ends_with('!') || CHANGING.contains(&name);
        if receiver.kind == "identifier" && changes && !result.is_unknown() {
            let variable = self.reading.text(receiver.node);
            if self.reading.scopes.is_bound(&variable) {
                self.reading.scopes.assign_in_function(&variable, result.clone());
            }
        }
    }
}
