//! Escapes in literals, as C and its descendants write them.

use std::str::Chars;

/// How a language writes them.
pub(crate) struct Escapes {
    /// Letters that stand for a character of their own: of `a`, `b`, `e`, `f`, `n`, `r`, `s`, `t` and `v`.
    letters: &'static str,
    /// Digits behind `\x`, at most.
    hexadecimal: usize,
    /// What is no escape stays as it stands, backslash included.
    keeps_others: bool,
}

pub(crate) const C: Escapes = Escapes { letters: "abefnrtv", hexadecimal: 8, keeps_others: false };
pub(crate) const PYTHON: Escapes = Escapes { letters: "abfnrtv", hexadecimal: 2, keeps_others: true };
pub(crate) const JAVASCRIPT: Escapes = Escapes { letters: "bfnrtv", hexadecimal: 2, keeps_others: false };
pub(crate) const JAVA: Escapes = Escapes { letters: "bfnrst", hexadecimal: 2, keeps_others: false };
pub(crate) const GO: Escapes = Escapes { letters: "abfnrtv", hexadecimal: 2, keeps_others: false };
pub(crate) const RUBY: Escapes = Escapes { letters: "abefnrstv", hexadecimal: 2, keeps_others: false };
pub(crate) const R: Escapes = Escapes { letters: "abfnrtv", hexadecimal: 2, keeps_others: false };

impl Escapes {
    /// A literal's text with its escapes resolved: `\n`, `\101`, `\x41`, `\u0041`, `\u{41}`, `\U00000041`.
    pub(crate) fn resolve(&self, text: &str) -> String {
        if !text.contains('\\') {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.chars();
        while let Some(letter) = rest.next() {
            if letter == '\\' {
                self.resolve_one(&mut out, &mut rest);
            } else {
                out.push(letter);
            }
        }
        out
    }

    fn resolve_one(&self, out: &mut String, rest: &mut Chars<'_>) {
        let digits = rest.clone();
        match rest.next() {
            Some('\n') | None => {}
            Some('x') => push_codes(out, rest, self.hexadecimal),
            Some('u') => push_codes(out, rest, 4),
            Some('U') => push_codes(out, rest, 8),
            Some('0'..='7') => {
                *rest = digits;
                // No more than a byte has.
                let most = if rest.as_str() < "4" { 3 } else { 2 };
                out.extend(char::from_u32(number(rest, 8, most)));
            }
            Some(letter) if self.letters.contains(letter) => out.push(control(letter)),
            Some(other) if self.keeps_others && !matches!(other, '\\' | '\'' | '"') => out.extend(['\\', other]),
            Some(other) => out.push(other),
        }
    }
}

fn control(letter: char) -> char {
    match letter {
        'a' => '\x07',
        'b' => '\x08',
        'e' => '\x1b',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        's' => ' ',
        't' => '\t',
        'v' => '\x0b',
        other => other,
    }
}

/// Appends the character of a number of so many digits, or those of all numbers in braces.
fn push_codes(out: &mut String, rest: &mut Chars<'_>, most: usize) {
    let Some((within, behind)) = rest.as_str().strip_prefix('{').and_then(|within| within.split_once('}')) else {
        out.extend(char::from_u32(number(rest, 16, most)));
        return;
    };
    let codes = within.split_whitespace().filter_map(|code| u32::from_str_radix(code, 16).ok());
    out.extend(codes.filter_map(char::from_u32));
    *rest = behind.chars();
}

/// Takes up to `most` digits.
fn number(rest: &mut Chars<'_>, base: u32, most: usize) -> u32 {
    let mut number = 0_u32;
    for _ in 0..most {
        let mut ahead = rest.clone();
        let Some(digit) = ahead.next().and_then(|letter| letter.to_digit(base)) else { break };
        number = number.wrapping_mul(base).wrapping_add(digit);
        *rest = ahead;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::{C, JAVASCRIPT, PYTHON, RUBY};

    #[test]
    fn escapes_are_resolved() {
        for (escape, text) in [
            ("a", "a"),
            ("\\n", "\n"),
            ("\\x73y", "sy"),
            ("\\u0073y", "sy"),
            ("\\u{73 79}s", "sys"),
            ("\\163", "s"),
            ("\\1634", "s4"),
            ("\\400", "\u{20}0"),
            ("\\\nx", "x"),
            ("\\q", "q"),
            ("\\", ""),
            ("\\x", "\0"),
        ] {
            assert_eq!(RUBY.resolve(escape), text, "{escape}");
        }
    }

    #[test]
    fn languages_differ() {
        assert_eq!(PYTHON.resolve("\\q\\s\\'\\U00000041"), "\\q\\s'A");
        assert_eq!(JAVASCRIPT.resolve("\\a\\s\\e"), "ase");
        assert_eq!(C.resolve("\\x0073\\e"), "s\x1b");
        assert_eq!(RUBY.resolve("\\s\\e"), " \x1b");
    }
}
