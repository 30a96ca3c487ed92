use std::ops::Range;

use super::value::{Named, Value};
use crate::facts::{Argument, Arguments, Dynamic, Fact, Found};
use crate::wanted::Wanted;

/// Bytes that the facts of a pass may take.
const MOST_BYTES: usize = 64 << 20;

/// The facts that a pass has found so far.
pub(crate) struct Collected {
    found: Vec<Found>,
    wanted: Wanted,
    /// Whether anything is kept: what the first pass finds, the last finds again.
    pub(crate) is_open: bool,
    /// How many bytes they take, about.
    bytes: usize,
    /// Where all facts are said to be, while code within a string is looked at.
    pub(crate) within: Option<Range<usize>>,
}

impl Collected {
    pub(crate) fn of(wanted: Wanted) -> Self {
        Collected { found: Vec::new(), wanted, is_open: false, bytes: 0, within: None }
    }

    /// Whether it is asked what is done with what has that name.
    pub(crate) fn asks_for(&self, path: &str) -> bool {
        self.wanted.includes(path)
    }

    /// Whether it is worth saying what is done with what has that name.
    pub(crate) fn wants(&self, path: &str) -> bool {
        self.is_open && self.wanted.includes(path)
    }

    fn push(&mut self, fact: Fact, span: Range<usize>) {
        if !self.wanted.keeps(&fact) {
            return;
        }
        let span = self.within.clone().unwrap_or(span);
        self.bytes += size(&fact);
        if !self.is_full() {
            self.found.push(Found { fact, span });
        }
    }

    pub(crate) fn import(&mut self, module: &str, name: Option<&str>, by_statement: bool, span: Range<usize>) {
        if !self.is_open {
            return;
        }
        let (module, name) = (module.to_owned(), name.map(str::to_owned));
        let by_statement = by_statement && self.within.is_none();
        self.push(Fact::Import { module, name, by_statement }, span);
    }

    /// Says that `value` is named, for each name it may have.
    pub(crate) fn use_of(&mut self, value: &Value, span: &Range<usize>) {
        let named = value.alternatives().iter().filter_map(Value::as_named);
        // What a call gives was said with the call.
        for Named { path, .. } in named.filter(|named| !named.path.ends_with("()")) {
            if self.wants(path) {
                self.push(Fact::Use { path: path.to_string(), call: None }, span.clone());
            }
        }
    }

    /// Says that what has that name is called. `given` is what rules see of what it is given.
    pub(crate) fn call_of(&mut self, path: &str, given: impl FnOnce() -> Arguments, span: &Range<usize>) {
        if self.wants(path) {
            self.push(Fact::Use { path: path.to_owned(), call: Some(given()) }, span.clone());
        }
    }

    pub(crate) fn dynamic(&mut self, what: Dynamic, path: &str, span: Range<usize>) {
        if self.is_open {
            self.push(Fact::Dynamic { what, path: path.to_owned() }, span);
        }
    }

    /// Whether there were more facts than are kept.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes > MOST_BYTES
    }

    pub(crate) fn take(&mut self) -> Vec<Found> {
        std::mem::take(&mut self.found)
    }
}

/// How many bytes a fact takes, about.
fn size(fact: &Fact) -> usize {
    let of_arguments = match fact {
        Fact::Use { call: Some(call), .. } => {
            let all = call.positional.iter().chain(call.named.iter().map(|(_, argument)| argument));
            let texts = all.flat_map(Argument::alternatives).map(|argument| 64 + argument.text().map_or(0, str::len));
            texts.sum::<usize>()
        }
        _ => 0,
    };
    size_of::<Found>() + 32 + of_arguments
}
