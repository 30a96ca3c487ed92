//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::globals::global;
use super::{JavaScript, computing, methods, paths};
use crate::flow::sequences::elements_of;
use crate::flow::value::{Given, Method, Named, Value};
use crate::flow::walk::Seen;

/// Methods that show what they are given and do nothing with it.
const SHOWING: [&str; 7] = ["log", "info", "error", "warn", "debug", "dir", "table"];

/// Methods that call a function with each element.
const CALLING: [&str; 9] = ["map", "forEach", "flatMap", "filter", "find", "findIndex", "findLast", "some", "every"];

impl JavaScript {
    /// Gives a function that stands in the call of such a method its parameter, before its body is seen.
    pub(super) fn give_elements(&mut self, function: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let [.., call, arguments] = ancestors else { return };
        if call.kind != "call_expression" || arguments.kind != "arguments" || !arguments.parts.is_empty() {
            return;
        }
        let elements = call.value("function").map(|called| match called {
            Value::Method(method) if CALLING.contains(&&*method.name) => elements_of(&method.receiver),
            Value::Method(method) if &*method.name == "then" => method.receiver.clone(),
            _ => Value::Unknown,
        });
        if !elements.is_unknown() {
            self.reading.scopes.give(self.reading.scope_id(function.node), 0, elements);
        }
    }

    pub(super) fn arguments(&self, node: &Seen<'_>) -> Value {
        let mut given = Given::default();
        for part in node.parts.iter().filter(|part| part.kind != "comment") {
            match (&part.value, part.kind) {
                (Value::Sequence(elements), "spread_element") => given.positional.extend(elements.iter().cloned()),
                (_, "spread_element") => given.open_ended = true,
                (value, _) => given.positional.push(value.clone()),
            }
        }
        Value::Given(Rc::new(given))
    }

    pub(super) fn call(&mut self, node: &Seen<'_>) -> Value {
        let given = match node.value("arguments") {
            Value::Given(given) => given,
            // A template after a name.
            text @ Value::Text(_) => Rc::new(Given { positional: vec![text], ..Given::default() }),
            _ => Rc::default(),
        };
        let function = if node.kind == "new_expression" { node.value("constructor") } else { node.value("function") };
        self.grow(node, &given);
        self.called(&function, &given, &node.node.byte_range(), 0)
    }

