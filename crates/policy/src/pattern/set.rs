//! Sets of characters.

use super::casing::{self, Fold, LAST_OF_PLANE};
use super::category::Category;
use super::flags::Flags;
use super::unit::{Item, fold};

/// A set of characters. A character of the text is folded before it is looked for.
#[derive(Debug, Clone)]
pub(super) struct Set {
    negated: bool,
    fold: Fold,
    /// In order, without overlap.
    ranges: Vec<(u32, u32)>,
    others: Vec<Member>,
    /// The answers for ASCII, worked out ahead.
    ascii: u128,
}

/// What is no plain range.
#[derive(Debug, Clone, Copy)]
enum Member {
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
    pub(super) fn new(negated: bool, items: &[Item], flags: Flags) -> Self {
        let wanted = fold(flags);
        // Python leaves the text as it is where nothing in the set has another case.
        let fold = if items.iter().any(|item| has_case(*item, wanted)) { wanted } else { Fold::None };
        let mut set = Self { negated, fold, ranges: Vec::new(), others: Vec::new(), ascii: 0 };
        let mut items = items.to_vec();
        items.sort_unstable();
        items.dedup();
        for item in items {
            set.add(item, flags.ascii);
        }
        set.ranges = merged(set.ranges);
        set.ascii = (0..128).filter(|code| set.has(*code)).fold(0, |bits, code| bits | 1 << code);
        set
    }

    fn add(&mut self, item: Item, ascii: bool) {
        match (item, self.fold) {
            (Item::Category { category, negated }, _) => {
                self.others.push(Member::Category { category, negated, ascii })
            }
            (Item::One(code), Fold::None) => self.ranges.push((code, code)),
            (Item::Range(first, last), Fold::None) => self.ranges.push((first, last)),
            (Item::One(code), Fold::Ascii) => {
                let lowercase = self.fold.apply(code);
                self.ranges.push((lowercase, lowercase));
            }
            (Item::One(code), Fold::Unicode) => {
                let lowercase = casing::lower(code);
                let alike = casing::alike(lowercase).iter().copied();
                self.ranges.extend(alike.chain([lowercase]).map(|code| (code, code)));
            }
            (Item::Range(first, last), _) => {
                if first <= LAST_OF_PLANE {
                    self.others.push(Member::FoldedRange(first, last.min(LAST_OF_PLANE)));
                }
                if last > LAST_OF_PLANE {
                    self.others.push(Member::WideRange(first, last));
                }
            }
        }
    }

    #[inline]
    pub(super) fn has_ascii(&self, byte: u8) -> bool {
        self.ascii & (1 << byte) != 0
    }

    pub(super) fn has(&self, code: u32) -> bool {
        let folded = self.fold.apply(code);
        let next = self.ranges.partition_point(|(_, last)| *last < folded);
        let in_range = self.ranges.get(next).is_some_and(|(first, _)| *first <= folded);
        (in_range || self.others.iter().any(|member| member.has(folded, self.fold))) != self.negated
    }

    pub(super) fn steps(&self) -> u64 {
        1 + self.others.len() as u64
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

/// The same ranges in order, without overlap.
fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some((_, end)) if first <= *end => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    merged
}

impl Member {
    fn has(self, code: u32, fold: Fold) -> bool {
        match self {
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
