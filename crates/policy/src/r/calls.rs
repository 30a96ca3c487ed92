//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::R;
use super::arguments::argument;
use super::{computing, paths, texts};
use crate::facts::{Argument, Arguments, Dynamic};
use crate::flow::value::{Given, Named, Text, Value};
use crate::flow::walk::Seen;

/// Functions that run a program, whose arguments are one command.
const COMMANDS: [&str; 6] = ["system", "system2", "shell", "processx::run", "sys::exec_wait", "sys::exec_internal"];

/// What functions that write call what they write.
const FIRST: [&str; 6] = ["x", "text", "object", "url", "from", "data"];

/// Functions that give what they are given first.
const TRANSPARENT: [&str; 17] = [
    ".",
    "identity",
    "invisible",
    "force",
    "suppressWarnings",
    "suppressMessages",
    "try",
    "tryCatch",
    "local",
    "I",
    "print",
    "isolate",
    "quote",
    "bquote",
    "expression",
    "substitute",
    "withVisible",
];

impl R {
    pub(super) fn call(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let given = match node.value("arguments") {
            Value::Given(given) => given,
            _ => Rc::default(),
        };
        let span = node.node.byte_range();
        if let Some(value) = self.load_by_name(node, &given, &span) {
            return value;
        }
        let given = self.with_piped(node, given, ancestors);
        self.called(&node.value("function"), &given, &span)
    }

    /// What comes of calling what `function` may be.
    pub(super) fn called(&mut self, function: &Value, given: &Given, span: &Range<usize>) -> Value {
        self.called_within(function, given, span, 0)
    }

    /// The same. `depth` counts functions that call functions.
    pub(super) fn called_within(
        &mut self,
        function: &Value,
        given: &Given,
        span: &Range<usize>,
        depth: usize,
    ) -> Value {
        if depth > 4 {
            return Value::Unknown;
        }
        let mut results = Vec::new();
        for one in function.alternatives() {
            results.push(match one {
                Value::Named(named) => self.call_named(named, given, span, depth),
                Value::Local(function) => self.reading.scopes.call_own(*function, given),
                // A function may be named by a text where it is called.
                Value::Text(Text { text, whole: true }) => {
                    self.called_within(&self.function(text), given, span, depth + 1)
                }
                Value::Method(method) => {
                    self.reading.collected.call_of(&format!("?.{}", method.name), || given.to_arguments(None), span);
                    // Objects of R6 and of reference classes are made by a method of their class.
                    let constructor = self.reading.scopes.field("initialize").filter(|_| &*method.name == "new");
                    if let Some(constructor) = constructor {
                        self.called_within(&constructor, given, span, depth + 1);
                    }
                    Value::Unknown
                }
                _ => Value::Unknown,
            });
        }
        Value::each(results)
    }

    fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let path = &*named.path;
        if path == "get()" {
            self.reading.collected.dynamic(Dynamic::Attribute, "get", span.clone());
            return Value::Unknown;
        }
        self.reading.collected.call_of(path, || arguments_of(named, given), span);
        self.bind_within(path, given);
        self.keep_members(path, given);
        if path == "UseMethod" {
            return self.dispatch(&argument(given, 0, "generic"), span, depth);
        }
        let known = self.run_code(path, given, span).or_else(|| self.load(path, given, span));
        let known = known.or_else(|| self.reach(path, given, span)).or_else(|| self.assign_by_call(path, given));
        if let Some(known) = known.or_else(|| self.call_functions(path, given, span, depth)) {
            return known;
        }
        if TRANSPARENT.contains(&path) {
            return given.positional.first().cloned().unwrap_or_else(|| argument(given, 0, "expr"));
        }
        let known = computing::compute(path, given).or_else(|| texts::compute(path, given));
        if let Some(known) = known.or_else(|| paths::compute(path, given)) {
            return known;
        }
        if path.ends_with("()") { Value::Unknown } else { Value::about(format!("{path}()"), paths::about(path, given)) }
    }
}

/// What rules see of what a function is given.
fn arguments_of(named: &Named, given: &Given) -> Arguments {
    let mut arguments = given.to_arguments(named.about.as_ref());
    if let Some(line) = COMMANDS.contains(&&*named.path).then(|| command_line(given)).flatten() {
        arguments.positional.insert(0, Argument::Text(line));
    }
    // What is given first by its name leaves the places of the others as they are written in rules.
    let first = given.named.iter().find(|(name, _)| FIRST.contains(&&**name));
    if let Some((_, value)) = first.filter(|_| !given.positional.is_empty()) {
        arguments.positional.insert(0, value.to_argument());
    }
    arguments
}

/// The words of a command in one text, as far as they are known.
fn command_line(given: &Given) -> Option<String> {
    let named = given.named.iter().filter(|(name, _)| matches!(&**name, "args" | "command")).map(|(_, value)| value);
    let mut line = String::new();
    for value in given.positional.iter().chain(named) {
        let words = match value {
            Value::Sequence(elements) => elements.to_vec(),
            one => one.alternatives().to_vec(),
        };
        for word in words.iter().take(64).filter_map(|word| word.to_argument().text().map(str::to_owned)) {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(&word);
        }
    }
    (!line.is_empty()).then_some(line)
}