    /// What comes of calling what `function` may be. `depth` counts calls by `call` and `apply`.
    fn called(&mut self, function: &Value, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let mut results = Vec::new();
        for one in function.alternatives() {
            results.push(match one {
                Value::Named(named) => self.call_named(named, given, span, depth),
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

    fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let path = &*named.path;
        if let Some((owner, method)) = path.rsplit_once('.').filter(|(owner, _)| depth < 4 && *owner != "Reflect")
            && let Some(value) = self.call_by_method(owner, method, given, span, depth)
        {
            return value;
        }
        self.reading.collected.call_of(path, || given.to_arguments(named.about.as_ref()), span);
        self.run_code(path, given, span);
        match path {
            "require" | "import" | "importScripts" | "process.getBuiltinModule" => return self.load(path, given, span),
            "Function" => {
                let Some(Value::Text(body)) = given.positional.last() else { return Value::Unknown };
                return Value::about("Function()", Some(body.clone()));
            }
            "Function()" => {
                self.escapes(given, span);
                return self.evaluated(named.about.as_ref().map_or("", |about| &about.text));
            }
            "eval" => return given.get(0).whole_text().map_or(Value::Unknown, |text| self.evaluated(text)),
            "module.createRequire" => return Value::named("require"),
            "Reflect.get" => return self.member_by_key(&given.get(0), &given.get(1), span),
            "Reflect.apply" | "Reflect.construct" => {
                let list = given.get(if path.ends_with("apply") { 2 } else { 1 });
                return self.called(&given.get(0), &spread(&list), span, depth + 1);
            }
            _ => {}
        }
        if let Some((function, before)) = given.positional.split_first() {
            match path {
                "setTimeout" | "setInterval" => {
                    self.call_handed_on(function, before.get(1..).unwrap_or_default(), span)
                }
                "setImmediate" | "queueMicrotask" | "process.nextTick" => self.call_handed_on(function, before, span),
                "Array.from" => self.call_handed_on(&given.get(1), &[elements_of(function)], span),
                _ => {}
            }
        }
        let known = computing::compute(path, given).or_else(|| paths::compute(path, given));
        if let Some(known) = known {
            return known;
        }
        self.escapes(given, span);
        if path.ends_with("()()") { Value::Unknown } else { Value::about(format!("{path}()"), named.about.clone()) }
    }

    /// `f.call(this, …)`, `f.apply(this, […])`, `f.bind(this)`, and what awaits a module: `import(m).then(f)`.
    fn call_by_method(
        &mut self,
        owner: &str,
        method: &str,
        given: &Given,
        span: &Range<usize>,
        depth: usize,
    ) -> Option<Value> {
        let owner = Value::named(owner);
        Some(match method {
            "call" => {
                let rest = given.positional.iter().skip(1).cloned().collect();
                let given = Given { positional: rest, named: Vec::new(), open_ended: given.open_ended };
                self.called(&owner, &given, span, depth + 1)
            }
            "apply" => self.called(&owner, &spread(&given.get(1)), span, depth + 1),
            "bind" => {
                let rest = given.positional.get(1..).unwrap_or_default();
                self.call_handed_on(&owner, rest, span);
                self.reading.collected.use_of(&owner, span);
                owner
            }
            "then" | "finally" if matches!(given.get(0), Value::Local(_)) => {
                let given_on = Given { positional: vec![owner], ..Given::default() };
                self.called(&given.get(0), &given_on, span, depth + 1)
            }
            _ => return None,
        })
    }

    /// Calls a function that is handed on, with what is handed on for it.
    fn call_handed_on(&mut self, function: &Value, positional: &[Value], span: &Range<usize>) {
        if positional.is_empty() {
            return;
        }
        let given = Given { positional: positional.to_vec(), ..Given::default() };
        for one in function.alternatives() {
            match one {
                Value::Named(Named { path, about }) => {
                    self.reading.collected.call_of(path, || given.to_arguments(about.as_ref()), span);
                    self.run_code(path, &given, span);
                }
                Value::Local(own) => {
                    self.reading.scopes.call_own(*own, &given);
                }
                _ => {}
            }
        }
    }

    fn call_method(&mut self, method: &Method, given: &Given, span: &Range<usize>) -> Value {
        let name = &*method.name;
        match (&method.receiver, name) {
            (Value::Unknown, _) => {
                self.reading.collected.call_of(&format!("?.{name}"), || given.to_arguments(None), span);
                if !SHOWING.contains(&name) {
                    self.escapes(given, span);
                }
                Value::Unknown
            }
            (Value::Sequence(_), _) if CALLING.contains(&name) => {
                let each = Given { positional: vec![elements_of(&method.receiver)], ..Given::default() };
                match (name, self.called(&given.get(0), &each, span, 1)) {
                    ("map" | "flatMap", Value::Unknown) => Value::Unknown,
                    ("map" | "flatMap", values) => Value::sequence(values.alternatives().to_vec()),
                    _ => methods::call_method(&method.receiver, name, given),
                }
            }
            (Value::Local(_), "call" | "bind") => {
                let rest = given.positional.iter().skip(1).cloned().collect();
                let called = self.called(&method.receiver, &Given { positional: rest, ..Given::default() }, span, 1);
                if name == "bind" { method.receiver.clone() } else { called }
            }
            (Value::Local(_), "apply") => self.called(&method.receiver, &spread(&given.get(1)), span, 1),
            (Value::Local(_), _) => {
                self.reading.collected.call_of(&format!("?.{name}"), || given.to_arguments(None), span);
                self.escapes(given, span);
                Value::Unknown
            }
            (receiver, "then") => {
                let given_on = Given { positional: vec![receiver.clone()], ..Given::default() };
                self.called(&given.get(0), &given_on, span, 1)
            }
            (receiver, _) => {
                self.escapes(given, span);
                methods::call_method(receiver, name, given)
            }
        }
    }

    /// What code gives that does nothing but name something: `return this`.
    fn evaluated(&self, code: &str) -> Value {
        let name = code.trim().trim_start_matches("return ").trim_end_matches(';').trim();
        match name {
            "this" => Value::named("globalThis"),
            _ => self.reading.scopes.look_up(name, global(name)),
        }
    }

    /// Modules that are handed on, to be used where nobody sees it.
    fn escapes(&mut self, given: &Given, span: &Range<usize>) {
        self.reading.escapes(given.positional.iter(), span);
    }
}

/// Arguments that are given as one sequence.
fn spread(list: &Value) -> Given {
    match list {
        Value::Sequence(elements) => Given { positional: elements.to_vec(), ..Given::default() },
        _ => Given { open_ended: true, ..Given::default() },
    }
}
