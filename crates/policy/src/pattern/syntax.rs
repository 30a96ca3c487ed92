//! What a pattern is made of once it was read.

use super::casing::Fold;
use super::unit::Unit;

/// What has to match one after the other.
pub(super) type Sequence = Vec<Node>;

#[derive(Debug)]
pub(super) enum Node {
    /// One character.
    Unit(Unit),
    At(Place),
    Group {
        number: Option<usize>,
        body: Sequence,
    },
    Alternatives(Vec<Sequence>),
    Atomic(Sequence),
    Look(Look),
    Repeat(Repeat),
    BackReference {
        group: usize,
        fold: Fold,
    },
    Conditional {
        group: usize,
        yes: Sequence,
        no: Sequence,
    },
}

/// A place in the text, of no width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    TextStart,
    TextEnd,
    /// The end, or before a newline that is the last character.
    TextEndOrLastNewline,
    LineStart,
    LineEnd,
    WordBoundary {
        ascii: bool,
    },
    NoWordBoundary {
        ascii: bool,
    },
}

/// A look ahead or behind.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) wanted: bool,
    /// How many characters before the present place it begins.
    pub(super) back: usize,
    pub(super) body: Sequence,
}

#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) body: Sequence,
    pub(super) times: Times,
}

/// How often something is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) least: usize,
    /// `usize::MAX` is without end.
    pub(super) most: usize,
    pub(super) greed: Greed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    /// As much as can be had, nothing of which is given back.
    Possessive,
}
