//! What is left for the compiler to read, and where each byte of it comes from.

use std::ops::Range;

use super::lex::is_name;
use super::token::Token;

/// The text that the compiler reads.
#[derive(Default)]
pub(in crate::cpp) struct Output {
    pub(in crate::cpp) text: Vec<u8>,
    origins: Vec<Origin>,
    /// How much of the source has been dealt with.
    done: usize,
}

/// Where the text comes from, from a place on.
struct Origin {
    at: usize,
    source: Range<usize>,
    /// Whether the source goes on as the text does.
    in_step: bool,
}

impl Output {
    pub(super) fn push(&mut self, token: &Token<'_>, source: &[u8]) {
        if token.moved {
            let last = self.text.last().copied().unwrap_or(b' ');
            let first = token.bytes().first().copied().unwrap_or(b' ');
            if token.spaced || is_name(last) == is_name(first) {
                self.text.push(b' ');
            }
        } else {
            // What is left out of the source stays as space, so that lines are where they were.
            let left_out = source.get(self.done..token.span.start).unwrap_or_default();
            self.text.extend(left_out.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
            self.done = self.done.max(token.span.end);
        }
        self.note_origin(token);
        self.text.extend_from_slice(token.bytes());
    }

    fn note_origin(&mut self, token: &Token<'_>) {
        let (at, source) = (self.text.len(), token.span.clone());
        let in_step = !token.moved && source.len() == token.bytes().len();
        let goes_on = self.origins.last().is_some_and(|last| match (in_step, last.in_step) {
            (true, true) => source.start.wrapping_sub(last.source.start) == at - last.at,
            (false, false) => last.source == source,
            _ => false,
        });
        if !goes_on {
            self.origins.push(Origin { at, source, in_step });
        }
    }

    /// The bytes of the source that some of the text come from.
    pub(in crate::cpp) fn origin(&self, span: &Range<usize>) -> Range<usize> {
        let (start, end) = (self.origin_of(span.start), self.origin_of(span.end.saturating_sub(1)));
        start.start..end.end.max(start.end)
    }

    fn origin_of(&self, at: usize) -> Range<usize> {
        let next = self.origins.partition_point(|origin| origin.at <= at);
        match next.checked_sub(1).map(|last| &self.origins[last]) {
            Some(Origin { at: from, source, in_step: true }) => {
                let here = source.start + (at - from);
                here..here + 1
            }
            Some(origin) => origin.source.clone(),
            None => at..at + 1,
        }
    }
}
