//! Functions that run code which they are given as a text.

use std::ops::Range;

use super::{Code, Python};
use crate::facts::Dynamic;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// A parameter that takes code.
pub(super) struct Parameter {
    pub(super) position: usize,
    pub(super) name: &'static str,
    /// Whether every call has it.
    pub(super) needed: bool,
}

const fn needed(name: &'static str) -> Parameter {
    Parameter { position: 0, name, needed: true }
}

const EXPRESSION: [Parameter; 1] = [needed("source")];
const STATEMENT: [Parameter; 1] = [needed("statement")];
const TIMED: [Parameter; 2] =
    [Parameter { position: 0, name: "stmt", needed: false }, Parameter { position: 1, name: "setup", needed: false }];

/// The parameters of the function `path` that take code.
pub(super) fn parameters(path: &str) -> &'static [Parameter] {
    match path {
        "eval" | "exec" | "compile" | "code.compile_command" | "codeop.compile_command" => &EXPRESSION,
        "timeit.timeit" | "timeit.repeat" | "timeit.Timer" => &TIMED,
        "cProfile.run" | "cProfile.runctx" | "profile.run" | "profile.runctx" | "pdb.run" | "pdb.runeval" => &STATEMENT,
        "code.InteractiveInterpreter().runsource" | "code.InteractiveConsole().push" => &EXPRESSION,
        "code.InteractiveInterpreter().runcode" => &EXPRESSION,
        _ => &[],
    }
}

impl Python {
    /// Looks later into the code that `value` is; says so where it is not known.
    pub(super) fn run_text(&mut self, path: &str, value: &Value, span: &Range<usize>) {
        for one in value.alternatives() {
            match one {
                // Compiled before, and looked into then.
                Value::Named(named) if matches!(&*named.path, "compile()" | "code.compile_command()") => {}
                // Functions and what is made of them are no texts.
                Value::Local(_) => {}
                _ => match one.whole_text() {
                    Some(text) => {
                        let span = self.collected.within.clone().unwrap_or_else(|| span.clone());
                        self.code.push(Code { text: text.trim_start().into(), span, depth: self.depth + 1 });
                    }
                    None => self.collected.dynamic(Dynamic::Code, path, span.clone()),
                },
            }
        }
    }

    /// Looks later into the lines of what could not be parsed that import something.
    pub(super) fn imports_in_error(&mut self, node: &Seen<'_>) {
        let source = self.source.clone();
        let mut start = node.node.start_byte();
        for line in source.get(node.node.byte_range()).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            let statement = text.trim();
            if statement.starts_with("import ") || statement.starts_with("from ") {
                let span = self.collected.within.clone().unwrap_or(start..start + line.len());
                self.code.push(Code { text: statement.into(), span, depth: self.depth + 1 });
            }
            start += line.len();
        }
    }

    /// `exec "code"`, as Python 2 has it.
    pub(super) fn exec_statement(&mut self, node: &Seen<'_>) {
        self.run_text("exec", &node.value("code"), &node.node.byte_range());
    }
}
