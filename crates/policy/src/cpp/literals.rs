//! Texts and numbers that stand in the code.

use super::Cpp;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Cpp {
    /// A text between quotes, or one character.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let Some(start) = text.find(['"', '\'']) else { return Value::Unknown };
        let inner = text.get(start + 1..text.len().saturating_sub(1)).unwrap_or_default();
        Value::text(unescape(inner))
    }

    /// `R"delimiter(…)delimiter"`.
    pub(super) fn raw_string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let inner = text.find('(').zip(text.rfind(')')).and_then(|(open, close)| text.get(open + 1..close));
        inner.map_or(Value::Unknown, Value::text)
    }

    /// A number, with the suffixes and separators of C.
    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node).replace('\'', "").to_ascii_lowercase();
        let digits = text.trim_end_matches(['u', 'l', 'z']);
        match digits.strip_prefix('0').filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit())) {
            Some(octal) => i64::from_str_radix(octal, 8).map_or(Value::Unknown, Value::Number),
            None => Value::integer(digits),
        }
    }
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
        match rest.clone().next() {
            Some('0'..='7') => push_code(&mut out, &mut rest, 8, 3),
            Some(escape) => {
                rest.next();
                match escape {
                    'x' => push_code(&mut out, &mut rest, 16, 8),
                    'u' => push_code(&mut out, &mut rest, 16, 4),
                    'U' => push_code(&mut out, &mut rest, 16, 8),
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'a' => out.push('\x07'),
                    'b' => out.push('\x08'),
                    'f' => out.push('\x0c'),
                    'v' => out.push('\x0b'),
                    'e' => out.push('\x1b'),
                    '\n' => {}
                    other => out.push(other),
                }
            }
            None => {}
        }
    }
    out
}

/// Takes up to `most` digits and appends the character of that number.
fn push_code(out: &mut String, rest: &mut std::str::Chars<'_>, base: u32, most: usize) {
    let mut code = 0_u32;
    if rest.as_str().starts_with('{') {
        rest.next();
    }
    for _ in 0..most {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|letter| letter.to_digit(base)) else { break };
        code = code.saturating_mul(base).saturating_add(digit);
        *rest = ahead;
    }
    if rest.as_str().starts_with('}') {
        rest.next();
    }
    out.extend(char::from_u32(code));
}

/// A text without what follows its end.
pub(super) fn to_nul(text: &str) -> &str {
    text.split('\0').next().unwrap_or_default()
}
