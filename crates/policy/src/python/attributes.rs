//! Members, taken by a dot or by a key.

use std::ops::Range;

use super::Python;
use super::canonical::canonical;
use super::names::builtin;
use crate::facts::Dynamic;
use crate::flow::sequences::{at_index, entry, indices};
use crate::flow::value::{Named, Value};
use crate::flow::walk::Seen;

/// Letters that a name may have which is put together here.
const LONGEST_PATH: usize = 1000;

/// Members of any object that lead into the interpreter.
const WALK: [&str; 9] = [
    "__class__",
    "__base__",
    "__bases__",
    "__mro__",
    "__globals__",
    "__subclasshook__",
    "f_globals",
    "gi_frame",
    "cr_frame",
];

/// Members that are modules or tables of names, by the name that rules have for them.
const SPECIAL: [(&str, &str); 4] = [
    ("__builtins__", "builtins"),
    ("f_builtins", "builtins"),
    ("__globals__", "object.__globals__"),
    ("f_globals", "object.__globals__"),
];

impl Python {
    pub(super) fn attribute(&mut self, node: &Seen<'_>) -> Value {
        let Some(name) = node.part("attribute") else { return Value::Unknown };
        let name = self.name(name.node);
        self.member(&node.value("object"), &name)
    }

    /// `object.name`, whichever way the code says it.
    pub(super) fn member(&self, object: &Value, name: &str) -> Value {
        if name == "__module__" {
            return Value::text("__main__");
        }
        if let Some((_, path)) = SPECIAL.iter().find(|(special, _)| *special == name) {
            return Value::named(*path);
        }
        object.map(|one| match one {
            Value::Named(named) => member_of_named(named, name),
            _ if WALK.contains(&name) => Value::named(format!("object.{name}")),
            _ => match self.reading.scopes.field(name) {
                Some(field) => Value::either([field, Value::method(one.clone(), name)]),
                None => Value::method(one.clone(), name),
            },
        })
    }

    pub(super) fn subscript(&mut self, node: &Seen<'_>) -> Value {
        let Some(key) = node.part("subscript") else { return Value::Unknown };
        let slice = (key.kind == "slice").then(|| self.reading.text(key.node));
        let containers = node.value("value");
        let span = node.node.byte_range();
        let mut members = Vec::new();
        for container in containers.alternatives() {
            members.push(match (container, &slice) {
                (Value::Named(named), _) => self.member_by_key(&named.path, &key.value, &span),
                (other, Some(slice)) => sliced(other, slice),
                (Value::Mapping(entries), None) => entry(entries, &key.value),
                (other, None) => at_index(other, &key.value),
            });
        }
        let member = Value::each(members);
        match key.value.whole_text() {
            Some(name) if self.has_namespaces && member.is_unknown() => {
                self.reading.scopes.look_up(name, Value::Unknown)
            }
            _ => member,
        }
    }

    /// `container[key]` of something that has a name.
    pub(super) fn member_by_key(&mut self, container: &str, key: &Value, span: &Range<usize>) -> Value {
        if !is_table(container) {
            let kept = container.starts_with("object.");
            return Value::named(if kept { container.to_owned() } else { format!("{container}[]") });
        }
        let owner = container.strip_suffix(".__dict__").unwrap_or(container);
        let mut members = Vec::new();
        for one in key.alternatives() {
            let Some(name) = one.whole_text() else {
                if owner == "globals()" && is_own_prefix(one) {
                    continue;
                }
                let what = if owner == "sys.modules" { Dynamic::Import } else { Dynamic::Attribute };
                self.reading.collected.dynamic(what, owner, span.clone());
                continue;
            };
            members.push(match owner {
                _ if name == "__builtins__" => Value::named("builtins"),
                "globals()" => self.reading.scopes.look_up(name, builtin(name)),
                "object.__globals__" => Value::named(canonical(name)),
                "sys.modules" => {
                    if name != "__main__" {
                        self.reading.collected.import(name, None, false, span.clone());
                    }
                    Value::named(canonical(name))
                }
                _ => Value::named(canonical(&format!("{owner}.{name}"))),
            });
        }
        Value::either(members)
    }
}

/// Whether a thing of that name is a table of names.
pub(super) fn is_table(path: &str) -> bool {
    matches!(path, "sys.modules" | "globals()" | "object.__globals__" | "builtins") || path.ends_with(".__dict__")
}

/// Whether a text begins like no name that Python itself has in every module.
fn is_own_prefix(name: &Value) -> bool {
    matches!(name, Value::Text(text) if !text.text.is_empty() && !text.text.starts_with('_'))
}

fn member_of_named(named: &Named, name: &str) -> Value {
    let path = &*named.path;
    if path.len() > LONGEST_PATH {
        return Value::Unknown;
    }
    match (path, name) {
        ("os", "sep") => Value::text("/"),
        ("os", "curdir") => Value::text("."),
        ("os", "pardir") => Value::text(".."),
        ("string", "ascii_lowercase") => Value::text("abcdefghijklmnopqrstuvwxyz"),
        ("string", "ascii_letters") => Value::text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("pathlib.Path()", _) => super::paths::member_of_path(named, name),
        // A function is what calling its `__call__` calls.
        (_, "__call__" | "__wrapped__") => Value::Named(named.clone()),
        // A function that is built in belongs to the module of those.
        (_, "__self__") if !path.contains('.') => Value::named("builtins"),
        _ if WALK.contains(&name) => Value::named(format!("object.{name}")),
        (_, "__subclasses__" | "mro") if path.starts_with("object.") => Value::named(format!("object.{name}")),
        _ => Value::about(canonical(&format!("{path}.{name}")), named.about.clone()),
    }
}

/// `value[start:stop:step]`, as far as these are literals.
fn sliced(value: &Value, slice: &str) -> Value {
    let mut bounds = [None; 3];
    for (bound, text) in bounds.iter_mut().zip(slice.split(':')) {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        match text.parse::<i64>() {
            Ok(number) => *bound = Some(number),
            Err(_) if text.is_empty() => {}
            Err(_) => return Value::Unknown,
        }
    }
    match value {
        Value::Text(text) if text.whole => {
            let letters: Vec<char> = text.text.chars().collect();
            let chosen = indices(letters.len(), bounds).map(|at| letters[at]);
            Value::text(chosen.collect::<String>())
        }
        Value::Sequence(elements) => {
            Value::sequence(indices(elements.len(), bounds).map(|at| elements[at].clone()).collect())
        }
        _ => Value::Unknown,
    }
}
