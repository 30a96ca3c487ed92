//! Streams that put a text together.

use super::Cpp;
use super::computing::as_shown;
use crate::flow::value::{Named, Text, Value};
use crate::flow::walk::Seen;

/// Writes in one expression that are followed to the stream they go to.
const MOST_WRITES: usize = 64;

/// Whether a value is the type of a stream of a file, or such a stream.
pub(super) fn is_file_stream(value: &Value) -> bool {
    let path = value.as_named().map(|named| named.path.trim_end_matches("()"));
    matches!(path, Some("std::ofstream" | "std::ifstream" | "std::fstream"))
}

/// Whether a value is a stream whose text is kept.
pub(super) fn is_text_stream(value: &Value) -> bool {
    value.as_named().is_some_and(|named| matches!(&*named.path, "std::ostringstream()" | "std::stringstream()"))
}

/// The text that a stream has been given, if `path` asks for it.
pub(super) fn written(named: &Named) -> Option<Value> {
    let asks = matches!(&*named.path, "std::ostringstream().str" | "std::stringstream().str");
    asks.then(|| named.about.clone().map_or_else(|| Value::text(""), Value::Text))
}

impl Cpp {
    /// `stream << value`: the stream with what it has been given then.
    pub(super) fn write_text(&mut self, node: &Seen<'_>, stream: &Value, value: &Value) -> Value {
        let Some(named) = stream.as_named() else { return Value::Unknown };
        let before = named.about.clone().unwrap_or(Text { text: "".into(), whole: true });
        let about = match Value::Text(before).plus(&value.map(as_shown)) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        let after = Value::about(named.path.clone(), about);
        let mut target = node.node.child_by_field_name("left");
        for _ in 0..MOST_WRITES {
            match target.map(|target| target.kind()) {
                Some("binary_expression") => target = target.and_then(|inner| inner.child_by_field_name("left")),
                Some("identifier") => break,
                _ => return after,
            }
        }
        if let Some(target) = target {
            let name = self.reading.text(target);
            self.reading.scopes.assign(&name, after.clone());
        }
        after
    }
}
