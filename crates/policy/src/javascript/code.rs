//! Functions that run code which they are given as a text.

use std::ops::Range;

use super::{Code, JavaScript};
use crate::facts::Dynamic;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

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
                self.run_text(path, &given.get(0), span);
            }
            "Function" | "object.constructor.constructor" => {
                if let Some(body) = given.positional.last() {
                    self.run_text("Function", body, span);
                }
            }
            // A function is what these are given nearly always.
            "setTimeout" | "setInterval" | "setImmediate" => {
                let text = given.get(0);
                if text.alternatives().iter().any(|one| matches!(one, Value::Text(_))) {
                    self.run_text(path, &text, span);
                }
            }
            "worker_threads.Worker" | "Worker" => {
                let from_text = |(key, value): &(Value, Value)| {
                    key.whole_text() == Some("eval") && !matches!(value, Value::Number(0))
                };
                if matches!(given.get(1), Value::Mapping(options) if options.iter().any(from_text)) {
                    self.run_text(path, &given.get(0), span);
                }
            }
            _ => {}
        }
    }

    /// Looks later into the lines of what could not be parsed that load something.
    pub(super) fn imports_in_error(&mut self, node: &Seen<'_>) {
        let source = self.source.clone();
        let mut start = node.node.start_byte();
        for line in source.get(node.node.byte_range()).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            let statement = text.trim();
            if statement.starts_with("import ") || statement.contains("require") || statement.contains("import(") {
                let span = self.collected.within.clone().unwrap_or(start..start + line.len());
                self.code.push(Code { text: statement.into(), span, depth: self.depth + 1 });
            }
            start += line.len();
        }
    }

    fn run_text(&mut self, path: &str, value: &Value, span: &Range<usize>) {
        for one in value.alternatives() {
            match one.whole_text() {
                Some(text) => {
                    let span = self.collected.within.clone().unwrap_or_else(|| span.clone());
                    self.code.push(Code { text: text.into(), span, depth: self.depth + 1 });
                }
                None => self.collected.dynamic(Dynamic::Code, path, span.clone()),
            }
        }
    }
}
