//! Functions that run code which they are given as a text.

use std::ops::Range;

use super::JavaScript;
use crate::flow::value::{Given, Value};

impl JavaScript {
    /// Looks later into the code that a call runs.
    pub(super) fn run_code(&mut self, path: &str, given: &Given, span: &Range<usize>) {
        match path {
            "eval"
            | "vm.runInThisContext"
            | "vm.runInNewContext"
            | "vm.runInContext"
            | "vm.Script"
            | "vm.compileFunction"
            | "vm.SourceTextModule"
                if (!given.positional.is_empty() || given.open_ended) =>
            {
                self.reading.run(path, &given.get(0), span);
            }
            "lodash.template" | "underscore.template" | "ejs.render" | "ejs.compile" => {
                self.reading.run_pieces(&given.get(0), ["<%", "%>"], span);
            }
            "module()._compile" | "module.Module()._compile" | "module._compile" => {
                self.reading.run(path, &given.get(0), span);
            }
            "Function" | "object.constructor.constructor" => {
                if let Some(body) = given.positional.last() {
                    self.reading.run("Function", body, span);
                }
            }
            // A function is what these are given nearly always.
            "setTimeout" | "setInterval" | "setImmediate" => {
                let text = given.get(0);
                if text.alternatives().iter().any(|one| matches!(one, Value::Text(_))) {
                    self.reading.run(path, &text, span);
                }
            }
            "worker_threads.Worker" | "Worker" => {
                let from_text = |(key, value): &(Value, Value)| {
                    key.whole_text() == Some("eval") && !matches!(value, Value::Number(0))
                };
                if matches!(given.get(1), Value::Mapping(options) if options.iter().any(from_text)) {
                    self.reading.run(path, &given.get(0), span);
                }
            }
            _ => {}
        }
    }
}
