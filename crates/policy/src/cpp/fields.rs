//! Fields of objects: what is stored in them, and what constructors give them.

use std::iter::once;
use std::rc::Rc;

use tree_sitter::Node;

use super::Cpp;
use super::calls::given_of;
use super::casts::FUNCTION_POINTER;
use super::classes::named_scope;
use super::collections::filled;
use super::objects::{MOST_FIELDS, class_of, object};
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// An object whose field holds something else.
fn with_field(object_before: &Value, name: &Rc<str>, value: &Value) -> Value {
    let Some(class) = class_of(object_before) else { return object_before.clone() };
    let fields = match object_before {
        Value::Mapping(fields) => &fields[1..],
        _ => &[],
    };
    let others = fields.iter().filter_map(|(field, value)| match field {
        Value::Text(field) if field.text != *name => Some((field.text.clone(), value.clone())),
        _ => None,
    });
    object(class, others.take(MOST_FIELDS).chain(once((name.clone(), value.clone()))))
}

impl Cpp {
    /// `object.field = value`.
    pub(super) fn store_field(&mut self, target: Node<'_>, value: &Value) {
        let parts = target.child_by_field_name("argument").zip(target.child_by_field_name("field"));
        let Some((object, field)) = parts else { return };
        let name = self.reading.text(field);
        if value.may_be_named() {
            self.reading.scopes.keep_field(&name, value.clone());
        }
        match object.kind() {
            "this" => {
                if let Some(class) = self.class() {
                    self.bind_member(class, &name, value.clone());
                }
            }
            "identifier" => {
                let variable = self.reading.text(object);
                let before = self.reading.scopes.look_up(&variable, Value::Unknown);
                let classes: Vec<_> = before.alternatives().iter().filter_map(class_of).collect();
                classes.iter().for_each(|class| self.bind_member(*class, &name, value.clone()));
                if !classes.is_empty() {
                    let after = before.map(|one| with_field(one, &name, value));
                    self.reading.scopes.assign(&variable, after);
                }
            }
            _ => {}
        }
    }

    /// `member(…)` and `base(…)` before the body of a constructor.
    pub(super) fn field_initializer(&mut self, node: &Seen<'_>) {
        let Some((name, list)) = node.parts.first().zip(node.parts.last()) else { return };
        let own = self.reading.text(name.node);
        let own = own.split('<').next().unwrap_or_default().trim();
        let given = given_of(&list.value);
        let class = self.class();
        // The class itself is not bound before its end.
        if let Some(class) = class.filter(|class| *class == named_scope(own)) {
            self.construct(class, &given);
            return;
        }
        let member = class.and_then(|class| self.reading.scopes.bound_in(class, own));
        let before = member.clone().unwrap_or_else(|| self.path(own));
        let span = node.node.byte_range();
        let after = before.map(|one| match one {
            Value::Named(named) if named.path.strip_suffix("()") == Some(FUNCTION_POINTER) => given.get(0),
            Value::Named(named) => {
                let of = Value::named(named.path.strip_suffix("()").unwrap_or(&named.path));
                self.made(&of, &given, &span)
            }
            one => match class_of(one) {
                Some(class) => self.construct(class, &given),
                None => filled(one, &given, list.kind == "initializer_list"),
            },
        });
        if let (Some(class), Some(_)) = (class, member) {
            self.bind_member(class, own, after);
        }
    }
}
