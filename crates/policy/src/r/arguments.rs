//! What calls are given.

use std::rc::Rc;

use super::R;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl R {
    pub(super) fn arguments(&self, node: &Seen<'_>) -> Value {
        let mut given = Given::default();
        for part in node.parts.iter().filter(|part| part.kind == "argument") {
            match &part.value {
                Value::Given(one) => {
                    given.named.extend(one.named.iter().cloned());
                    given.open_ended |= one.open_ended;
                }
                value => given.positional.push(value.clone()),
            }
        }
        Value::Given(Rc::new(given))
    }

    /// One of them: what it is where it has no name.
    pub(super) fn argument(&self, node: &Seen<'_>) -> Value {
        let value = node.value("value");
        let given = match node.part("name") {
            _ if node.part("value").is_some_and(|value| value.kind == "dots") => {
                Given { open_ended: true, ..Given::default() }
            }
            Some(name) => Given { named: vec![(self.name(name.node), value)], ..Given::default() },
            None => return value,
        };
        Value::Given(Rc::new(given))
    }
}

/// The argument that is called `name`, or else the one at `position` among those without a name.
pub(super) fn argument(given: &Given, position: usize, name: &str) -> Value {
    let by_name = given.named.iter().find(|(own, _)| &**own == name).map(|(_, value)| value.clone());
    by_name.unwrap_or_else(|| {
        // Those before it that are given by name leave their places to others.
        given.positional.get(position).cloned().unwrap_or_default()
    })
}

/// The arguments without the first that has no name.
pub(super) fn without_first(given: &Given) -> Given {
    let positional = given.positional.iter().skip(1).cloned().collect();
    Given { positional, named: given.named.clone(), open_ended: given.open_ended }
}

/// What a list gives to a call.
pub(super) fn from_list(list: &Value) -> Given {
    match list {
        Value::Sequence(elements) => Given { positional: elements.to_vec(), ..Given::default() },
        Value::Mapping(entries) => {
            let mut given = Given::default();
            for (key, value) in entries.iter() {
                match key.whole_text() {
                    Some(name) if !name.is_empty() => given.named.push((name.into(), value.clone())),
                    _ => given.positional.push(value.clone()),
                }
            }
            given
        }
        Value::Unknown => Given { open_ended: true, ..Given::default() },
        one => Given { positional: vec![one.clone()], open_ended: true, ..Given::default() },
    }
}
