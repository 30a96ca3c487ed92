use std::ops::Range;
use std::rc::Rc;

/// What a token is to the preprocessor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Text,
    Character,
    Sign,
    /// The end of a line.
    Line,
}

/// How a token is spelt: as it stands in the source, or put together.
#[derive(Clone, Debug)]
pub(super) enum Spelling<'s> {
    Source(&'s [u8]),
    Made(Rc<[u8]>),
}

#[derive(Clone, Debug)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    pub(super) spelling: Spelling<'s>,
    /// The bytes of the source that it comes from.
    pub(super) span: Range<usize>,
    /// Whether there is space before it.
    pub(super) spaced: bool,
    /// Whether it is a macro's name that stays as it is.
    pub(super) fixed: bool,
    /// Whether a macro has brought it to where it is.
    pub(super) moved: bool,
}

impl<'s> Token<'s> {
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.spelling {
            Spelling::Source(bytes) => bytes,
            Spelling::Made(bytes) => bytes,
        }
    }

    pub(super) fn is(&self, sign: &[u8]) -> bool {
        self.kind == Kind::Sign && self.bytes() == sign
    }

    pub(super) fn made(kind: Kind, bytes: Vec<u8>, like: &Token<'s>) -> Token<'s> {
        let (span, spaced) = (like.span.clone(), like.spaced);
        Token { kind, spelling: Spelling::Made(bytes.into()), span, spaced, fixed: false, moved: true }
    }

    /// What a text literal says, without its quotes and prefix; its escapes are kept.
    pub(super) fn content(&self) -> Option<&[u8]> {
        let bytes = self.bytes();
        let start = bytes.iter().position(|byte| *byte == b'"')? + 1;
        (self.kind == Kind::Text).then(|| bytes.get(start..bytes.len() - 1).unwrap_or_default())
    }
}

/// The tokens one after another, a space where there was some.
pub(super) fn joined(tokens: &[Token<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for token in tokens {
        if token.spaced && !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(token.bytes());
    }
    out
}
