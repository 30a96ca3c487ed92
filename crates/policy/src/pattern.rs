//! Patterns given by users: regular expressions as CPython's `re` has them, for `str`.
//!
//! They are matched by a machine of this crate's own. It tries what a pattern allows in the order in which CPython does,
//! so that the same spans come out of it; it can be interrupted at any step, so that no pattern and no text holds it up;
//! and it keeps its choices in a vector, so that none exhausts the stack.

mod casing;
mod category;
mod compile;
mod error;
mod first;
mod flags;
mod limit;
mod machine;
mod parse;
mod program;
mod set;
mod syntax;
#[cfg(test)]
mod tests;
mod tokens;
mod unit;
mod width;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

pub use error::{MatchGaveUp, PatternError, PatternErrorKind};
use first::FirstBytes;
pub use limit::MatchLimit;
use limit::Meter;
use machine::Machine;
use program::Program;

/// A regular expression in the syntax of Python 3.11's `re`, with the meaning it has there for `str`.
///
/// What of it Python would take and this does not is an error of the kind [`PatternErrorKind::NotExact`] that says what
/// to write instead.
///
/// ```
/// use std::time::{Duration, Instant};
/// use llm_sandbox_policy::{MatchLimit, Pattern};
///
/// let pattern = Pattern::new(r"\bos\.(?P<call>system|popen)\s*\(")?;
/// let limit = MatchLimit::until(Instant::now() + Duration::from_secs(2));
/// assert_eq!(pattern.find_all("import os; os.system('ls')", &limit)?, [11..21]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Pattern(Arc<Compiled>);

struct Compiled {
    source: String,
    program: Program,
    first_bytes: Option<FirstBytes>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Where Python refuses it, where it could not mean exactly the same here, and where it is too large: longer than
    /// 16 KiB, or nested deeper than 100 groups.
    pub fn new(source: &str) -> Result<Self, PatternError> {
        let parsed = parse::parse(source)?;
        Ok(Self(Arc::new(Compiled {
            source: source.to_owned(),
            program: compile::compile(&parsed),
            first_bytes: first::first_bytes(&parsed.sequence),
        })))
    }

    /// The pattern as it was given.
    pub fn as_str(&self) -> &str {
        &self.0.source
    }

    /// All matches from the left, in bytes, as `re.finditer` gives them.
    ///
    /// # Errors
    ///
    /// Where `limit` was reached first. Nothing is known of the text then.
    pub fn find_all(&self, text: &str, limit: &MatchLimit) -> Result<Vec<Range<usize>>, MatchGaveUp> {
        let mut machine = Machine::new(&self.0.program, text, Meter::new(limit));
        let mut found = Vec::new();
        let mut from = 0;
        let mut not_empty = false;
        while let Some(span) = self.0.find(&mut machine, text, from, not_empty)? {
            not_empty = span.is_empty();
            from = span.end;
            found.push(span);
        }
        Ok(found)
    }
}

impl Compiled {
    /// The first match that begins at `from` or later. At `from` itself it may be required not to be empty.
    fn find(
        &self,
        machine: &mut Machine<'_>,
        text: &str,
        from: usize,
        mut not_empty: bool,
    ) -> Result<Option<Range<usize>>, MatchGaveUp> {
        let mut start = from;
        loop {
            let next = self.next_start(text, start);
            machine.meter().spend((next.unwrap_or(text.len()) - start) as u64)?;
            let Some(next) = next else {
                return Ok(None);
            };
            if let Some(end) = machine.match_at(next, not_empty && next == from)? {
                return Ok(Some(next..end));
            }
            not_empty = false;
            match text[next..].chars().next() {
                Some(character) => start = next + character.len_utf8(),
                None => return Ok(None),
            }
        }
    }

    /// The first place from `from` on where a match can begin.
    fn next_start(&self, text: &str, from: usize) -> Option<usize> {
        let Some(first_bytes) = &self.first_bytes else {
            return Some(from);
        };
        let rest = &text.as_bytes()[from..];
        rest.iter().position(|byte| first_bytes[usize::from(*byte)]).map(|skipped| from + skipped)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pattern").field(&self.0.source).finish()
    }
}
