use std::ops::Range;

use super::value::{Named, Value};
use crate::facts::{Arguments, Dynamic, Fact, Found};

/// The facts that a pass has found so far.
#[derive(Default)]
pub(crate) struct Collected {
    found: Vec<Found>,
    /// Where all facts are said to be, while code within a string is looked at.
    pub(crate) within: Option<Range<usize>>,
}

impl Collected {
    fn push(&mut self, fact: Fact, span: Range<usize>) {
        let span = self.within.clone().unwrap_or(span);
        self.found.push(Found { fact, span });
    }

    pub(crate) fn import(&mut self, module: &str, name: Option<&str>, by_statement: bool, span: Range<usize>) {
        let (module, name) = (module.to_owned(), name.map(str::to_owned));
        let by_statement = by_statement && self.within.is_none();
        self.push(Fact::Import { module, name, by_statement }, span);
    }

    /// Says that `value` is named, for each name it may have.
    pub(crate) fn use_of(&mut self, value: &Value, span: &Range<usize>) {
        let named = value.alternatives().iter().filter_map(Value::as_named);
        // What a call gives was said with the call.
        for Named { path, .. } in named.filter(|named| !named.path.ends_with("()")) {
            self.push(Fact::Use { path: path.to_string(), call: None }, span.clone());
        }
    }

    pub(crate) fn call_of(&mut self, path: &str, call: Arguments, span: &Range<usize>) {
        self.push(Fact::Use { path: path.to_owned(), call: Some(call) }, span.clone());
    }

    pub(crate) fn dynamic(&mut self, what: Dynamic, path: &str, span: Range<usize>) {
        self.push(Fact::Dynamic { what, path: path.to_owned() }, span);
    }

    pub(crate) fn clear(&mut self) {
        self.found.clear();
    }

    pub(crate) fn into_found(self) -> Vec<Found> {
        self.found
    }
}
