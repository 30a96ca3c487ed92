//! Texts and numbers that stand in the code.

use std::rc::Rc;

use tree_sitter::Node;

use super::R;
use crate::flow::value::Value;

impl R {
    /// A string. Of one that does not end, what follows its line is code that belongs elsewhere.
    pub(super) fn string(&mut self, node: Node<'_>) -> Value {
        let text = self.text_of_string(node);
        let is_open = node.child_by_field_name("close").is_none_or(|close| close.is_missing());
        if let Some((_, rest)) = text.split_once('\n').filter(|_| is_open) {
            self.reading.run("eval", &Value::text(rest), &node.byte_range());
        }
        Value::text(text)
    }

    fn text_of_string(&self, node: Node<'_>) -> Rc<str> {
        let Some(content) = node.child_by_field_name("content") else { return "".into() };
        let text = self.reading.text(content);
        let is_raw = self.reading.bytes(node).starts_with(b"r") || self.reading.bytes(node).starts_with(b"R");
        if is_raw || !text.contains('\\') { text } else { unescape(&text).into() }
    }

    /// A name, which may stand in quotes of either sort.
    pub(super) fn name(&self, node: Node<'_>) -> Rc<str> {
        if node.kind() == "string" {
            return self.text_of_string(node);
        }
        let text = self.reading.text(node);
        match text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
            Some(quoted) => unescape(quoted).into(),
            None => text,
        }
    }

    pub(super) fn number(&self, node: Node<'_>) -> Value {
        let text = self.reading.text(node);
        let text = text.trim_end_matches('L');
        match text.strip_suffix("e0").unwrap_or(text).parse::<i64>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::integer(text),
        }
    }
}

/// A text with its escapes resolved.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match rest.next() {
            None => {}
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('x') => push_code(&mut out, &mut rest, 2, 16),
            Some('u') => push_code(&mut out, &mut rest, 4, 16),
            Some('U') => push_code(&mut out, &mut rest, 8, 16),
            Some(first @ '0'..='7') => {
                rest = text[text.len() - rest.as_str().len() - first.len_utf8()..].chars();
                push_code(&mut out, &mut rest, 3, 8);
            }
            Some(other) => out.push(other),
        }
    }
    out
}

/// Takes up to `most` digits, in braces or not, and appends the character of that number.
fn push_code(out: &mut String, rest: &mut std::str::Chars<'_>, most: usize, radix: u32) {
    let in_braces = rest.as_str().starts_with('{');
    if in_braces {
        rest.next();
    }
    let mut code: u32 = 0;
    for _ in 0..most {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|letter| letter.to_digit(radix)) else { break };
        code = code.saturating_mul(radix).saturating_add(digit);
        *rest = ahead;
    }
    if in_braces && rest.as_str().starts_with('}') {
        rest.next();
    }
    out.extend(char::from_u32(code));
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_resolved() {
        for (escaped, text) in [
            ("\\x73ys", "sys"),
            ("\\u0073ys", "sys"),
            ("\\u{73}ys", "sys"),
            ("\\163ys", "sys"),
            ("a\\nb", "a\nb"),
            ("\\\"", "\""),
        ] {
            assert_eq!(unescape(escaped), text, "{escaped}");
        }
    }
}
