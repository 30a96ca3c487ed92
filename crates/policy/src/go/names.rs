//! What names stand for: variables, packages, types and their members.

use std::ops::Range;

use super::Go;
use super::imports::canonical;
use super::structs::set_key;
use crate::flow::sequences::{at_index, entry, gathered, has_entry};
use crate::flow::texts::between;
use crate::flow::value::{Named, Value};
use crate::flow::walk::Seen;

/// Letters that a name may have which is put together here.
const LONGEST_PATH: usize = 1000;

/// What stands for a name that nothing binds.
const UNBOUND: Value = Value::Local(usize::MAX);

impl Go {
    pub(super) fn identifier(&mut self, node: &Seen<'_>) -> Value {
        let name = self.reading.text(node.node);
        let bound = self.reading.scopes.look_up(&name, UNBOUND);
        if !bound.alternatives().contains(&UNBOUND) {
            return bound;
        }
        let otherwise = self.unbound(&name, &node.node.byte_range());
        bound.map(|value| if *value == UNBOUND { otherwise.clone() } else { value.clone() })
    }

    fn unbound(&mut self, name: &str, span: &Range<usize>) -> Value {
        if name.starts_with(|letter: char| letter.is_uppercase()) {
            return Value::either(
                self.dots.iter().take(4).map(|path| Value::named(canonical(format!("{path}.{name}")))),
            );
        }
        match name {
            "string" | "append" | "new" | "make" | "panic" | "print" | "println" | "len" | "rune" | "byte" | "int"
            | "int32" | "int64" | "uint8" | "uint16" | "uint32" => Value::named(name),
            _ => self.usual(name, span),
        }
    }

    pub(super) fn selector(&mut self, node: &Seen<'_>) -> Value {
        let Some(field) = node.part("field") else { return Value::Unknown };
        let name = self.reading.text(field.node);
        self.member(&node.value("operand"), &name)
    }

    /// `object.name`, of a package, a type or a value.
    pub(super) fn member(&self, object: &Value, name: &str) -> Value {
        let members = object.alternatives().iter().map(|one| match one {
            Value::Named(Named { path, .. }) if path.len() > LONGEST_PATH => Value::Unknown,
            // The user's own files, whoever that is.
            Value::Named(named) if name == "HomeDir" && is_user(&named.path) => Value::text("~"),
            // No other package can have a member of such a name, but a type of the code's own may.
            Value::Named(named) if self.is_own_method(name) => {
                let member = Value::about(canonical(format!("{}.{name}", named.path)), named.about.clone());
                let own = self.reading.scopes.field(name);
                Value::either(own.into_iter().chain([Value::method(one.clone(), name), member]))
            }
            Value::Named(named) => Value::about(canonical(format!("{}.{name}", named.path)), named.about.clone()),
            Value::Mapping(entries) if has_entry(entries, name) => {
                let stored = entry(entries, &Value::text(name));
                let set = self.reading.scopes.field(&set_key(name));
                // What is not known here may be known of another of its kind.
                let any = self.reading.scopes.field(name).filter(|_| is_unsaid(&stored));
                Value::either([stored].into_iter().chain(set).chain(any))
            }
            _ => {
                let method = Value::method(one.clone(), name);
                match self.reading.scopes.field(name) {
                    Some(field) => Value::either([field, method]),
                    None => method,
                }
            }
        });
        gathered(members.collect())
    }

    fn is_own_method(&self, name: &str) -> bool {
        name.starts_with(|letter: char| letter.is_lowercase())
            && self.reading.scopes.field(name).is_some_and(|own| own.alternatives().iter().any(is_function))
    }

    pub(super) fn qualified_type(&mut self, node: &Seen<'_>) -> Value {
        let Some(name) = node.part("name").map(|name| self.reading.text(name.node)) else { return Value::Unknown };
        self.member(&node.value("package"), &name)
    }

    pub(super) fn index(&self, node: &Seen<'_>) -> Value {
        let index = node.value("index");
        node.value("operand").map(|operand| match operand {
            Value::Sequence(_) => at_index(operand, &index),
            Value::Text(_) => crate::flow::texts::code(&at_index(operand, &index)),
            Value::Mapping(entries) => entry(entries, &index),
            // A function of which the types are said.
            Value::Named(named) if named.about.is_none() => operand.clone(),
            _ => Value::Unknown,
        })
    }

    pub(super) fn slice(&self, node: &Seen<'_>) -> Value {
        let start = node.part("start").map_or(Value::Number(0), |part| part.value.clone());
        node.value("operand").map(|operand| match operand {
            Value::Text(text) if text.whole => between(&text.text, &start, node.part("end").map(|part| &part.value)),
            Value::Sequence(_) => operand.clone(),
            _ => Value::Unknown,
        })
    }
}

fn is_function(value: &Value) -> bool {
    matches!(value, Value::Local(_))
}

/// Whether no more is known than a type that the language has, such as `string`.
fn is_unsaid(value: &Value) -> bool {
    let is_plain = |one: &Value| one.as_named().is_some_and(|named| !named.path.contains('.'));
    value.alternatives().iter().all(|one| one.is_unknown() || is_plain(one))
}

/// Whether a name is that of a user of the machine.
fn is_user(path: &str) -> bool {
    let of_package = path.strip_prefix("os/user.").unwrap_or_default();
    matches!(of_package, "Current()" | "Lookup()" | "LookupId()" | "User")
}

/// A value, or what its type tells where it is not known.
pub(super) fn typed(value: &Value, class: &Value) -> Value {
    let is_telling = class.may_be_named() || matches!(class, Value::Sequence(_));
    value.map(|value| if value.is_unknown() && is_telling { class.clone() } else { value.clone() })
}
