//! Tokens of a source. Lines that a backslash joins are one, comments are space, digraphs are what they stand for.

use super::token::{Kind, Spelling, Token};

/// What may stand before the quotes of a literal.
const PREFIXES: [&[u8]; 9] = [b"L", b"u8", b"u", b"U", b"R", b"LR", b"u8R", b"uR", b"UR"];

/// Letters that may stand between the quotes and the parenthesis of a raw text.
const LONGEST_DELIMITER: usize = 16;

/// Signs of several letters, and what digraphs stand for.
const SIGNS: [(&[u8], &[u8]); 34] = [
    (b"%:%:", b"##"),
    (b"...", b"..."),
    (b"<<=", b"<<="),
    (b">>=", b">>="),
    (b"<=>", b"<=>"),
    (b"->*", b"->*"),
    (b"++", b"++"),
    (b"--", b"--"),
    (b"+=", b"+="),
    (b"-=", b"-="),
    (b"*=", b"*="),
    (b"/=", b"/="),
    (b"%=", b"%="),
    (b"&=", b"&="),
    (b"|=", b"|="),
    (b"^=", b"^="),
    (b".*", b".*"),
    (b"??=", b"#"),
    (b"##", b"##"),
    (b"%:", b"#"),
    (b"<%", b"{"),
    (b"%>", b"}"),
    (b":>", b"]"),
    (b"::", b"::"),
    (b"&&", b"&&"),
    (b"||", b"||"),
    (b"==", b"=="),
    (b"!=", b"!="),
    (b"<=", b"<="),
    (b">=", b">="),
    (b"<<", b"<<"),
    (b">>", b">>"),
    (b"->", b"->"),
    (b"<:", b"["),
];

