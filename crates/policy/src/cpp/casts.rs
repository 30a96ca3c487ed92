//! Casts, and what is made of addresses that are only known when the program runs.

use std::ops::Range;

use super::Cpp;
use crate::facts::Dynamic;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// What the type of a pointer to a function is called here.
pub(super) const FUNCTION_POINTER: &str = "function pointer";

/// What a cast to such a type is called here.
pub(super) const TO_FUNCTION: &str = "cast to a function";

/// And any other cast.
pub(super) const TO_OTHER: &str = "cast";

impl Cpp {
    /// `(type)value`.
    pub(super) fn cast_expression(&mut self, node: &Seen<'_>) -> Value {
        let to_function = matches!(node.value("type").as_named(), Some(named) if &*named.path == FUNCTION_POINTER);
        let value = node.value("value");
        if to_function { self.as_function(&value, &node.node.byte_range()) } else { value }
    }

    /// What is cast to a function: a function that has a name, or what no reading tells.
    pub(super) fn as_function(&mut self, value: &Value, span: &Range<usize>) -> Value {
        let is_null = |value: &Value| matches!(value, Value::Number(0..=2) | Value::Number(-1));
        let is_function = |value: &Value| match value {
            // What a call gives is no function, but for what looks one up.
            Value::Named(named) => {
                let is_pointer = named.path.strip_suffix("()") == Some(FUNCTION_POINTER);
                is_pointer || !named.path.ends_with("()") || named.path.contains("dlsym")
            }
            value => matches!(value, Value::Local(_)) || is_null(value),
        };
        if !value.alternatives().iter().any(is_function) {
            self.reading.collected.dynamic(Dynamic::Code, FUNCTION_POINTER, span.clone());
        }
        value.clone()
    }
}
