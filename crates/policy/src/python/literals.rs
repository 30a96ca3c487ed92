//! Texts and numbers that stand in the code.

use super::Python;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Python {
    /// What a string literal is, with what is known of its interpolations.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let Some(quote) = text.find(['"', '\'']) else { return Value::Unknown };
        let prefix = text[..quote].to_ascii_lowercase();
        let raw = prefix.contains('r');
        if prefix.contains(['f', 't']) {
            return self.interpolated(node, raw);
        }
        let mark = &text[quote..=quote];
        let width = if text[quote..].starts_with(&mark.repeat(3)) && text.len() >= quote + 6 { 3 } else { 1 };
        let inner = text.get(quote + width..text.len().saturating_sub(width)).unwrap_or_default();
        Value::text(if raw { inner.to_owned() } else { unescape(inner) })
    }

    fn interpolated(&self, node: &Seen<'_>, raw: bool) -> Value {
        let mut whole = Value::text("");
        for part in &node.parts {
            let piece = match part.kind {
                "string_content" => {
                    let text = self.reading.text(part.node).replace("{{", "{").replace("}}", "}");
                    Value::text(if raw { text } else { unescape(&text) })
                }
                "escape_interpolation" => Value::text(&self.reading.text(part.node)[..1]),
                "interpolation" => as_shown(&part.value),
                _ => continue,
            };
            whole = whole.plus(&piece);
        }
        whole
    }

    /// The number that an integer literal is.
    pub(super) fn integer(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
    }
}

/// What `str()` makes of a value.
pub(super) fn as_shown(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Text(text) => Value::Text(text.clone()),
        Value::Number(number) => Value::text(number.to_string()),
        Value::Named(named) => named.about.clone().map_or(Value::Unknown, Value::Text),
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
        let Some(escape) = rest.next() else { break };
        match escape {
            '\n' => {}
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'v' => out.push('\x0b'),
            'x' => push_code(&mut out, &mut rest, 16, 2, 0),
            'u' => push_code(&mut out, &mut rest, 16, 4, 0),
            'U' => push_code(&mut out, &mut rest, 16, 8, 0),
            digit @ '0'..='7' => push_code(&mut out, &mut rest, 8, 2, digit.to_digit(8).unwrap_or(0)),
            '\\' | '\'' | '"' => out.push(escape),
            other => out.extend(['\\', other]),
        }
    }
    out
}

/// Takes up to `most` digits and appends the character of that number.
fn push_code(out: &mut String, rest: &mut std::str::Chars<'_>, base: u32, most: usize, first: u32) {
    let mut code = first;
    for _ in 0..most {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|letter| letter.to_digit(base)) else { break };
        code = code.wrapping_mul(base).wrapping_add(digit);
        *rest = ahead;
    }
    out.extend(char::from_u32(code));
}
