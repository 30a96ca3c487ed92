//! Parts of values: `x$name`, `x[i]` and `x[[i]]`.

use super::R;
use super::environments::is_environment;
use super::sequences::chosen;
use crate::flow::sequences::entry;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl R {
    pub(super) fn extract_operator(&mut self, node: &Seen<'_>) -> Value {
        let Some(name) = node.part("rhs") else { return Value::Unknown };
        let name = self.name(name.node);
        self.part_called(&node.value("lhs"), &name)
    }

    fn part_called(&self, container: &Value, name: &str) -> Value {
        container.map(|one| match one {
            one if is_environment(one) => self.member_of_environment(one, name),
            Value::Mapping(entries) if entries.iter().any(|(key, _)| key.whole_text() == Some(name)) => {
                entry(entries, &Value::text(name))
            }
            Value::Named(named) if named.path.ends_with("import()") => Value::named(format!("{}.{name}", named.path)),
            _ => match self.reading.scopes.field(name) {
                Some(field) => Value::either([field, Value::method(one.clone(), name)]),
                None => Value::method(one.clone(), name),
            },
        })
    }

    pub(super) fn subset(&mut self, node: &Seen<'_>) -> Value {
        let key = match node.value("arguments") {
            Value::Given(given) => Given::get(&given, 0),
            _ => Value::Unknown,
        };
        let container = node.value("function");
        Value::each(container.alternatives().iter().map(|one| match (one, &key) {
            (one, key) if is_environment(one) => self.by_name(one, key),
            (_, Value::Text(text)) if text.whole => self.part_called(one, &text.text),
            (Value::Mapping(entries), Value::Unknown) => Value::either(entries.iter().map(|(_, value)| value.clone())),
            (Value::Mapping(entries), key) => {
                chosen(&Value::sequence(entries.iter().map(|(_, value)| value.clone()).collect()), key)
            }
            (one, key) => chosen(one, key),
        }))
    }
}
