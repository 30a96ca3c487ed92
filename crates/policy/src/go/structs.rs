//! Structs of the code itself: what their fields are, and what their methods are called on.

use std::rc::Rc;

use tree_sitter::Node;

use super::Go;
use super::declarations::children;
use crate::flow::sequences::{MOST_GROWN, with_entry};
use crate::flow::value::{Method, Value};

/// Fields of a struct that are followed.
const MOST_FIELDS: usize = 64;

/// Values of a field with which no more collections are taken for it.
const MOST_COLLECTIONS: usize = 4;

/// By what name a method is given what it is called on.
const RECEIVER: &str = "receiver";

impl Go {
    /// Remembers what a type is made of.
    pub(super) fn declare_type(&mut self, spec: Node<'_>) {
        if let (Some(name), Some(class)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type")) {
            let fields = if class.kind() == "struct_type" { self.fields_of(class) } else { Vec::new() };
            self.types.insert(self.reading.text(name), fields);
        }
    }

    /// The fields of a struct, in order.
    fn fields_of(&self, class: Node<'_>) -> Vec<Rc<str>> {
        let declarations = class.named_child(0).map(children).unwrap_or_default();
        let names = declarations.into_iter().take(MOST_FIELDS).flat_map(|field| {
            let mut cursor = field.walk();
            let names: Vec<_> = field.children_by_field_name("name", &mut cursor).filter(Node::is_named).collect();
            match field.child_by_field_name("type") {
                Some(embedded) if names.is_empty() => vec![self.last_name(embedded)],
                _ => names.into_iter().map(|name| self.reading.text(name)).collect(),
            }
        });
        names.take(MOST_FIELDS).collect()
    }

    /// The name of a type without its package and what it is made for.
    fn last_name(&self, class: Node<'_>) -> Rc<str> {
        let text = self.reading.text(class);
        let bare = text.split('[').next().unwrap_or_default();
        bare.rsplit('.').next().unwrap_or_default().trim().into()
    }

    /// The fields of the struct that a literal of that type is; nothing where it is none of the code's own.
    fn struct_of(&self, class: Node<'_>) -> Option<Vec<Rc<str>>> {
        let class = if class.kind() == "pointer_type" { class.named_child(0)? } else { class };
        match class.kind() {
            "struct_type" => Some(self.fields_of(class)),
            "type_identifier" | "generic_type" => self.types.get(&self.last_name(class)).cloned(),
            _ => None,
        }
        .filter(|fields| !fields.is_empty())
    }

    /// What a literal of one of the code's own types is, or of many.
    pub(super) fn made_of(&mut self, class: Node<'_>, body: &Value) -> Value {
        let (element, is_map) = match class.kind() {
            "slice_type" | "array_type" | "implicit_length_array_type" => (class.child_by_field_name("element"), false),
            "map_type" => (class.child_by_field_name("value"), true),
            _ => {
                let fields = self.struct_of(class);
                return self.object(fields.as_deref(), class.kind() == "struct_type", body);
            }
        };
        let fields = element.and_then(|element| self.struct_of(element));
        match (fields, body) {
            (_, Value::Sequence(elements)) if is_map && elements.is_empty() => Value::mapping(Vec::new()),
            (Some(fields), Value::Sequence(elements)) => {
                let objects = elements.iter().map(|one| self.element_of(&fields, one));
                Value::sequence(objects.collect::<Vec<_>>())
            }
            (Some(fields), Value::Mapping(entries)) => {
                let entries = entries.iter().map(|(key, one)| (key.clone(), self.element_of(&fields, one)));
                Value::mapping(entries.collect::<Vec<_>>())
            }
            _ => body.clone(),
        }
    }

    /// `{…}` within a literal of many, which may say its type itself.
    fn element_of(&mut self, fields: &[Rc<str>], element: &Value) -> Value {
        match element {
            Value::Sequence(_) | Value::Mapping(_) => self.object(Some(fields), true, element),
            _ => element.clone(),
        }
    }

