//! The character classes `\w`, `\d` and `\s`, as Python's `str` has them.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, HirKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Word,
    Digit,
    Space,
}

impl Category {
    pub(super) fn has(self, code: u32, ascii: bool) -> bool {
        match u8::try_from(code) {
            Ok(byte) if byte.is_ascii() => self.has_ascii(byte, ascii),
            _ => !ascii && char::from_u32(code).is_some_and(|character| self.has_beyond_ascii(character)),
        }
    }

    fn has_ascii(self, byte: u8, ascii: bool) -> bool {
        match self {
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::Digit => byte.is_ascii_digit(),
            Self::Space => matches!(byte, b'\t'..=b'\r' | b' ') || !ascii && matches!(byte, 0x1C..=0x1F),
        }
    }

    fn has_beyond_ascii(self, character: char) -> bool {
        match self {
            Self::Word => within(words(), character),
            Self::Digit => within(digits(), character),
            Self::Space => character.is_whitespace(),
        }
    }
}

/// Whether a character is part of a word, for `\b`.
pub(super) fn is_word(character: char, ascii: bool) -> bool {
    Category::Word.has(character.into(), ascii)
}

type Ranges = Vec<(char, char)>;

fn words() -> &'static Ranges {
    static RANGES: OnceLock<Ranges> = OnceLock::new();
    RANGES.get_or_init(|| ranges(r"[\p{L}\p{N}]"))
}

fn digits() -> &'static Ranges {
    static RANGES: OnceLock<Ranges> = OnceLock::new();
    RANGES.get_or_init(|| ranges(r"\p{Nd}"))
}

/// The ranges of a class of Unicode's general categories, in order.
fn ranges(class: &str) -> Ranges {
    match regex_syntax::parse(class).map(regex_syntax::hir::Hir::into_kind) {
        Ok(HirKind::Class(Class::Unicode(class))) => {
            class.ranges().iter().map(|range| (range.start(), range.end())).collect()
        }
        other => unreachable!("a class of general categories is {other:?}"),
    }
}

fn within(ranges: &Ranges, character: char) -> bool {
    let next = ranges.partition_point(|(_, last)| *last < character);
    ranges.get(next).is_some_and(|(first, _)| *first <= character)
}
