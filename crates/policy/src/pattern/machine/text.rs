//! A text, character by character.

use crate::pattern::category::is_word;
use crate::pattern::unit::Unit;

#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    text: &'a str,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text }
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    #[inline]
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The place after the character at `at`, if `unit` matches that.
    #[inline]
    pub(super) fn after(&self, unit: &Unit, at: usize) -> Option<usize> {
        let byte = self.byte(at)?;
        if byte.is_ascii() {
            return unit.matches_ascii(byte).then_some(at + 1);
        }
        let character = self.text.get(at..)?.chars().next()?;
        unit.matches(character).then_some(at + character.len_utf8())
    }

    /// The place of the character before `at`.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        self.text.get(..at)?.char_indices().next_back().map(|(place, _)| place)
    }

    pub(super) fn characters(&self, from: usize) -> impl Iterator<Item = char> + use<'a> {
        self.text.get(from..).unwrap_or_default().chars()
    }

    pub(super) fn is_word_boundary(&self, at: usize, ascii: bool) -> bool {
        let before = self.text.get(..at).and_then(|text| text.chars().next_back());
        let after = self.characters(at).next();
        let word = |character: Option<char>| character.is_some_and(|character| is_word(character, ascii));
        word(before) != word(after)
    }
}