#[derive(Clone, Copy)]
pub(super) struct Lexer<'s> {
    source: &'s [u8],
    at: usize,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s [u8]) -> Self {
        Lexer { source, at: if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 } }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn next(&mut self) -> Option<Token<'s>> {
        let spaced = self.pass_space();
        let start = self.at;
        let first = self.bump()?;
        let (kind, sign) = match first {
            b'\n' => (Kind::Line, None),
            b'0'..=b'9' => (self.number(), None),
            b'.' if self.peek().is_some_and(|byte| byte.is_ascii_digit()) => (self.number(), None),
            b'"' | b'\'' => (self.quoted(first), None),
            _ if is_name(first) => (self.name(start), None),
            _ => (Kind::Sign, self.sign(start)),
        };
        let spelling = sign.map_or_else(|| self.spelt(start, kind), Spelling::Source);
        Some(Token { kind, spelling, span: start..self.at, spaced, fixed: false, moved: false })
    }

    /// What is left of the line, its end passed.
    pub(super) fn rest_of_line(&mut self) -> Vec<Token<'s>> {
        std::iter::from_fn(|| self.next().filter(|token| token.kind != Kind::Line)).collect()
    }

    /// The name of a header between `<>` or quotes, if one follows.
    pub(super) fn header(&mut self) -> Option<Vec<u8>> {
        self.pass_space();
        let end = match self.peek()? {
            b'<' => b'>',
            b'"' => b'"',
            _ => return None,
        };
        self.bump();
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| *byte != b'\n') {
            self.bump();
            if byte == end {
                break;
            }
            name.push(byte);
        }
        Some(name)
    }

    fn peek(&self) -> Option<u8> {
        self.source.get(past_joints(self.source, self.at)).copied()
    }

    fn bump(&mut self) -> Option<u8> {
        let at = past_joints(self.source, self.at);
        let byte = self.source.get(at).copied();
        self.at = if byte.is_some() { at + 1 } else { at };
        byte
    }

    /// Passes over `sign` if it follows.
    fn eat(&mut self, sign: &[u8]) -> bool {
        let mut at = self.at;
        for byte in sign {
            at = past_joints(self.source, at);
            if self.source.get(at) != Some(byte) {
                return false;
            }
            at += 1;
        }
        self.at = at;
        true
    }

    fn pass_space(&mut self) -> bool {
        let start = self.at;
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c' | b'\0') => {
                    self.bump();
                }
                Some(b'/') if self.eat(b"//") => {
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.bump();
                    }
                }
                Some(b'/') if self.eat(b"/*") => while !self.eat(b"*/") && self.bump().is_some() {},
                _ => break,
            }
        }
        let spaced = self.at > start;
        self.at = past_joints(self.source, self.at);
        spaced
    }

    /// A name, or a literal with a prefix.
    fn name(&mut self, start: usize) -> Kind {
        while self.peek().is_some_and(is_name) {
            self.bump();
        }
        let Some(quote) = self.peek().filter(|byte| matches!(byte, b'"' | b'\'')) else { return Kind::Name };
        if self.at - start > 16 {
            return Kind::Name;
        }
        let prefix = without_joints(self.source.get(start..self.at).unwrap_or_default());
        if !PREFIXES.contains(&prefix.as_slice()) || (prefix.ends_with(b"R") && quote == b'\'') {
            return Kind::Name;
        }
        self.bump();
        if prefix.ends_with(b"R") && self.raw() { Kind::Text } else { self.quoted(quote) }
    }

    /// The rest of a raw text, in which a backslash joins nothing. Nothing is passed where it is none.
    fn raw(&mut self) -> bool {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let Some(open) = rest.iter().take(LONGEST_DELIMITER + 1).position(|byte| *byte == b'(') else { return false };
        let delimiter = &rest[..open];
        if delimiter.iter().any(|byte| byte.is_ascii_whitespace() || matches!(byte, b')' | b'\\' | b'"')) {
            return false;
        }
        let end = [b")", delimiter, b"\""].concat();
        let length = rest[open..].windows(end.len()).position(|piece| piece == end);
        self.at += length.map_or(rest.len(), |length| open + length + end.len());
        true
    }

    fn quoted(&mut self, quote: u8) -> Kind {
        while let Some(byte) = self.peek().filter(|byte| *byte != b'\n') {
            self.bump();
            if byte == quote {
                break;
            }
            if byte == b'\\' && self.peek() != Some(b'\n') {
                self.bump();
            }
        }
        if quote == b'"' { Kind::Text } else { Kind::Character }
    }

    fn number(&mut self) -> Kind {
        while let Some(byte) = self.peek() {
            let mut ahead = *self;
            ahead.bump();
            match byte {
                b'e' | b'E' | b'p' | b'P' if matches!(ahead.peek(), Some(b'+' | b'-')) => {
                    ahead.bump();
                }
                b'\'' if ahead.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()) => {}
                b'.' => {}
                _ if is_name(byte) => {}
                _ => break,
            }
            *self = ahead;
        }
        Kind::Number
    }

    /// The rest of a sign of several letters, and what it stands for.
    fn sign(&mut self, start: usize) -> Option<&'s [u8]> {
        let mut ahead = Lexer { source: self.source, at: start };
        let (sign, meaning) = SIGNS.iter().find(|(sign, _)| ahead.eat(sign))?;
        // `<::` begins a template's arguments, but for `<:::` and `<::>`.
        if *sign == b"<:" && ahead.peek() == Some(b':') {
            let mut further = ahead;
            further.bump();
            if !matches!(further.peek(), Some(b':' | b'>')) {
                return None;
            }
        }
        self.at = ahead.at;
        Some(meaning)
    }

    fn spelt(&self, start: usize, kind: Kind) -> Spelling<'s> {
        let bytes = self.source.get(start..self.at).unwrap_or_default();
        let is_raw = kind == Kind::Text && bytes.iter().take_while(|byte| **byte != b'"').any(|byte| *byte == b'R');
        if is_raw || !bytes.contains(&b'\\') {
            return Spelling::Source(bytes);
        }
        let without = without_joints(bytes);
        if without.len() == bytes.len() { Spelling::Source(bytes) } else { Spelling::Made(without.into()) }
    }
}

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Past the backslashes that join the line to the next.
fn past_joints(source: &[u8], mut at: usize) -> usize {
    while source.get(at) == Some(&b'\\') {
        let space = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c');
        let end = at + 1 + source[at + 1..].iter().take_while(space).count();
        if source.get(end) != Some(&b'\n') {
            break;
        }
        at = end + 1;
    }
    at
}

fn without_joints(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = past_joints(bytes, 0);
    while let Some(byte) = bytes.get(at) {
        out.push(*byte);
        at = past_joints(bytes, at + 1);
    }
    out
}
