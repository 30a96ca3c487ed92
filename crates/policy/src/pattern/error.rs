//! Why a pattern cannot be used, and why a search was given up.

use thiserror::Error;

/// Why a pattern cannot be used, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message} (offset {offset} of the pattern)")]
pub struct PatternError {
    kind: PatternErrorKind,
    offset: usize,
    message: String,
}

/// What kind of fault a pattern has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// Python refuses it, too.
    Invalid,
    /// Python may take it, but it would not mean exactly the same here. The message says what to write instead.
    NotExact,
    /// It is larger, or nested deeper, than a pattern may be.
    TooLarge,
}

impl PatternError {
    pub(super) fn invalid(offset: usize, message: impl Into<String>) -> Self {
        Self { kind: PatternErrorKind::Invalid, offset, message: message.into() }
    }

    pub(super) fn not_exact(offset: usize, message: impl Into<String>) -> Self {
        Self { kind: PatternErrorKind::NotExact, offset, message: message.into() }
    }

    pub(super) fn too_large(offset: usize, message: impl Into<String>) -> Self {
        Self { kind: PatternErrorKind::TooLarge, offset, message: message.into() }
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> PatternErrorKind {
        self.kind
    }

    /// Where in the pattern, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// Why a search was given up before it could say what matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MatchGaveUp {
    /// The deadline of the [`MatchLimit`](super::MatchLimit) has passed.
    #[error("the deadline passed before the pattern was matched against the whole text")]
    Deadline,
    /// The steps of the [`MatchLimit`](super::MatchLimit) were used up.
    #[error("the pattern takes too many steps on this text")]
    Steps,
    /// More ways to match were left open than are kept in memory.
    #[error("the pattern takes too much memory on this text")]
    Memory,
}
