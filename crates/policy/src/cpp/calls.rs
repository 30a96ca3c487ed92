//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::Cpp;
use super::casts::{FUNCTION_POINTER, TO_FUNCTION, TO_OTHER};
use super::classes::is_named_scope;
use super::computing::{compute, percents_filled};
use super::handing::within_directories;
use super::types::object_of;
use crate::facts::Dynamic;
use crate::flow::sequences::element;
use crate::flow::value::{Given, Named, Value};
use crate::flow::walk::{Part, Seen};

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

    /// A list in braces. Values that stand there with the names of fields keep these.
    pub(super) fn in_braces(&self, node: &Seen<'_>) -> Value {
        let parts = || node.parts.iter().filter(|part| part.kind != "comment");
        let field = |part: &Part<'_>| {
            let designator = part.node.named_child(0).filter(|_| part.kind == "initializer_pair")?;
            let name = designator.named_child(0).filter(|_| designator.kind() == "field_designator")?;
            Some((self.reading.text(name), part.value.clone()))
        };
        let named: Vec<_> = parts().filter_map(field).collect();
        if named.is_empty() {
            return Value::sequence(parts().map(|part| part.value.clone()).collect());
        }
        Value::Given(Rc::new(Given { named, ..Given::default() }))
    }

    pub(super) fn call_expression(&mut self, node: &Seen<'_>) -> Value {
        let given = given_of(&node.value("arguments"));
        let function = node.value("function");
        self.grow(node, &function, &given);
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
                one => self.call_own(one, &given),
            });
        }
        Value::each(results)
    }

    /// A call of a function or a class of the program.
    pub(super) fn call_own(&mut self, own: &Value, given: &Given) -> Value {
        match own {
            Value::Local(class) if is_named_scope(*class) => self.call_of_class(*class, given),
            Value::Local(function) => {
                self.give_all(*function, given);
                self.reading.scopes.returned_by(*function)
            }
            _ => Value::Unknown,
        }
    }

    /// A call of what has a name, or the making of an object of such a type.
    pub(super) fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>) -> Value {
        let path = &*named.path;
        match path {
            TO_OTHER => return given.get(0),
            FUNCTION_POINTER if given.positional.is_empty() => return object_of(&Value::named(FUNCTION_POINTER)),
            TO_FUNCTION | FUNCTION_POINTER => return self.as_function(&given.get(0), span),
            "sizeof" | "alignof" => return Value::Unknown,
            // The one that removes values from a sequence.
            "remove" if given.positional.len() > 2 => return Value::Unknown,
            "std::get" => {
                let place = named.about.as_ref().and_then(|place| place.text.parse().ok());
                return place.map_or(Value::Unknown, |place| element(&given.get(0), place));
            }
            // A function of that name that takes nothing is another one.
            _ if given.positional.is_empty() && TAKES_SOMETHING.contains(&path) => return Value::Unknown,
            _ => {}
        }
        let bound = self.hand_on(path, given, span);
        let arguments = || as_given(path, given).to_arguments(named.about.as_ref());
        self.reading.collected.call_of(path, arguments, span);
        if matches!(path, "dlsym" | "dlvsym" | "GetProcAddress" | "boost::dll::import_symbol") {
            return self.looked_up(path, &given.get(1), span);
        }
        if let Some(known) = bound.or_else(|| super::streams::written(named)).or_else(|| compute(path, given)) {
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
            Value::Local(class) if is_named_scope(*class) => self.construct(*class, given),
            Value::Local(function) => Value::Local(*function),
            // A collection of objects of a class.
            Value::Sequence(of) if !given.positional.is_empty() => {
                let of = of.first().cloned().unwrap_or_default();
                let elements = given.positional.iter().map(|one| self.object_in_braces(&of, one, span));
                Value::sequence(elements.collect())
            }
            Value::Sequence(_) => of.clone(),
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

/// Arguments as rules are to see them: those that name a program and what it is given one by one, with all of it as one
/// more; those that are looked for in a directory, with its path.
fn as_given(path: &str, given: &Given) -> Given {
    let mut all = Given { positional: given.positional.clone(), named: Vec::new(), open_ended: given.open_ended };
    within_directories(path, &mut all);
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
