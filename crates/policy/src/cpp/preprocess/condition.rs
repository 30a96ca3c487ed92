//! What `#if` asks, as far as it is known.

use super::macros::Macros;
use super::token::{Kind, Token};

/// Macros of systems on which no sandbox runs.
const ELSEWHERE: [&[u8]; 10] = [
    b"_WIN32",
    b"WIN32",
    b"_WIN64",
    b"__WIN32__",
    b"_MSC_VER",
    b"__MINGW32__",
    b"__CYGWIN__",
    b"__APPLE__",
    b"_WINDOWS",
    b"__ANDROID__",
];

/// Whether a name is a macro's, where that is known.
pub(super) fn is_defined(macros: &Macros<'_>, name: &[u8]) -> Option<bool> {
    macros.is_defined(name).or_else(|| ELSEWHERE.contains(&name).then_some(false))
}

/// The same tokens with `defined` answered; what is not known becomes a name.
pub(super) fn with_defined<'s>(macros: &Macros<'s>, tokens: Vec<Token<'s>>) -> Vec<Token<'s>> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if token.kind != Kind::Name || token.bytes() != b"defined" {
            out.push(token);
            continue;
        }
        let is_called = tokens.next_if(|next| next.is(b"(")).is_some();
        let answer = tokens.next_if(|next| next.kind == Kind::Name).and_then(|name| is_defined(macros, name.bytes()));
        if is_called {
            tokens.next_if(|next| next.is(b")"));
        }
        let (kind, bytes) = match answer {
            Some(answer) => (Kind::Number, vec![b'0' + u8::from(answer)]),
            None => (Kind::Character, b"?".to_vec()),
        };
        out.push(Token::made(kind, bytes, &token));
    }
    out
}

/// What the tokens come to, where that is known.
pub(super) fn evaluate(tokens: &[Token<'_>]) -> Option<bool> {
    let mut work = Work::default();
    let mut tokens = tokens.iter().peekable();
    while let Some(token) = tokens.next() {
        match token.kind {
            Kind::Number => work.values.push(number(token.bytes())),
            Kind::Sign => work.sign(token.bytes()),
            _ => {
                let known = match token.bytes() {
                    b"true" => Some(1),
                    b"false" => Some(0),
                    _ => None,
                };
                // `__has_include(<x>)` and the like.
                let mut depth = 0_usize;
                while tokens.peek().is_some_and(|next| depth > 0 || next.is(b"(")) {
                    let next = tokens.next()?;
                    depth += usize::from(next.is(b"("));
                    depth -= usize::from(next.is(b")"));
                    if depth == 0 {
                        break;
                    }
                }
                work.values.push(known);
                work.after_value = true;
                continue;
            }
        }
        work.after_value = token.kind == Kind::Number || token.is(b")");
    }
    work.apply_down_to(0);
    let result = work.values.pop().filter(|_| work.values.is_empty() && !work.is_odd);
    result.flatten().map(|value| value != 0)
}

/// Values and operators that wait for what follows them.
#[derive(Default)]
struct Work {
    values: Vec<Option<i64>>,
    operators: Vec<Vec<u8>>,
    after_value: bool,
    /// Whether something stands there that is not understood.
    is_odd: bool,
}

impl Work {
    fn sign(&mut self, sign: &[u8]) {
        match sign {
            b"(" => self.operators.push(sign.to_vec()),
            b")" => {
                self.apply_down_to(0);
                self.operators.pop();
            }
            b"!" | b"-" | b"+" | b"~" if !self.after_value => self.operators.push([sign, b"1"].concat()),
            _ => match strength(sign) {
                0 => self.is_odd = true,
                strength => {
                    self.apply_down_to(strength);
                    self.operators.push(sign.to_vec());
                }
            },
        }
    }

    /// Applies what binds as strongly, as far as the last parenthesis.
    fn apply_down_to(&mut self, least: usize) {
        while let Some(operator) = self.operators.last().filter(|last| *last != b"(" && strength(last) >= least) {
            let operator = operator.clone();
            self.operators.pop();
            let right = self.values.pop().flatten();
            let value = if operator.len() == 2 && operator[1] == b'1' {
                right.map(|value| match operator[0] {
                    b'!' => i64::from(value == 0),
                    b'-' => value.wrapping_neg(),
                    b'~' => !value,
                    _ => value,
                })
            } else {
                let left = self.values.pop().flatten();
                applied(&operator, left, right)
            };
            self.values.push(value);
        }
    }
}

fn strength(operator: &[u8]) -> usize {
    match operator {
        b"||" => 1,
        b"&&" => 2,
        b"|" | b"^" | b"&" => 3,
        b"==" | b"!=" => 4,
        b"<" | b">" | b"<=" | b">=" => 5,
        b"<<" | b">>" => 6,
        b"+" | b"-" => 7,
        b"*" | b"/" | b"%" => 8,
        [_, b'1'] => 9,
        _ => 0,
    }
}

fn applied(operator: &[u8], left: Option<i64>, right: Option<i64>) -> Option<i64> {
    match (operator, left, right) {
        (b"&&", Some(0), _) | (b"&&", _, Some(0)) => return Some(0),
        (b"||", Some(value), _) | (b"||", _, Some(value)) if value != 0 => return Some(1),
        _ => {}
    }
    let (left, right) = (left?, right?);
    match operator {
        b"||" | b"|" => Some(left | right),
        b"&&" => Some(1),
        b"&" => Some(left & right),
        b"^" => Some(left ^ right),
        b"==" => Some(i64::from(left == right)),
        b"!=" => Some(i64::from(left != right)),
        b"<" => Some(i64::from(left < right)),
        b">" => Some(i64::from(left > right)),
        b"<=" => Some(i64::from(left <= right)),
        b">=" => Some(i64::from(left >= right)),
        b"+" => left.checked_add(right),
        b"-" => left.checked_sub(right),
        b"*" => left.checked_mul(right),
        b"/" => left.checked_div(right),
        b"%" => left.checked_rem(right),
        b"<<" => u32::try_from(right).ok().and_then(|by| left.checked_shl(by)),
        b">>" => u32::try_from(right).ok().and_then(|by| left.checked_shr(by)),
        _ => None,
    }
}

/// A number as C writes it, its suffix left aside.
fn number(bytes: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok()?.replace('\'', "").to_ascii_lowercase();
    let text = text.trim_end_matches(['u', 'l', 'z']);
    match text.get(..2) {
        Some("0x") => i64::from_str_radix(&text[2..], 16).ok(),
        Some("0b") => i64::from_str_radix(&text[2..], 2).ok(),
        _ if text.len() > 1 && text.starts_with('0') => i64::from_str_radix(text, 8).ok(),
        _ => text.parse().ok(),
    }
}
