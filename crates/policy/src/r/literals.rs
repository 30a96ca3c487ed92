//! Texts and numbers that stand in the code.

use crate::flow::escapes::R as ESCAPES;
use std::rc::Rc;

use super::R;
use crate::flow::value::Value;
use crate::flow::walk::Spot;

impl R {
    /// A string. Of one that does not end, what follows its line is code that belongs elsewhere.
    pub(super) fn string(&mut self, node: Spot<'_>) -> Value {
        if let Some(text) = self.plain_string(node) {
            return Value::text(text);
        }
        let text = self.text_of_string(node);
        let is_open = node.child_by_field_name("close").is_none_or(|close| close.is_missing());
        if let Some((_, rest)) = text.split_once('\n').filter(|_| is_open) {
            self.reading.run("eval", &Value::text(rest), &node.byte_range());
        }
        Value::text(text)
    }

    /// The text of a string that ends, and in which nothing stands for anything else: its parts need not be found.
    fn plain_string(&self, node: Spot<'_>) -> Option<Rc<str>> {
        let quoted = self.reading.bytes(node);
        let [first @ (b'"' | b'\''), text @ .., last] = quoted else { return None };
        (first == last && !text.contains(&b'\\')).then(|| String::from_utf8_lossy(text).into())
    }

    fn text_of_string(&self, node: Spot<'_>) -> Rc<str> {
        let Some(content) = node.child_by_field_name("content") else { return "".into() };
        let text = self.reading.text(content);
        let is_raw = self.reading.bytes(node).starts_with(b"r") || self.reading.bytes(node).starts_with(b"R");
        if is_raw || !text.contains('\\') { text } else { ESCAPES.resolve(&text).into() }
    }

    /// A name, which may stand in quotes of either sort.
    pub(super) fn name<'n>(&self, node: impl Into<Spot<'n>>) -> Rc<str> {
        let node = node.into();
        if node.kind() == "string" {
            return self.plain_string(node).unwrap_or_else(|| self.text_of_string(node));
        }
        let text = self.reading.text(node);
        match text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
            Some(quoted) => ESCAPES.resolve(quoted).into(),
            None => text,
        }
    }

    pub(super) fn number<'n>(&self, node: impl Into<Spot<'n>>) -> Value {
        let text = self.reading.text(node);
        let text = text.trim_end_matches('L');
        match text.strip_suffix("e0").unwrap_or(text).parse::<i64>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::integer(text),
        }
    }
}
