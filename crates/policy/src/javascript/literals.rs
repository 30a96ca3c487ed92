//! Texts and numbers that stand in the code.

use super::JavaScript;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl JavaScript {
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(unescape(text.get(1..text.len().saturating_sub(1)).unwrap_or_default()))
    }

    /// A template, with what is known of what is put into it.
    pub(super) fn template(&self, node: &Seen<'_>) -> Value {
        node.parts.iter().fold(Value::text(""), |whole, part| {
            let piece = match part.kind {
                "string_fragment" => Value::text(self.reading.text(part.node)),
                "escape_sequence" => Value::text(unescape(&self.reading.text(part.node))),
                _ => as_shown(&part.value),
            };
            whole.plus(&piece)
        })
    }

    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
    }
}

/// What a value is as a part of a text.
pub(super) fn as_shown(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Text(text) => Value::Text(text.clone()),
        Value::Number(number) => Value::text(number.to_string()),
        _ => Value::Unknown,
    })
}

/// A literal's text with its escapes resolved.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match rest.next() {
            Some('\n') | None => {}
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\x08'),
            Some('f') => out.push('\x0c'),
            Some('v') => out.push('\x0b'),
            Some('x') => push_code(&mut out, &mut rest, 2),
            Some('u') if rest.as_str().starts_with('{') => {
                rest.next();
                push_code(&mut out, &mut rest, 6);
                rest.next();
            }
            Some('u') => push_code(&mut out, &mut rest, 4),
            Some(other) => out.push(other),
        }
    }
    out
}

/// Takes up to `most` hexadecimal digits and appends the character of that number.
fn push_code(out: &mut String, rest: &mut std::str::Chars<'_>, most: usize) {
    let mut code = 0;
    for _ in 0..most {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|letter| letter.to_digit(16)) else { break };
        code = code * 16 + digit;
        *rest = ahead;
    }
    out.extend(char::from_u32(code));
}
