//! Functions that run code which they are given as a text.

use std::ops::Range;

use super::Python;
use crate::flow::value::{Given, Value};
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
                // Compiled before out of a text that is known, and looked into then.
                Value::Named(named) if &*named.path == "compile()" && named.about.is_some() => {}
                // Functions and what is made of them are no texts.
                Value::Local(_) => {}
                // Python passes over blanks before an expression.
                Value::Text(text) if text.whole => {
                    self.reading.run(path, &Value::text(text.text.trim_start()), span);
                }
                other => self.reading.run(path, other, span),
            }
        }
    }

    /// The names that a call of `eval` or `exec` has for the code, besides those of the program.
    pub(super) fn names_for_code(&mut self, given: &Given) {
        for names in given.positional.iter().skip(1) {
            let Value::Mapping(entries) = names else { continue };
            self.has_namespaces = true;
            for (name, value) in entries.iter().filter(|(_, value)| value.may_be_named()) {
                if let Some(name) = name.whole_text() {
                    self.reading.scopes.bind_in_module(name, value.clone());
                }
            }
        }
    }

    /// `exec "code"`, as Python 2 has it.
    pub(super) fn exec_statement(&mut self, node: &Seen<'_>) {
        self.run_text("exec", &node.value("code"), &node.node.byte_range());
    }
}
