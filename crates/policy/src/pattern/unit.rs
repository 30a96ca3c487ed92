//! What matches one character.

use super::casing::Fold;
use super::category::Category;
use super::flags::Flags;
use super::set::Set;

#[derive(Debug, Clone)]
pub(super) enum Unit {
    /// This character alone. A number, as a pattern may name surrogates, which no text has.
    Exactly(u32),
    Any,
    AnyButNewline,
    Set(Box<Set>),
}

/// What stands between brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    One(u32),
    Range(u32, u32),
    Category { category: Category, negated: bool },
}

impl Unit {
    /// One character, in either case where the flags say so.
    pub(super) fn literal(code: u32, flags: Flags) -> Self {
        if fold(flags).is_cased(code) { Self::set(false, &[Item::One(code)], flags) } else { Self::Exactly(code) }
    }

    pub(super) fn set(negated: bool, items: &[Item], flags: Flags) -> Self {
        Self::Set(Box::new(Set::new(negated, items, flags)))
    }

    /// How much work it is to look at one character.
    #[inline]
    pub(super) fn steps(&self) -> u64 {
        match self {
            Self::Exactly(_) | Self::Any | Self::AnyButNewline => 1,
            Self::Set(set) => set.steps(),
        }
    }

    #[inline]
    pub(super) fn matches_ascii(&self, byte: u8) -> bool {
        match self {
            Self::Exactly(code) => *code == u32::from(byte),
            Self::Any => true,
            Self::AnyButNewline => byte != b'\n',
            Self::Set(set) => set.has_ascii(byte),
        }
    }

    pub(super) fn matches(&self, character: char) -> bool {
        match self {
            Self::Exactly(code) => *code == u32::from(character),
            Self::Any => true,
            Self::AnyButNewline => character != '\n',
            Self::Set(set) => set.has(character.into()),
        }
    }
}

/// How the flags have characters compared.
pub(super) fn fold(flags: Flags) -> Fold {
    match (flags.ignore_case, flags.ascii) {
        (false, _) => Fold::None,
        (true, true) => Fold::Ascii,
        (true, false) => Fold::Unicode,
    }
}
