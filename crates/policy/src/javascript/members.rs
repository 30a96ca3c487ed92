//! Members, taken by a dot or by a key.

use std::ops::Range;

use super::JavaScript;
use super::globals::{canonical, global};
use crate::facts::Dynamic;
use crate::flow::sequences::{at_index, entry};
use crate::flow::value::{Named, Value};
use crate::flow::walk::Seen;

/// Letters that a name may have which is put together here.
const LONGEST_PATH: usize = 1000;

/// Tables of modules that are loaded.
const TABLES_OF_MODULES: [&str; 3] = ["require.cache", "module.children", "module.parent.children"];

impl JavaScript {
    pub(super) fn member_expression(&mut self, node: &Seen<'_>) -> Value {
        let Some(name) = node.part("property") else { return Value::Unknown };
        let name = self.name(name.node);
        self.member(&node.value("object"), &name)
    }

    /// `object.name`, whichever way the code says it.
    pub(super) fn member(&self, object: &Value, name: &str) -> Value {
        object.map(|one| match (one, name) {
            (Value::Named(named), _) => self.member_of_named(named, name),
            (_, "mainModule") => Value::named("process.mainModule"),
            // What makes a function makes code of a text.
            (Value::Local(_), "constructor") => Value::named("Function"),
            (Value::Method(method), "constructor")
                if &*method.name == "constructor" || matches!(method.receiver, Value::Text(_) | Value::Sequence(_)) =>
            {
                Value::named("object.constructor.constructor")
            }
            (Value::Text(text), "length") if text.whole => {
                i64::try_from(text.text.encode_utf16().count()).map_or(Value::Unknown, Value::Number)
            }
            (Value::Mapping(entries), _) if entries.iter().any(|(key, _)| key.whole_text() == Some(name)) => {
                entry(entries, &Value::text(name))
            }
            _ => match self.reading.scopes.field(name) {
                Some(field) => Value::either([field, Value::method(one.clone(), name)]),
                None => Value::method(one.clone(), name),
            },
        })
    }

    fn member_of_named(&self, named: &Named, name: &str) -> Value {
        let path = &*named.path;
        match (path, name) {
            _ if path.len() > LONGEST_PATH => Value::Unknown,
            ("globalThis", _) => self.reading.scopes.look_up(name, global(name)),
            ("path", "sep") => Value::text("/"),
            (_, "default") if !path.contains('(') => Value::Named(named.clone()),
            (_, "constructor") if path.ends_with(".constructor") => Value::named("object.constructor.constructor"),
            // A function that has a name is a function all the same.
            ("eval" | "require" | "Function" | "atob" | "fetch", "constructor") => Value::named("Function"),
            _ => Value::about(canonical(&format!("{path}.{name}")), named.about.clone()),
        }
    }

    pub(super) fn subscript_expression(&mut self, node: &Seen<'_>) -> Value {
        let key = node.value("index");
        let span = node.node.byte_range();
        let object = node.value("object");
        self.member_by_key(&object, &key, &span)
    }

    /// `object[key]`.
    pub(super) fn member_by_key(&mut self, object: &Value, key: &Value, span: &Range<usize>) -> Value {
        let mut members = Vec::new();
        for one in object.alternatives() {
            for key in key.alternatives() {
                members.push(match (one, key) {
                    (Value::Sequence(_), Value::Number(_) | Value::Unknown) => at_index(one, key),
                    (Value::Text(_), Value::Number(_)) => at_index(one, key),
                    (Value::Mapping(entries), Value::Unknown) => entry(entries, key),
                    (Value::Named(named), _) if TABLES_OF_MODULES.contains(&&*named.path) => Value::named("module"),
                    (Value::Named(named), Value::Number(_)) => Value::named(format!("{}[]", named.path)),
                    (_, key) => match (key.whole_text(), one) {
                        (Some(name), _) => self.member(one, name),
                        (None, Value::Named(named)) => {
                            self.reading.collected.dynamic(Dynamic::Attribute, &named.path, span.clone());
                            Value::named(format!("{}[]", named.path))
                        }
                        _ => Value::Unknown,
                    },
                });
            }
        }
        Value::each(members)
    }
}
