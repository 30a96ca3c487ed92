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
        "cProfile.run"
        | "cProfile.runctx"
        | "profile.run"
        | "profile.runctx"
        | "pdb.run"
        | "pdb.runeval"
        | "trace.Trace().run"
        | "trace.Trace().runctx"
        | "bdb.Bdb().run"
        | "bdb.Bdb().runeval" => &STATEMENT,
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

    /// Looks later into the code in templates and formulas, which are nearly always neither known nor harmful.
    pub(super) fn run_template(&mut self, path: &str, given: &Given, span: &Range<usize>) {
        let text = || given.get_or_named(0, "source");
        match path {
            "jinja2.Template" | "flask.render_template_string" => self.run_marked(&text(), span),
            "sympy.sympify" | "sympy.parsing.sympy_parser.parse_expr" | "sympy.parse_expr" => {
                if let Some(formula) = text().whole_text() {
                    self.reading.run(path, &Value::text(formula), span);
                }
            }
            _ if path.starts_with("doctest.") => {
                let examples = self.reading.source_lines().filter_map(|line| {
                    line.trim_start().strip_prefix(">>> ").or_else(|| line.trim_start().strip_prefix("... "))
                });
                let examples: Vec<_> = examples.collect();
                let examples = examples.join("\n");
                self.reading.run(path, &Value::text(examples), span);
            }
            _ if path.ends_with(".from_string") => self.run_marked(&text(), span),
            _ if path.ends_with(".query") || path.ends_with(".eval") => {
                // `@name` is a variable of the program.
                if let Some(expression) = text().whole_text().filter(|text| text.contains('@')) {
                    self.reading.run(path, &Value::text(expression.replace('@', "")), span);
                }
            }
            _ => {}
        }
    }

    fn run_marked(&mut self, template: &Value, span: &Range<usize>) {
        for marks in [["{{", "}}"], ["{%", "%}"]] {
            self.reading.run_pieces(template, marks, span);
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
