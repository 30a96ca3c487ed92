//! Texts and numbers that stand in the code.

use super::Java;
use crate::flow::escapes::JAVA;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Java {
    /// A string or a text block, as far as nothing is put into it.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        match text.strip_prefix("\"\"\"") {
            Some(block) => Value::text(JAVA.resolve(&unindented(block.strip_suffix("\"\"\"").unwrap_or(block)))),
            None => Value::text(JAVA.resolve(text.get(1..text.len().saturating_sub(1)).unwrap_or_default())),
        }
    }

    /// A character is a text of one letter.
    pub(super) fn character(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(JAVA.resolve(text.get(1..text.len().saturating_sub(1)).unwrap_or_default()))
    }

    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let digits = text.trim_end_matches(['l', 'L']);
        match digits.strip_prefix('0').filter(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit())) {
            Some(octal) => i64::from_str_radix(&octal.replace('_', ""), 8).map_or(Value::Unknown, Value::Number),
            None => Value::integer(digits),
        }
    }
}

/// The lines of a text block without what all of them begin with.
fn unindented(block: &str) -> String {
    let (_, block) = block.split_once('\n').unwrap_or_default();
    let lines: Vec<&str> = block.split('\n').collect();
    let (last, all) = (lines.len() - 1, lines.iter().enumerate());
    let counted = all.filter(|(at, line)| *at == last || !line.trim().is_empty());
    let indent = counted.map(|(_, line)| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let stripped = lines.iter().map(|line| line.get(indent..).unwrap_or_default().trim_end());
    stripped.collect::<Vec<_>>().join("\n")
}

/// What a value is as a part of a text.
pub(super) fn as_shown(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Text(text) => Value::Text(text.clone()),
        Value::Number(number) => Value::text(number.to_string()),
        // A path is the text it was made of.
        Value::Named(named) => match (&*named.path, &named.about) {
            ("java.io.File" | "java.nio.file.Path" | "java.net.URI" | "java.net.URL", Some(about)) => {
                Value::Text(about.clone())
            }
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    })
}
