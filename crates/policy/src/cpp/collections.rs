//! Collections: what they begin with, what is stored in them, and what loops run through.

use std::rc::Rc;

use tree_sitter::Node;

use super::Cpp;
use super::objects::class_of;
use crate::flow::sequences::{at_index, element, elements_of, entry, grown, mapping_of, pairs, with_entry};
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Entries that a mapping begins with: each look into it goes through all.
const MOST_ENTRIES: usize = 1024;

/// Types whose objects are sequences here.
const SEQUENCES: [&str; 12] = [
    "std::vector",
    "std::array",
    "std::initializer_list",
    "std::list",
    "std::forward_list",
    "std::deque",
    "std::set",
    "std::unordered_set",
    "std::queue",
    "std::stack",
    "std::span",
    "QStringList",
];

/// Types whose objects hold values one after another, each of a type of its own.
const TUPLES: [&str; 4] = ["std::pair", "std::make_pair", "std::tuple", "std::make_tuple"];

/// Types whose objects are mappings here.
const MAPPINGS: [&str; 4] = ["std::map", "std::unordered_map", "std::multimap", "std::unordered_multimap"];

pub(super) fn is_sequence(path: &str) -> bool {
    SEQUENCES.contains(&path)
}

/// A collection of that type that begins with what is given; nothing where the type is that of no collection.
pub(super) fn collection(path: &str, given: &Given) -> Option<Value> {
    let is_mapping = MAPPINGS.contains(&path);
    if !is_mapping && !is_sequence(path) && !TUPLES.contains(&path) {
        return None;
    }
    Some(match given.positional.as_slice() {
        // One collection is what another begins with.
        [one @ Value::Mapping(_)] if is_mapping => one.clone(),
        all if is_mapping => mapping(all),
        all => Value::sequence(all.to_vec()),
    })
}

/// What a member is that begins with what is given.
pub(super) fn filled(member: &Value, given: &Given, in_braces: bool) -> Value {
    match (member, given.positional.as_slice()) {
        (Value::Mapping(_), all) if in_braces && all.iter().all(is_pair) => mapping(all),
        (Value::Sequence(_), all) if in_braces => Value::sequence(all.to_vec()),
        (_, [one]) => one.clone(),
        _ => Value::Unknown,
    }
}

fn is_pair(value: &Value) -> bool {
    matches!(value, Value::Sequence(_))
}

fn is_collection(value: &Value) -> bool {
    is_pair(value) || as_mapping(value).is_some()
}

/// The mapping of pairs in braces.
fn mapping(pairs: &[Value]) -> Value {
    mapping_of(&Value::sequence(pairs.iter().take(MOST_ENTRIES).cloned().collect()))
}

/// Whether a value is a mapping, and no object of a class of the program.
fn as_mapping(value: &Value) -> Option<&[(Value, Value)]> {
    match value {
        Value::Mapping(entries) if class_of(value).is_none() => Some(entries),
        _ => None,
    }
}

/// What a loop's variable is that runs through `value`.
pub(super) fn run_through(value: &Value) -> Value {
    value.map(|one| match as_mapping(one) {
        Some(entries) => elements_of(&pairs(entries)),
        None => elements_of(one),
    })
}

/// `value[index]`.
pub(super) fn subscript(value: &Value, index: &Value) -> Value {
    match as_mapping(value) {
        Some(entries) => entry(entries, index),
        None => at_index(value, index),
    }
}

/// What a method of a collection gives.
pub(super) fn of_collection(collection: &Value, name: &str, given: &Given) -> Value {
    let first = given.get(0);
    match (as_mapping(collection), collection) {
        (Some(entries), _) => match name {
            "at" | "operator[]" => entry(entries, &first),
            "find" | "lower_bound" => Value::sequence(vec![first.clone(), entry(entries, &first)]),
            "begin" | "cbegin" => elements_of(&pairs(entries)),
            _ => Value::Unknown,
        },
        (None, Value::Sequence(elements)) => match name {
            "front" | "top" => elements.first().cloned().unwrap_or_default(),
            "back" => elements.last().cloned().unwrap_or_default(),
            "at" => at_index(collection, &first),
            "data" | "begin" | "cbegin" => collection.clone(),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

/// What a collection is after one of its methods, where that stores something.
fn after_method(collection: &Value, name: &str, given: &Given) -> Option<Value> {
    let after = match (as_mapping(collection), name, given.positional.as_slice()) {
        (Some(_), "insert", [pair]) => with_entry(collection, &element(pair, 0), &element(pair, 1)),
        (Some(_), "emplace" | "try_emplace" | "insert_or_assign", [key, value]) => with_entry(collection, key, value),
        (None, "push_back" | "push_front" | "push" | "append" | "insert", [one]) => grown(collection, [one.clone()]),
        (None, "insert", [_, one]) => grown(collection, [one.clone()]),
        (None, "emplace_back" | "emplace_front" | "emplace", [one]) => grown(collection, [one.clone()]),
        (None, "emplace_back" | "emplace_front" | "emplace", all @ [_, _, ..]) => {
            grown(collection, [Value::sequence(all.to_vec())])
        }
        _ => return None,
    };
    Some(after).filter(|after| !after.is_unknown())
}

/// What may be one of several collections, once something is stored in it. The last of them has all that was stored
/// before.
fn stored(before: &Value, store: impl FnOnce(&Value) -> Option<Value>) -> Option<Value> {
    let (last, others) = before.alternatives().split_last()?;
    let after = store(last)?;
    Some(Value::either(others.iter().cloned().chain([after])))
}

impl Cpp {
    /// Gives a collection whose method is called what the method makes of it.
    pub(super) fn grow(&mut self, call: &Seen<'_>, function: &Value, given: &Rc<Given>) {
        let is_method = |one: &Value| matches!(one, Value::Method(method) if is_collection(&method.receiver));
        if !function.alternatives().iter().any(is_method) {
            return;
        }
        let receivers = function.alternatives().iter().filter_map(|one| match one {
            Value::Method(method) if is_collection(&method.receiver) => Some((&method.receiver, &method.name)),
            _ => None,
        });
        let Some((_, name)) = receivers.clone().next() else { return };
        let before = Value::either(receivers.map(|(receiver, _)| receiver.clone()));
        let after = stored(&before, |last| {
            let given = match last {
                Value::Sequence(elements) => self.given_to_collection(elements, name, given),
                _ => given.clone(),
            };
            after_method(last, name, &given)
        });
        let function = call.node.child_by_field_name("function");
        let receiver = function.and_then(|function| function.child_by_field_name("argument"));
        if let Some((receiver, after)) = receiver.zip(after) {
            match receiver.kind() {
                "identifier" => {
                    let name = self.reading.text(receiver);
                    self.reading.scopes.assign(&name, after);
                }
                "field_expression" => self.store_field(receiver, &after),
                _ => {}
            }
        }
    }

    /// `collection[key] = value`.
    pub(super) fn store_by_key(&mut self, target: Node<'_>, value: &Value) {
        let Some(collection) = target.child_by_field_name("argument").filter(|node| node.kind() == "identifier") else {
            return;
        };
        let key = target.child_by_field_name("indices").and_then(|indices| indices.named_child(0));
        let key = key.map(|key| self.simple_value(key)).unwrap_or_default();
        let name = self.reading.text(collection);
        let before = self.reading.scopes.look_up(&name, Value::Unknown);
        let after = stored(&before, |last| match class_of(last) {
            Some(_) => None,
            None => Some(with_entry(last, &key, value)).filter(|after| !after.is_unknown()),
        });
        if let Some(after) = after {
            self.reading.scopes.assign(&name, after);
        }
    }
}
