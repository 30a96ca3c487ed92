//! Upper and lower case as Python's `re` knows it: one character to one, by Unicode's simple mappings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What is done to a character of the text before it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    None,
    Ascii,
    Unicode,
}

impl Fold {
    #[inline]
    pub(super) fn apply(self, code: u32) -> u32 {
        match self {
            Self::None => code,
            Self::Ascii => lower_ascii(code),
            Self::Unicode => lower(code),
        }
    }

    pub(super) fn is_cased(self, code: u32) -> bool {
        match self {
            Self::None => false,
            Self::Ascii => u8::try_from(code).is_ok_and(|byte| byte.is_ascii_alphabetic()),
            Self::Unicode => lower(code) != code || upper(code) != code,
        }
    }
}

fn lower_ascii(code: u32) -> u32 {
    u8::try_from(code).map_or(code, |byte| byte.to_ascii_lowercase().into())
}

pub(super) fn lower(code: u32) -> u32 {
    if code < 0x80 {
        return lower_ascii(code);
    }
    char::from_u32(code).and_then(|c| c.to_lowercase().next()).map_or(code, u32::from)
}

pub(super) fn upper(code: u32) -> u32 {
    char::from_u32(code).and_then(|c| c.to_uppercase().next()).map_or(code, u32::from)
}

/// The last character of the plane that has the tables below. What lies beyond has no exceptions in its casing.
pub(super) const LAST_OF_PLANE: u32 = 0xFFFF;

/// What cannot be asked of a single character, of the basic plane.
struct Tables {
    /// All that have another case, in order.
    cased: Vec<u32>,
    /// A lowercase character, and one that becomes it; in order.
    becomes: Vec<(u32, u32)>,
    /// A lowercase character, and the others with the same uppercase: `s` and `ſ`.
    alike: BTreeMap<u32, Vec<u32>>,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let cased: Vec<u32> = (0..=LAST_OF_PLANE).filter(|code| Fold::Unicode.is_cased(*code)).collect();
        let mut becomes: Vec<(u32, u32)> =
            cased.iter().map(|code| (lower(*code), *code)).filter(|(lower, code)| lower != code).collect();
        becomes.sort_unstable();
        let alike = with_same_uppercase(&cased);
        Tables { cased, becomes, alike }
    })
}

fn with_same_uppercase(cased: &[u32]) -> BTreeMap<u32, Vec<u32>> {
    let mut by_uppercase: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for code in cased {
        let lowercase = lower(*code);
        if let Some(character) = char::from_u32(lowercase) {
            by_uppercase.entry(character.to_uppercase().collect()).or_default().insert(lowercase);
        }
    }
    let mut alike = BTreeMap::new();
    for group in by_uppercase.values().filter(|group| group.len() > 1) {
        for code in group {
            alike.insert(*code, group.iter().copied().filter(|other| other != code).collect());
        }
    }
    alike
}

/// The other lowercase characters with the same uppercase as this one.
pub(super) fn alike(lowercase: u32) -> &'static [u32] {
    tables().alike.get(&lowercase).map_or(&[], Vec::as_slice)
}

/// Whether a character of the basic plane from `first` to `last` has another case.
pub(super) fn any_cased(first: u32, last: u32) -> bool {
    let cased = &tables().cased;
    cased.get(cased.partition_point(|code| *code < first)).is_some_and(|code| *code <= last)
}

/// Whether a character of the basic plane from `first` to `last` is `lowercase` in another case.
pub(super) fn range_has(first: u32, last: u32, lowercase: u32) -> bool {
    becomes_from(first, last, lowercase) || alike(lowercase).iter().any(|other| becomes_from(first, last, *other))
}

fn becomes_from(first: u32, last: u32, lowercase: u32) -> bool {
    if (first..=last).contains(&lowercase) && lower(lowercase) == lowercase {
        return true;
    }
    let becomes = &tables().becomes;
    let from = becomes.partition_point(|pair| *pair < (lowercase, first));
    becomes.get(from).is_some_and(|(lower, code)| *lower == lowercase && *code <= last)
}
