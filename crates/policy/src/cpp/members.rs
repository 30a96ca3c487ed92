//! Members of objects, and what methods of texts give.

use super::Cpp;
use super::collections::of_collection;
use super::computing::operation;
use super::objects::class_of;
use crate::flow::value::{Given, Method, Value};
use crate::flow::walk::Seen;

/// Letters that a name may have which is put together here.
const LONGEST_PATH: usize = 1000;

impl Cpp {
    /// `object.name`, `pointer->name`.
    pub(super) fn field_expression(&mut self, node: &Seen<'_>) -> Value {
        let Some(name) = node.part("field") else { return Value::Unknown };
        let name = self.reading.text(name.node);
        // `object.Class::name<type>`.
        let name = name.split('<').next().and_then(|name| name.rsplit("::").next()).unwrap_or(&name);
        if node.part("argument").is_some_and(|object| object.kind == "this") {
            return self.reading.scopes.look_up(name, self.reading.scopes.field(name).unwrap_or_default());
        }
        node.value("argument").map(|object| self.member(object, name))
    }

    pub(super) fn member(&self, object: &Value, name: &str) -> Value {
        match object {
            Value::Named(named) if named.path.len() < LONGEST_PATH => {
                Value::about(format!("{}.{name}", named.path), named.about.clone())
            }
            Value::Text(_) => Value::method(object.clone(), name),
            Value::Sequence(elements) => {
                self.field_in_braces(elements, name).unwrap_or_else(|| Value::method(object.clone(), name))
            }
            Value::Mapping(_) | Value::Local(_) => match class_of(object) {
                Some(_) => self.member_of_own(object, name).unwrap_or_default(),
                None => Value::method(object.clone(), name),
            },
            _ => self.reading.scopes.field(name).unwrap_or_else(|| Value::method(Value::Unknown, name)),
        }
    }

    /// A method of a text or a sequence, or of what is not known.
    pub(super) fn call_method(&mut self, method: &Method, given: &Given, node: &Seen<'_>) -> Value {
        let name = &*method.name;
        match &method.receiver {
            Value::Text(_) => {
                let (result, is_changed) = of_text(&method.receiver, name, given);
                if is_changed {
                    self.assign_receiver(node, result.clone());
                }
                result
            }
            Value::Sequence(_) | Value::Mapping(_) => of_collection(&method.receiver, name, given),
            _ => {
                let span = node.node.byte_range();
                self.reading.collected.call_of(&format!("?.{name}"), || given.to_arguments(None), &span);
                Value::Unknown
            }
        }
    }

    /// Gives the variable whose method is called what the method makes of it.
    fn assign_receiver(&mut self, node: &Seen<'_>, value: Value) {
        let function = node.node.child_by_field_name("function");
        let receiver = function.and_then(|function| function.child_by_field_name("argument"));
        if let Some(receiver) = receiver.filter(|receiver| receiver.kind() == "identifier") {
            let name = self.reading.text(receiver);
            self.reading.scopes.assign(&name, value);
        }
    }
}

/// What a method of a text gives, and whether the text is that from then on.
fn of_text(text: &Value, name: &str, given: &Given) -> (Value, bool) {
    let first = given.get(0);
    match name {
        "c_str" | "data" | "str" | "string" | "native" | "generic_string" | "u8string" | "lexically_normal"
        | "path" | "toStdString" | "begin" => (text.clone(), false),
        "append" | "push_back" if given.positional.len() <= 1 => (text.plus(&first), true),
        "operator+" => (text.plus(&first), false),
        "operator/" => (operation("/", text, &first), false),
        "operator/=" => (operation("/", text, &first), true),
        "assign" | "operator=" => (first, true),
        "parent_path" => (text.map(parent), false),
        "filename" => (text.map(filename), false),
        "root_path" | "root_directory" => (Value::text("/"), false),
        "clear" => (Value::text(""), true),
        "insert" | "replace" | "erase" | "pop_back" | "resize" | "replace_extension" | "replace_filename" => {
            (Value::Unknown, true)
        }
        "substr" => (part_of(text, given), false),
        _ => (Value::Unknown, false),
    }
}

/// The path of what a path is in. That of the working directory, which is a dot here, leads out of it.
fn parent(path: &Value) -> Value {
    let Some(path) = path.whole_text() else { return Value::Unknown };
    Value::text(match path.rfind('/') {
        _ if path.rsplit('/').all(|part| matches!(part, "." | "..")) => format!("{path}/.."),
        Some(0) => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
        None => String::new(),
    })
}

/// The last name of a path.
fn filename(path: &Value) -> Value {
    path.whole_text().map_or(Value::Unknown, |path| Value::text(path.rsplit('/').next().unwrap_or_default()))
}

/// `text.substr(start, length)`.
fn part_of(text: &Value, given: &Given) -> Value {
    let bound = |at: usize, otherwise: usize| match given.positional.get(at) {
        None => Some(otherwise),
        Some(Value::Number(number)) => usize::try_from(*number).ok(),
        Some(_) => None,
    };
    let Some(((whole, start), length)) = text.whole_text().zip(bound(0, 0)).zip(bound(1, usize::MAX)) else {
        return Value::Unknown;
    };
    Value::text(whole.chars().skip(start).take(length).collect::<String>())
}