    /// A struct. What its fields are is kept by their names too, as it may be handed on.
    fn object(&mut self, fields: Option<&[Rc<str>]>, is_struct: bool, body: &Value) -> Value {
        let entries: Vec<_> = match (fields, body) {
            (Some(fields), Value::Sequence(values)) => fields
                .iter()
                .zip(values.iter())
                .map(|(name, value)| (Value::text(name.clone()), value.clone()))
                .collect(),
            (None, Value::Sequence(_)) if !is_struct => return Value::Unknown,
            (_, Value::Mapping(entries)) => entries.to_vec(),
            _ => return body.clone(),
        };
        for (name, value) in &entries {
            self.keep_field(name.whole_text().unwrap_or_default(), value);
        }
        if entries.is_empty() { Value::Unknown } else { Value::mapping(entries) }
    }

    /// `object.field = value`.
    pub(super) fn store_field(&mut self, target: Node<'_>, value: Value) {
        let Some(field) = target.child_by_field_name("field") else { return };
        let name = self.reading.text(field);
        let object = target.child_by_field_name("operand").filter(|object| object.kind() == "identifier");
        if let Some(object) = object.map(|object| self.reading.text(object)) {
            let after = self.reading.scopes.look_up(&object, Value::Unknown).map(|before| match before {
                Value::Mapping(entries) => {
                    let mut entries: Vec<_> =
                        entries.iter().filter(|(key, _)| key.whole_text() != Some(&*name)).cloned().collect();
                    entries.push((Value::text(name.clone()), value.clone()));
                    Value::mapping(entries)
                }
                other => other.clone(),
            });
            if !after.is_unknown() {
                self.reading.scopes.assign(&object, after);
            }
        }
        self.keep_field(&name, &value);
        self.keep_field(&set_key(&name), &value);
    }

    /// Remembers what a field may be. No two collections are alike, so that few of them are enough.
    fn keep_field(&mut self, name: &str, value: &Value) {
        let known = self.reading.scopes.field(name);
        let is_full = known.is_some_and(|known| known.alternatives().len() >= MOST_COLLECTIONS);
        let is_collection = |one: &Value| matches!(one, Value::Sequence(_) | Value::Mapping(_));
        if !is_full || !value.alternatives().iter().any(is_collection) {
            self.reading.scopes.keep_field(name, value.clone());
        }
    }

    /// `collection[key] = value`.
    pub(super) fn store_in(&mut self, collection: Node<'_>, key: &Value, value: &Value) {
        if collection.kind() != "identifier" {
            return;
        }
        let name = self.reading.text(collection);
        let after = self.reading.scopes.look_up(&name, Value::Unknown).map(|before| match (before, key) {
            (Value::Sequence(elements), Value::Number(at)) => replaced(elements, *at, value),
            // A number is a letter most often, whose place matters.
            (Value::Sequence(_), _) if matches!(value, Value::Number(_)) => Value::Unknown,
            _ => with_entry(before, key, value),
        });
        if !after.is_unknown() {
            self.reading.scopes.grow(&name, after);
        }
    }

    /// Gives the code's own methods what they are called on.
    pub(super) fn give_receiver(&mut self, function: &Value) {
        let methods = function.alternatives().iter().filter_map(|one| match one {
            Value::Method(method) => Some(method),
            _ => None,
        });
        let receiver = Value::either(methods.map(|method: &Rc<Method>| method.receiver.clone()));
        if receiver.is_unknown() {
            return;
        }
        for own in function.alternatives() {
            if let Value::Local(own) = own {
                self.reading.scopes.give_by_name(*own, &RECEIVER.into(), receiver.clone());
            }
        }
    }

    /// What a method is called on.
    pub(super) fn receiver(&self, method: usize) -> Value {
        let given = self.reading.scopes.given_by_name(method).iter().find(|(name, _)| &**name == RECEIVER);
        given.map(|(_, receiver)| receiver.clone()).unwrap_or_default()
    }
}

/// A list with another element at a place.
fn replaced(elements: &[Value], at: i64, value: &Value) -> Value {
    let at = usize::try_from(at).ok().filter(|at| *at < elements.len() && elements.len() <= MOST_GROWN);
    at.map_or(Value::Unknown, |at| {
        let mut elements = elements.to_vec();
        elements[at] = value.clone();
        Value::sequence(elements)
    })
}

/// Under which name it is kept what a field is set to after its struct was made.
pub(super) fn set_key(field: &str) -> String {
    format!("{field}=")
}
