//! Calls that reach for methods and constants by name.

use std::ops::Range;

use super::Ruby;
use super::arguments::without_first;
use super::kernel;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Text, Value};

/// Whether it is a method that is given the name of what it reaches for, of which the end may be known.
pub(super) fn reaches_by_name(method: &str) -> bool {
    sends(method) || gets_constant(method)
}

fn sends(method: &str) -> bool {
    matches!(method, "send" | "__send__" | "public_send" | "try" | "try!")
}

fn gets_constant(method: &str) -> bool {
    matches!(method, "const_get" | "qualified_const_get")
}

impl Ruby {
    /// What a call gives that reaches for a member; nothing where it is no such call. `end` is what the name ends with,
    /// where no more of it is known.
    pub(super) fn reflect(
        &mut self,
        receiver: Option<&Value>,
        name: &str,
        given: &Given,
        span: &Range<usize>,
        end: Option<&str>,
    ) -> Option<Value> {
        Some(match name {
            _ if sends(name) && !given.positional.is_empty() => self.send(receiver, name, given, span, end),
            "method" | "public_method" | "instance_method" | "public_instance_method" | "singleton_method"
                if given.positional.len() == 1 =>
            {
                self.method_object(receiver, &given.get(0), span)
            }
            _ if gets_constant(name) && !given.positional.is_empty() => {
                self.constant_by_value(receiver, &given.get(0), end, span)
            }
            "constantize" | "safe_constantize" => self.constant_by_value(None, receiver?, None, span),
            "instance_eval" | "class_eval" | "module_eval" if !given.positional.is_empty() => {
                self.reading.run(name, &given.get(0), span);
                Value::Unknown
            }
            "eval" | "irb" | "pry" if is_binding(receiver) => {
                if name == "eval" {
                    self.reading.run("eval", &given.get(0), span);
                }
                self.reading.collected.call_of(&format!("binding.{name}"), || given.to_arguments(None), span);
                Value::Unknown
            }
            _ => return self.reflect_on_object(receiver, name, given, span),
        })
    }

    /// The same of calls that reach for variables of an object, or give the object itself.
    fn reflect_on_object(
        &mut self,
        receiver: Option<&Value>,
        name: &str,
        given: &Given,
        span: &Range<usize>,
    ) -> Option<Value> {
        Some(match name {
            "instance_variable_get" | "class_variable_get" => match given.get(0).whole_text() {
                Some(name) => self.reading.scopes.field(name).unwrap_or_default(),
                None => Value::Unknown,
            },
            "instance_variable_set" | "class_variable_set" => {
                if let Some(name) = given.get(0).whole_text() {
                    self.reading.scopes.keep_field(name, given.get(1));
                }
                given.get(1)
            }
            "tap" | "itself" | "freeze" | "dup" | "clone" => {
                let receiver = receiver.cloned().unwrap_or_default();
                self.reading.collected.use_of(&receiver, span);
                receiver
            }
            "then" | "yield_self" => self.then(receiver, given, span),
            _ => return None,
        })
    }

    /// `receiver.send(name, …)`.
    fn send(
        &mut self,
        receiver: Option<&Value>,
        how: &str,
        given: &Given,
        span: &Range<usize>,
        end: Option<&str>,
    ) -> Value {
        let rest = without_first(given);
        let mut results = Vec::new();
        for one in given.get(0).alternatives() {
            let Some(name) = one.whole_text() else {
                if may_be_private(one, end) {
                    let is_open = how.starts_with("public") && receiver.is_none();
                    self.cannot_tell_member(if is_open { Some(&Value::Unknown) } else { receiver }, span);
                }
                continue;
            };
            let is_own = receiver.and_then(Value::as_named).is_some_and(|named| has_own(&named.path, name));
            results.push(match receiver {
                Some(receiver) if is_own || !kernel::is_private(name) => {
                    self.call_on(receiver, name, &rest, span, None)
                }
                _ => self.call_function(name, &rest, span),
            });
        }
        Value::each(results)
    }

    /// `receiver.method(name)`.
    fn method_object(&mut self, receiver: Option<&Value>, name: &Value, span: &Range<usize>) -> Value {
        let mut found = Vec::new();
        for one in name.alternatives() {
            let Some(name) = one.whole_text() else {
                if may_be_private(one, None) {
                    self.cannot_tell_member(receiver, span);
                }
                continue;
            };
            found.push(match receiver {
                Some(Value::Named(named)) if !kernel::is_private(name) || has_own(&named.path, name) => {
                    Value::named(kernel::canonical(&format!("{}.{name}", named.path)))
                }
                Some(receiver) if !kernel::is_private(name) => Value::method(receiver.clone(), name),
                _ => self.function(name),
            });
        }
        let found = Value::either(found);
        self.reading.collected.use_of(&found, span);
        found
    }

    fn constant_by_value(
        &mut self,
        scope: Option<&Value>,
        name: &Value,
        end: Option<&str>,
        span: &Range<usize>,
    ) -> Value {
        let mut found = Vec::new();
        for one in name.alternatives() {
            match one.whole_text() {
                Some(name) => found.push(self.constant_by_text(scope, name)),
                None if may_be_constant(one, end) => {
                    self.reading.collected.dynamic(Dynamic::Attribute, "Object", span.clone());
                }
                None => {}
            }
        }
        let found = Value::either(found);
        self.reading.collected.use_of(&found, span);
        found
    }

    /// `value.then { |value| … }` and `value.then(&function)`.
    fn then(&mut self, receiver: Option<&Value>, given: &Given, span: &Range<usize>) -> Value {
        let Some((_, function)) = given.named.iter().find(|(name, _)| &**name == "&") else { return Value::Unknown };
        let value = receiver.cloned().unwrap_or_default();
        let function = function.map(|function| self.as_function(function));
        self.called(&function, &Given { positional: vec![value], ..Given::default() }, span)
    }

    /// What `&value` calls.
    pub(super) fn as_function(&self, value: &Value) -> Value {
        match value.whole_text() {
            Some(name) if kernel::is_private(name) => self.function(name),
            Some(name) => Value::method(Value::Unknown, name),
            None => value.clone(),
        }
    }
}

fn is_binding(receiver: Option<&Value>) -> bool {
    receiver.and_then(Value::as_named).is_some_and(|named| &*named.path == "binding()")
}

/// Whether something has a method of its own that is called like one that every object has.
fn has_own(path: &str, name: &str) -> bool {
    matches!((path, name), ("Process", "spawn" | "exec" | "fork") | ("PTY", "spawn") | ("binding()", "eval"))
}

/// Whether a name of which not all is known may be that of a method that reaches the system.
fn may_be_private(name: &Value, end: Option<&str>) -> bool {
    let beginning = match name {
        Value::Text(Text { text, .. }) => text,
        _ => "",
    };
    kernel::may_be_private(beginning, end.unwrap_or_default())
}

/// The same of a constant.
fn may_be_constant(name: &Value, end: Option<&str>) -> bool {
    const REACHING: [&str; 8] = ["Kernel", "File", "IO", "Process", "Open3", "FileUtils", "Object", "PTY"];
    let beginning = match name {
        Value::Text(Text { text, .. }) => text,
        _ => "",
    };
    REACHING.iter().any(|name| name.starts_with(beginning) && name.ends_with(end.unwrap_or_default()))
}
