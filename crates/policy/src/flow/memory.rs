//! What the values that a scan makes take: of few short ones, code may make many long ones.

use std::cell::Cell;

use super::value::Value;

thread_local! {
    /// Bytes, of all values that were made, whether they are still there or not. A scan is the work of one thread.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

/// What a text takes besides its letters.
const AROUND_TEXT: usize = 32;

/// Counts from nothing on: a scan begins.
pub(crate) fn begin() {
    MADE.set(0);
}

pub(crate) fn made() -> usize {
    MADE.get()
}

pub(super) fn count_text(text: &str) {
    MADE.set(MADE.get() + text.len() + AROUND_TEXT);
}

pub(super) fn count_values(number: usize) {
    MADE.set(MADE.get() + number * size_of::<Value>());
}
