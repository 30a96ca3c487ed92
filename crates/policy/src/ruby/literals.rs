//! Texts, symbols and numbers that stand in the code.

use super::Ruby;
use crate::flow::templates::as_shown;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Ruby {
    /// A string or a symbol, with what is known of what is put into it.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let source = self.reading.bytes(node.node);
        let is_raw = source.starts_with(b"'") || source.starts_with(b":'") || source.starts_with(b"%q");
        self.put_together(node, is_raw)
    }

    /// The pieces of a text put together.
    pub(super) fn put_together(&self, node: &Seen<'_>, is_raw: bool) -> Value {
        node.parts.iter().fold(Value::text(""), |whole, part| {
            let piece = match part.kind {
                "string_content" | "heredoc_content" if is_raw => Value::text(unquoted(&self.reading.text(part.node))),
                "string_content" | "heredoc_content" => Value::text(self.reading.text(part.node)),
                "escape_sequence" => Value::text(unescape(&self.reading.text(part.node))),
                "comment" | "heredoc_end" => Value::text(""),
                _ => as_shown(&part.value),
            };
            whole.plus(&piece)
        })
    }

    /// `:name` and the key of `name: value`.
    pub(super) fn symbol(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(text.trim_start_matches(':').trim_end_matches(':'))
    }

    /// `?a`.
    pub(super) fn character(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(unescape(text.get(1..).unwrap_or_default()))
    }

    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
    }

    /// `%w[a b]`, `%i[a b]` and `[a, b]`.
    pub(super) fn array(&self, node: &Seen<'_>) -> Value {
        let mut elements = Vec::new();
        for part in node.parts.iter().filter(|part| !is_aside(part.kind)) {
            match (&part.value, part.kind) {
                (Value::Sequence(more), "splat_argument") => elements.extend(more.iter().cloned()),
                _ => elements.push(part.value.clone()),
            }
        }
        Value::sequence(elements)
    }

    pub(super) fn hash(&self, node: &Seen<'_>) -> Value {
        let entries = node.parts.iter().filter_map(|part| match &part.value {
            Value::Sequence(pair) if part.kind == "pair" && pair.len() == 2 => Some((pair[0].clone(), pair[1].clone())),
            _ => None,
        });
        Value::mapping(entries.collect())
    }
}

/// Whether a node may stand anywhere and is no part of what it stands in.
pub(super) fn is_aside(kind: &str) -> bool {
    matches!(kind, "comment" | "heredoc_body" | "uninterpreted")
}

/// A text in single quotes: only these and the backslash can be escaped in it.
fn unquoted(text: &str) -> String {
    text.replace("\\'", "'").replace("\\\\", "\\")
}

/// A text with its escapes resolved.
pub(super) fn unescape(text: &str) -> String {
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
            Some('s') => out.push(' '),
            Some('a') => out.push('\x07'),
            Some('e') => out.push('\x1b'),
            Some('x') => push_codes(&mut out, rest.as_str().get(..2).unwrap_or(rest.as_str()), 16, &mut rest),
            Some('u') => {
                let digits = rest.as_str().trim_start_matches('{').split('}').next().unwrap_or_default().to_owned();
                push_codes(&mut out, &digits, 16, &mut rest);
            }
            Some(digit @ '0'..='7') => {
                let digits: String = std::iter::once(digit).chain(rest.as_str().chars()).take(3).collect();
                push_codes(&mut out, &digits, 8, &mut rest);
            }
            Some(other) => out.push(other),
        }
    }
    out
}

/// Appends the characters of numbers, which end an escape.
fn push_codes(out: &mut String, digits: &str, radix: u32, rest: &mut std::str::Chars<'_>) {
    let codes = digits.split_whitespace().filter_map(|code| u32::from_str_radix(code, radix).ok());
    out.extend(codes.filter_map(char::from_u32));
    *rest = "".chars();
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_resolved() {
        for (escape, text) in [
            ("\\n", "\n"),
            ("\\x73", "s"),
            ("\\u0073", "s"),
            ("\\u{73 79}", "sy"),
            ("\\163", "s"),
            ("\\s", " "),
            ("\\q", "q"),
            ("a", "a"),
        ] {
            assert_eq!(unescape(escape), text, "{escape}");
        }
    }
}
