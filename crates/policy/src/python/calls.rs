//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::Python;
use super::{code, computing, paths, text_methods};
use crate::facts::Dynamic;
use crate::flow::sequences::{element, elements_of};
use crate::flow::value::{Given, Method, Named, Value};
use crate::flow::walk::Seen;

/// Functions that look at a module and do nothing with it.
const HARMLESS: [&str; 14] = [
    "print",
    "dir",
    "help",
    "type",
    "id",
    "repr",
    "str",
    "hasattr",
    "isinstance",
    "callable",
    "getattr",
    "vars",
    "importlib.reload",
    "len",
];

/// Arguments that a function is called with by `starmap`, at most.
const MOST_ARGUMENTS: usize = 4;

/// Where among the arguments of a call a function may stand that is called with those behind it.
const MOST_BEFORE_FUNCTION: usize = 3;

impl Python {
    pub(super) fn argument_list(&self, node: &Seen<'_>) -> Value {
        let mut given = Given::default();
        for part in &node.parts {
            match part.kind {
                "comment" => {}
                "keyword_argument" => {
                    if let Some(name) = part.node.child_by_field_name("name") {
                        given.named.push((self.name(name), part.value.clone()));
                    }
                }
                "list_splat" => match &part.value {
                    Value::Sequence(elements) => given.positional.extend(elements.iter().cloned()),
                    _ => given.open_ended = true,
                },
                "dictionary_splat" => given.open_ended = true,
                _ => given.positional.push(part.value.clone()),
            }
        }
        Value::Given(Rc::new(given))
    }

    pub(super) fn call(&mut self, node: &Seen<'_>) -> Value {
        let given = match node.value("arguments") {
            Value::Given(given) => given,
            generator => Rc::new(Given { positional: vec![generator], ..Given::default() }),
        };
        self.grow(node, &given);
        let function = node.value("function");
        let span = node.node.byte_range();
        self.called(&function, &given, &span)
    }

    /// `@function`: a call with what is defined below.
    pub(super) fn decorator(&mut self, node: &Seen<'_>) {
        let given = Given { positional: vec![Value::Unknown], ..Given::default() };
        self.called(&node.first(), &given, &node.node.byte_range());
    }

    /// What comes of calling what `function` may be.
    pub(super) fn called(&mut self, function: &Value, given: &Given, span: &Range<usize>) -> Value {
        let mut results = Vec::new();
        for one in function.alternatives() {
            results.push(match one {
                Value::Named(named) => self.call_named(named, given, span),
                Value::Method(method) => self.call_method(method, given, span),
                Value::Local(own) => self.reading.scopes.call_own(*own, given),
                _ => {
                    self.escapes(given, span);
                    Value::Unknown
                }
            });
        }
        Value::each(results)
    }

    fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>) -> Value {
        let path = &*named.path;
        self.reading.collected.call_of(path, || given.to_arguments(named.about.as_ref()), span);
        if !HARMLESS.contains(&path) && !path.starts_with("inspect.") {
            self.escapes(given, span);
            self.hand_on(path, given, span);
        }
        self.run_code(path, given, span);
        if matches!(path, "eval" | "exec") {
            self.names_for_code(given);
            self.reading.scopes.show_locals_to_module();
        }
        let known = self.reflect(named, given, span).or_else(|| self.load(path, given, span));
        let known = known.or_else(|| computing::compute(path, given)).or_else(|| paths::compute(path, given));
        if let Some(known) = known.or_else(|| paths::method(named, given)) {
            return known;
        }
        if let ("compile", Value::Text(text)) = (path, given.get_or_named(0, "source")) {
            return Value::about("compile()", text.whole.then_some(text));
        }
        if matches!(path, "open" | "io.open" | "codecs.open") {
            return paths::opened(&given.get_or_named(0, "file"));
        }
        // What built-in functions give has no name worth following, but for files.
        let nameless = !path.contains('.') && !matches!(path, "open" | "compile" | "get_ipython");
        if nameless || path.ends_with("()()") {
            Value::Unknown
        } else {
            Value::about(format!("{path}()"), named.about.clone())
        }
    }

    fn call_method(&mut self, method: &Method, given: &Given, span: &Range<usize>) -> Value {
        let name = &*method.name;
        self.escapes(given, span);
        if matches!(method.receiver, Value::Unknown | Value::Local(_)) {
            self.hand_on(name, given, span);
            self.reading.collected.call_of(&format!("?.{name}"), || given.to_arguments(None), span);
            return Value::Unknown;
        }
        text_methods::call_method(&method.receiver, name, given)
    }

    /// Calls functions that are handed on with what is handed on behind them, as whatever `name` is may do:
    /// `submit(os.remove, path)`, `map(os.remove, paths)`, `Thread(target=os.remove, args=(path,))`.
    fn hand_on(&mut self, name: &str, given: &Given, span: &Range<usize>) {
        if name.ends_with("starmap") {
            let positional = (0..MOST_ARGUMENTS).map(|at| element(&elements_of(&given.get(1)), at)).collect();
            return self.call_handed_on(&given.get(0), &Given { positional, ..Given::default() }, span);
        }
        let is_each = name.ends_with("map") || name == "filter";
        for (at, function) in given.positional.iter().enumerate().take(MOST_BEFORE_FUNCTION) {
            if !function.alternatives().iter().any(may_be_called) {
                continue;
            }
            let rest = &given.positional[at + 1..];
            let positional = match name {
                // What was given before comes first.
                "functools.reduce" => {
                    rest.iter().rev().map(|one| Value::either([elements_of(one), one.clone()])).collect()
                }
                _ if is_each => rest.iter().map(elements_of).collect(),
                _ => rest.to_vec(),
            };
            self.call_handed_on(function, &Given { positional, ..Given::default() }, span);
        }
        let by_name = |wanted: &[&str]| given.named.iter().find(|(own, _)| wanted.contains(&&**own)).map(|(_, v)| v);
        if let (Some(function), Some(Value::Sequence(arguments))) =
            (by_name(&["target", "func", "function"]), by_name(&["args"]))
        {
            let given = Given { positional: arguments.to_vec(), ..Given::default() };
            self.call_handed_on(function, &given, span);
        }
    }

    fn call_handed_on(&mut self, function: &Value, given: &Given, span: &Range<usize>) {
        for one in function.alternatives() {
            match one {
                Value::Named(named)
                    if named.about.is_some() || !given.positional.is_empty() && !is_class(&named.path) =>
                {
                    self.reading.collected.call_of(&named.path, || given.to_arguments(named.about.as_ref()), span);
                    self.run_code(&named.path, given, span);
                }
                Value::Local(own) if !given.positional.is_empty() => {
                    self.reading.scopes.call_own(*own, given);
                }
                _ => {}
            }
        }
    }

    /// Modules that are handed on, to be used where nobody sees it.
    fn escapes(&mut self, given: &Given, span: &Range<usize>) {
        let named = given.named.iter().map(|(_, value)| value);
        self.reading.escapes(given.positional.iter().chain(named), span);
    }

    /// Looks later into the code that a call runs.
    fn run_code(&mut self, path: &str, given: &Given, span: &Range<usize>) {
        self.run_template(path, given, span);
        for parameter in code::parameters(path) {
            let value = given.get_or_named(parameter.position, parameter.name);
            let is_given = given.positional.len() > parameter.position
                || given.named.iter().any(|(name, _)| &**name == parameter.name);
            if is_given {
                self.run_text(path, &value, span);
            } else if given.open_ended && parameter.needed {
                self.reading.collected.dynamic(Dynamic::Code, path, span.clone());
            }
        }
    }
}

/// Whether what has that name is a class, going by how these are written.
fn is_class(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|name| name.starts_with(|letter: char| letter.is_uppercase()))
}

fn may_be_called(value: &Value) -> bool {
    matches!(value, Value::Named(_) | Value::Local(_))
}
