//! What matches one character.

use super::casing::{self, Fold, LAST_OF_PLANE};
use super::category::Category;
use super::flags::Flags;

#[derive(Debug, Clone)]
pub(super) enum Unit {
    /// This character alone. A number, as a pattern may name surrogates, which no text has.
    Exactly(u32),
    Any,
    AnyButNewline,
    Set(Box<Set>),
}

/// What stands between brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    #[inline]
    pub(super) fn matches_ascii(&self, byte: u8) -> bool {
        match self {
            Self::Exactly(code) => *code == u32::from(byte),
            Self::Any => true,
            Self::AnyButNewline => byte != b'\n',
            Self::Set(set) => set.ascii & (1 << byte) != 0,
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

/// A set of characters.
#[derive(Debug, Clone)]
pub(super) struct Set {
    negated: bool,
    fold: Fold,
    members: Vec<Member>,
    /// The answers for ASCII, worked out ahead.
    ascii: u128,
}

/// What a character of the text, folded, is compared with.
#[derive(Debug, Clone, Copy)]
enum Member {
    One(u32),
    Range(u32, u32),
    /// What the characters of a range of the basic plane become when they are folded.
    FoldedRange(u32, u32),
    /// A range that goes beyond the basic plane, of which either case will do.
    WideRange(u32, u32),
    Category {
        category: Category,
        negated: bool,
        ascii: bool,
    },
}

impl Set {
    fn new(negated: bool, items: &[Item], flags: Flags) -> Self {
        let wanted = fold(flags);
        // Python leaves the text as it is where nothing in the set has another case.
        let fold = if items.iter().any(|item| has_case(*item, wanted)) { wanted } else { Fold::None };
        let mut members = Vec::with_capacity(items.len());
        for item in items {
            push_members(&mut members, *item, fold, flags.ascii);
        }
        let mut set = Self { negated, fold, members, ascii: 0 };
        set.ascii = (0..128).filter(|code| set.has(*code)).fold(0, |bits, code| bits | 1 << code);
        set
    }

    fn has(&self, code: u32) -> bool {
        let folded = self.fold.apply(code);
        self.members.iter().any(|member| member.has(folded, self.fold)) != self.negated
    }
}

fn has_case(item: Item, fold: Fold) -> bool {
    match item {
        Item::One(code) => fold.is_cased(code) || fold != Fold::None && code > LAST_OF_PLANE,
        Item::Range(first, last) => match fold {
            Fold::None => false,
            _ if last > LAST_OF_PLANE => true,
            Fold::Ascii => (first..=last.min(0x7F)).any(|code| fold.is_cased(code)),
            Fold::Unicode => casing::any_cased(first, last),
        },
        Item::Category { .. } => false,
    }
}

fn push_members(members: &mut Vec<Member>, item: Item, fold: Fold, ascii: bool) {
    match (item, fold) {
        (Item::Category { category, negated }, _) => members.push(Member::Category { category, negated, ascii }),
        (Item::One(code), Fold::None) => members.push(Member::One(code)),
        (Item::Range(first, last), Fold::None) => members.push(Member::Range(first, last)),
        (Item::One(code), Fold::Ascii) => members.push(Member::One(fold.apply(code))),
        (Item::One(code), Fold::Unicode) => {
            let lowercase = casing::lower(code);
            members.push(Member::One(lowercase));
            members.extend(casing::alike(lowercase).iter().copied().map(Member::One));
        }
        (Item::Range(first, last), _) => {
            if first <= LAST_OF_PLANE {
                members.push(Member::FoldedRange(first, last.min(LAST_OF_PLANE)));
            }
            if last > LAST_OF_PLANE {
                members.push(Member::WideRange(first, last));
            }
        }
    }
}

impl Member {
    fn has(self, code: u32, fold: Fold) -> bool {
        match self {
            Self::One(one) => code == one,
            Self::Range(first, last) => (first..=last).contains(&code),
            Self::FoldedRange(first, last) if fold == Fold::Ascii => {
                let range = first..=last;
                let other_case = u8::try_from(code).map_or(code, |byte| byte.to_ascii_uppercase().into());
                range.contains(&code) || range.contains(&other_case)
            }
            Self::FoldedRange(first, last) => casing::range_has(first, last, code),
            Self::WideRange(first, last) => {
                let range = first..=last;
                range.contains(&code) || range.contains(&casing::upper(code))
            }
            Self::Category { category, negated, ascii } => category.has(code, ascii) != negated,
        }
    }
}
