//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::Cpp;
use super::casts::{FUNCTION_POINTER, TO_FUNCTION, TO_OTHER};
use super::computing::{compute, percents_filled};
use super::types::object_of;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Named, Value};
use crate::flow::walk::Seen;

/// Functions of C that cannot be called with nothing.
const TAKES_SOMETHING: [&str; 14] = [
    "kill",
    "mount",
    "umount",
    "socket",
    "prctl",
    "setuid",
    "setgid",
    "unshare",
    "getenv",
    "popen",
    "dlopen",
    "dlsym",
    "personality",
    "acct",
];

impl Cpp {
    pub(super) fn arguments(&self, node: &Seen<'_>) -> Value {
        let parts = node.parts.iter().filter(|part| part.kind != "comment");
        let positional = parts.map(|part| part.value.clone()).collect();
        Value::Given(Rc::new(Given { positional, ..Given::default() }))
    }

    pub(super) fn call_expression(&mut self, node: &Seen<'_>) -> Value {
        let given = given_of(&node.value("arguments"));
        let function = node.value("function");
        let mut results = Vec::new();
        let is_own = |one: &Value| matches!(one, Value::Local(_));
        let own_alone = given.positional.is_empty() && function.alternatives().iter().any(is_own);
        // An own function that takes nothing hides one of C's where nothing is given.
        for one in function.alternatives().iter().filter(|one| !own_alone || is_own(one)) {
            results.push(match one {
                Value::Named(named) => {
                    let value = self.call_named(named, &given, &node.node.byte_range());
                    self.fill(&named.path, &given, node);
                    value
                }
                Value::Method(method) => self.call_method(method, &given, node),
                Value::Local(function) => {
                    for (position, value) in given.positional.iter().enumerate().take(64) {
                        self.reading.scopes.give(*function, position, value.clone());
                    }
                    self.reading.scopes.returned_by(*function)
                }
                _ => Value::Unknown,
            });
        }
        Value::each(results)
    }

    /// A call of what has a name, or the making of an object of such a type.
    pub(super) fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>) -> Value {
        let path = &*named.path;
        match path {
            TO_OTHER => return given.get(0),
            FUNCTION_POINTER if given.positional.is_empty() => return object_of(&Value::named(FUNCTION_POINTER)),
            TO_FUNCTION | FUNCTION_POINTER => return self.as_function(&given.get(0), span),
            "sizeof" | "alignof" => return Value::Unknown,
            // A function of that name that takes nothing is another one.
            _ if given.positional.is_empty() && TAKES_SOMETHING.contains(&path) => return Value::Unknown,
            _ => {}
        }
        let arguments = || with_command(path, given).to_arguments(named.about.as_ref());
        self.reading.collected.call_of(path, arguments, span);
        if matches!(path, "dlsym" | "dlvsym" | "GetProcAddress" | "boost::dll::import_symbol") {
            return self.looked_up(path, &given.get(1), span);
        }
        if let Some(known) = super::streams::written(named).or_else(|| compute(path, given)) {
            return known;
        }
        let about = match given.positional.first() {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::Named(Named { about: Some(about), .. })) => Some(about.clone()),
            _ => named.about.clone(),
        };
        if path.ends_with("()()") { Value::Unknown } else { Value::about(format!("{path}()"), about) }
    }

    /// `dlsym(handle, name)`: the function of that name.
    fn looked_up(&mut self, path: &str, name: &Value, span: &Range<usize>) -> Value {
        if let Some(name) = name.whole_text() {
            let found = Value::named(super::canonical::canonical(name));
            self.reading.collected.use_of(&found, span);
            return found;
        }
        self.reading.collected.dynamic(Dynamic::Attribute, path, span.clone());
        Value::named(format!("{path}()"))
    }

    /// `new type(…)`, `type{…}`.
    pub(super) fn made(&mut self, of: &Value, given: &Given, span: &Range<usize>) -> Value {
        of.map(|of| match of {
            Value::Named(named) => self.call_named(named, given, span),
            Value::Local(class) => Value::Local(*class),
            _ => match given.positional.as_slice() {
                [one] => one.clone(),
                _ => Value::Unknown,
            },
        })
    }

    /// Functions that write a text into a variable.
    fn fill(&mut self, path: &str, given: &Given, node: &Seen<'_>) {
        let rest = |from: usize| given.positional.get(from..).unwrap_or_default();
        let value = match path {
            "strcpy" | "strncpy" | "stpcpy" | "memcpy" | "wcscpy" | "strlcpy" => given.get(1),
            "strcat" | "strncat" | "wcscat" | "strlcat" => given.get(0).plus(&given.get(1)),
            "sprintf" => percents_filled(&given.get(1), rest(2)),
            "snprintf" => percents_filled(&given.get(2), rest(3)),
            _ => return,
        };
        let arguments = node.node.child_by_field_name("arguments");
        let variable = arguments.and_then(|arguments| arguments.named_child(0));
        if let Some(variable) = variable.filter(|variable| variable.kind() == "identifier") {
            let name = self.reading.text(variable);
            self.reading.scopes.assign(&name, value);
        }
    }
}

/// What an argument list or a list in braces gives.
pub(super) fn given_of(value: &Value) -> Rc<Given> {
    match value {
        Value::Given(given) => given.clone(),
        Value::Sequence(elements) => Rc::new(Given { positional: elements.to_vec(), ..Given::default() }),
        _ => Rc::default(),
    }
}

/// Arguments that name a program and what it is given one by one, with all of it as one more.
fn with_command(path: &str, given: &Given) -> Given {
    let mut all = Given { positional: given.positional.clone(), named: Vec::new(), open_ended: given.open_ended };
    if path.starts_with("exec") || path.starts_with("posix_spawn") || path.contains("::process::") {
        let lists = given.positional.iter().flat_map(|value| match value {
            Value::Sequence(elements) => elements.to_vec(),
            other => vec![other.clone()],
        });
        let words: Vec<_> = lists.filter_map(|value| value.whole_text().map(str::to_owned)).take(64).collect();
        all.named.push(("command".into(), Value::text(words.join(" "))));
    }
    all
}
