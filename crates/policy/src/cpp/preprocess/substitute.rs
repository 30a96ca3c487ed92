//! What a macro makes of its arguments: they are put in, made texts, put together.

use super::Preprocessor;
use super::lex::Lexer;
use super::macros::Macro;
use super::token::{Kind, Token, joined};

/// Letters that one token may come to have; what is longer is cut.
const LONGEST_TOKEN: usize = 16 << 10;

/// What a macro stands for, being put together.
#[derive(Default)]
struct Filled<'s> {
    out: Vec<Token<'s>>,
    /// Whether `##` is to put together what comes next with what came last.
    pasting: bool,
    /// Whether what came last was an argument that is empty.
    nothing_last: bool,
}

pub(super) fn substitute<'s>(
    preprocessor: &mut Preprocessor<'s>,
    found: &Macro<'s>,
    given: &[Vec<Token<'s>>],
    at: &Token<'s>,
) -> Vec<Token<'s>> {
    let mut filled = Filled::default();
    let mut expanded: Vec<Option<Vec<Token<'s>>>> = vec![None; given.len()];
    let body = with_optional(found, given);
    let mut next = 0;
    while let Some(token) = body.get(next) {
        next += 1;
        if token.is(b"##") && next > 1 && next < body.len() {
            filled.pasting = true;
            continue;
        }
        let of_text = body.get(next).filter(|_| token.is(b"#")).and_then(|token| found.parameter(token));
        let argument = found.parameter(token).filter(|argument| *argument < given.len());
        let is_pasted = filled.pasting || body.get(next).is_some_and(|next| next.is(b"##"));
        let piece = match (of_text, argument) {
            (Some(argument), _) if argument < given.len() => {
                next += 1;
                vec![as_text(&given[argument], at, token.spaced)]
            }
            (_, Some(argument)) if is_pasted => filled.pasted_argument(found, argument, given),
            (_, Some(argument)) => {
                let tokens = expanded[argument].take().unwrap_or_else(|| preprocessor.expanded(&given[argument]));
                expanded[argument].insert(tokens).clone()
            }
            _ => vec![Token { span: at.span.clone(), moved: true, ..token.clone() }],
        };
        if !preprocessor.expansion.spend(piece.len() + 1) {
            break;
        }
        filled.add(piece, token.spaced);
    }
    if let Some(first) = filled.out.first_mut() {
        first.spaced |= at.spaced;
    }
    filled.out
}

impl<'s> Filled<'s> {
    /// An argument that is pasted. The `, ## more` of GNU pastes nothing, and leaves out the comma where there is no more.
    fn pasted_argument(&mut self, found: &Macro<'s>, argument: usize, given: &[Vec<Token<'s>>]) -> Vec<Token<'s>> {
        let is_last = found.parameters.as_ref().is_some_and(|parameters| parameters.len() == argument + 1);
        let after_comma = self.pasting && self.out.last().is_some_and(|last| last.is(b","));
        if after_comma && is_last && found.open_ended {
            self.pasting = false;
            if given[argument].is_empty() {
                self.out.pop();
            }
        }
        given[argument].clone()
    }

    fn add(&mut self, mut piece: Vec<Token<'s>>, spaced: bool) {
        if let Some(first) = piece.first_mut() {
            first.spaced = spaced;
        }
        let is_empty = piece.is_empty();
        let mut piece = piece.into_iter();
        if self.pasting && !self.nothing_last {
            if let Some(right) = piece.next() {
                let last = self.out.pop();
                self.out.extend(last.map_or_else(|| vec![right.clone()], |left| pasted(&left, &right)));
            }
            self.pasting = false;
            self.out.extend(piece);
            return;
        }
        self.pasting = false;
        self.nothing_last = is_empty;
        self.out.extend(piece);
    }
}

/// Two tokens as one, or as what else their letters are.
fn pasted<'s>(left: &Token<'s>, right: &Token<'s>) -> Vec<Token<'s>> {
    if left.bytes().len() + right.bytes().len() > LONGEST_TOKEN {
        return vec![left.clone(), right.clone()];
    }
    let bytes = [left.bytes(), right.bytes()].concat();
    let mut lexer = Lexer::new(&bytes);
    let kind = lexer.next().map_or(left.kind, |token| token.kind);
    vec![Token::made(kind, bytes, left)]
}

/// The `#argument` of a macro.
fn as_text<'s>(tokens: &[Token<'s>], at: &Token<'s>, spaced: bool) -> Token<'s> {
    let mut text = vec![b'"'];
    for (number, token) in tokens.iter().enumerate() {
        if text.len() + token.bytes().len() > LONGEST_TOKEN {
            break;
        }
        if token.spaced && number > 0 {
            text.push(b' ');
        }
        for byte in token.bytes() {
            if matches!(token.kind, Kind::Text | Kind::Character) && matches!(byte, b'"' | b'\\') {
                text.push(b'\\');
            }
            text.push(*byte);
        }
    }
    text.push(b'"');
    Token { spaced, ..Token::made(Kind::Text, text, at) }
}

/// The body of a macro, with what `__VA_OPT__` holds where there is more, and without it where there is none.
fn with_optional<'s>(found: &Macro<'s>, given: &[Vec<Token<'s>>]) -> Vec<Token<'s>> {
    let has_more = given.last().is_some_and(|last| !last.is_empty());
    let mut body = Vec::with_capacity(found.body.len());
    let mut tokens = found.body.iter();
    while let Some(token) = tokens.next() {
        if !found.open_ended || token.bytes() != b"__VA_OPT__" {
            body.push(token.clone());
            continue;
        }
        let mut depth = 0;
        for token in tokens.by_ref() {
            depth -= i32::from(token.is(b")"));
            if depth > 0 && has_more {
                body.push(token.clone());
            }
            depth += i32::from(token.is(b"("));
            if depth <= 0 {
                break;
            }
        }
    }
    body
}

/// What some tokens say as the name of a header: `"x"` or `<x>`.
pub(super) fn as_header(tokens: &[Token<'_>]) -> Option<Vec<u8>> {
    let first = tokens.first()?;
    if let Some(content) = first.content() {
        return Some(content.to_vec());
    }
    let inner = tokens.split(|token| token.is(b">")).next().filter(|_| first.is(b"<"))?;
    Some(joined(&inner[1..]))
}
