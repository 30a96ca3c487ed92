//! Calls that reach for members by name.

use std::ops::Range;

use super::Python;
use super::attributes::is_table;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Named, Value};

impl Python {
    /// What a call gives that reaches for a member; nothing where it is no such call.
    pub(super) fn reflect(&mut self, named: &Named, given: &Given, span: &Range<usize>) -> Option<Value> {
        let path = &*named.path;
        Some(match path {
            "getattr" | "inspect.getattr_static" => self.get_attribute(&given.get(0), &given.get(1), span),
            "inspect.getmodule" => given.get(0).map(|member| match member {
                Value::Named(named) => {
                    named.path.rsplit_once('.').map_or(Value::Unknown, |(module, _)| Value::named(module))
                }
                _ => Value::Unknown,
            }),
            "globals" | "locals" => Value::named("globals()"),
            "vars" if given.positional.is_empty() => Value::named("globals()"),
            "vars" => self.member(&given.get(0), "__dict__"),
            "functools.partial" | "copy.copy" | "copy.deepcopy" | "staticmethod" | "classmethod" => given.get(0),
            "operator.attrgetter" | "operator.methodcaller" | "operator.itemgetter" => match given.get(0) {
                Value::Text(text) => Value::about(format!("{path}()"), Some(text)),
                _ => return None,
            },
            "operator.attrgetter()" | "operator.methodcaller()" | "operator.itemgetter()" => {
                self.operate(named, &given.get(0), span)
            }
            _ => return self.reflect_by_method(path, given, span),
        })
    }

    /// The same of methods: `table.get(name)` and `object.__getattribute__(name)`.
    fn reflect_by_method(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let (owner, method) = path.rsplit_once('.')?;
        match method {
            "get" | "pop" | "__getitem__" | "setdefault" if is_table(owner) => {
                Some(self.member_by_key(owner, &given.get(0), span))
            }
            "__getattribute__" | "__getattr__" => {
                let of_class = matches!(owner, "object" | "type");
                let owner = if of_class { given.get(0) } else { Value::named(owner) };
                Some(self.get_attribute(&owner, &given.get(usize::from(of_class)), span))
            }
            _ => None,
        }
    }

    /// `getattr(object, name)`, its name said or computed.
    fn get_attribute(&mut self, object: &Value, name: &Value, span: &Range<usize>) -> Value {
        let mut members = Vec::new();
        for one in name.alternatives() {
            match one.whole_text() {
                Some(name) => members.push(self.member(object, name)),
                None => {
                    for named in object.alternatives().iter().filter_map(Value::as_named) {
                        self.reading.collected.dynamic(Dynamic::Attribute, &named.path, span.clone());
                    }
                }
            }
        }
        let member = Value::either(members);
        self.reading.collected.use_of(&member, span);
        member
    }

    /// What `attrgetter(name)(object)` and its like give.
    fn operate(&mut self, operator: &Named, object: &Value, span: &Range<usize>) -> Value {
        let Some(name) = operator.about.as_ref().map(|about| about.text.clone()) else { return Value::Unknown };
        if operator.path.starts_with("operator.itemgetter") {
            let tables = object.alternatives().iter().filter_map(Value::as_named);
            let paths: Vec<_> = tables.map(|named| named.path.clone()).collect();
            return Value::either(paths.iter().map(|path| self.member_by_key(path, &Value::text(name.clone()), span)));
        }
        let member = name.split('.').fold(object.clone(), |object, name| self.member(&object, name));
        if operator.path.starts_with("operator.methodcaller") {
            return self.called(&member, &Given { open_ended: true, ..Given::default() }, span);
        }
        member
    }
}
