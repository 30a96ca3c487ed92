//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::Java;
use super::classes::is_class;
use super::imports::method_key;
use super::literals::as_shown;
use super::names::class_object;
use super::objects::accessor_key;
use super::{computing, methods, paths, results};
use crate::facts::Dynamic;
use crate::flow::commands::with_command;
use crate::flow::sequences::{entry, gathered, has_entry, is_plain};
use crate::flow::texts::MOST_PIECES;
use crate::flow::value::{Given, Method, Named, Text, Value};
use crate::flow::walk::Seen;

/// Methods that call what they are methods of: those of functional interfaces.
const CALLING: [&str; 10] =
    ["apply", "accept", "get", "run", "call", "test", "applyAsInt", "applyAsLong", "applyAsDouble", "getAsInt"];

/// Methods that show what they are given and do nothing with it.
const SHOWING: [&str; 8] =
    ["println", "print", "printf", "format", "valueOf", "requireNonNull", "equals", "synchronized"];

/// How many calls of what calls give are followed.
const DEEPEST: usize = 4;

impl Java {
    pub(super) fn arguments(&self, node: &Seen<'_>) -> Value {
        let parts = node.parts.iter().filter(|part| !part.kind.contains("comment"));
        let positional = parts.map(|part| part.value.clone()).collect();
        Value::Given(Rc::new(Given { positional, ..Given::default() }))
    }

    pub(super) fn method_invocation(&mut self, node: &Seen<'_>) -> Value {
        let span = node.node.byte_range();
        let given = given_to(node);
        let Some(name) = node.part("name").map(|name| self.reading.text(name.node)) else { return Value::Unknown };
        let function = match node.part("object") {
            None => self.unqualified(&name),
            Some(object) if object.kind == "this" => self.unqualified(&name),
            Some(object) if matches!(object.value, Value::Named(_)) => self.member(&object.value.clone(), &name, &span),
            Some(object) => {
                let receiver = object.value.clone();
                let methods: Vec<_> =
                    receiver.alternatives().iter().map(|one| self.method_of(one, &name, &span)).collect();
                if is_plain(&receiver) { Value::each(methods) } else { Value::either(methods) }
            }
        };
        let mut value = self.called(&function, &given, &span, 0);
        if &*name == "append" && self.loops > 0 {
            value = after_loop(&node.value("object"), &given.get(0));
        }
        self.changes_receiver(node, &name, &value);
        self.fill(node, &function, &given);
        value
    }

    /// The method of an object, which need not be known.
    fn method_of(&mut self, object: &Value, name: &str, span: &Range<usize>) -> Value {
        match object {
            Value::Named(_) => self.member(object, name, span),
            _ => Value::method(object.clone(), name),
        }
    }

    /// `object::method`, `Class::new`.
    pub(super) fn method_reference(&mut self, node: &Seen<'_>) -> Value {
        let last = node.node.child(node.node.child_count().saturating_sub(1) as u32);
        let Some(name) = last.map(|last| self.reading.text(last)) else { return Value::Unknown };
        let name = &*name;
        let span = node.node.byte_range();
        node.first().map(|object| match object {
            Value::Named(_) => self.member(object, name, &span),
            _ => self.reading.scopes.field(&method_key(name)).unwrap_or_else(|| Value::method(object.clone(), name)),
        })
    }

    /// What comes of calling what `function` may be.
    pub(super) fn called(&mut self, function: &Value, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let mut results = Vec::new();
        for one in function.alternatives() {
            results.push(match one {
                Value::Named(named) => self.call_named(named, given, span, depth),
                Value::Method(method) => self.call_method(method, given, span, depth),
                Value::Local(own) => self.call_own(*own, given),
                _ => {
                    self.escapes(given, span);
                    Value::Unknown
                }
            });
        }
        gathered(results)
    }

    pub(super) fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let path = &*named.path;
        let (owner, method) = path.rsplit_once('.').unwrap_or(("", path));
        // A reference to a method is an object of a functional interface.
        if CALLING.contains(&method)
            && !is_class(owner)
            && !owner.ends_with(')')
            && owner.contains('.')
            && depth < DEEPEST
        {
            let function = Value::about(owner, named.about.clone());
            return self.called(&function, given, span, depth + 1);
        }
        let arguments = || {
            let arguments = given.to_arguments(named.about.as_ref());
            if starts_program(path) { with_command(given, arguments) } else { arguments }
        };
        self.reading.collected.call_of(path, arguments, span);
        if path == "jdk.jshell.JShell.eval" {
            self.reading.run(path, &given.get(0), span);
        }
        if let Some(known) = self.reflect(named, given, span, depth) {
            return known;
        }
        let known = computing::compute(path, given).or_else(|| paths::compute(named, given));
        if let Some(known) = known {
            return known;
        }
        self.gives_elements(named, given, span, depth);
        if path == "java.nio.file.Files.walkFileTree" && depth < DEEPEST {
            self.visit(&given.get(0), span, depth);
        }
        if !SHOWING.contains(&method) {
            self.escapes(given, span);
        }
        results::of(named, given)
    }

    fn call_method(&mut self, method: &Method, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let name = &*method.name;
        if name == "getClass" {
            return Value::named("java.lang.Class");
        }
        match &method.receiver {
            Value::Local(_) if CALLING.contains(&name) && depth < DEEPEST => {
                self.called(&method.receiver, given, span, depth + 1)
            }
            Value::Sequence(elements) => {
                let each = Value::each(elements.iter().cloned());
                let functions = given.positional.iter().filter(|value| depth < DEEPEST && is_function(value));
                let functions: Vec<_> = functions.cloned().collect();
                let mut results = Vec::new();
                for function in functions {
                    results.push(self.called_with_element(&function, &each, span, depth));
                }
                match (name, results.pop()) {
                    ("map" | "flatMap", Some(result)) => Value::sequence(result.alternatives().to_vec()),
                    _ => methods::call_method(&method.receiver, name, given),
                }
            }
            Value::Text(_) | Value::Number(_) => methods::call_method(&method.receiver, name, given),
            Value::Mapping(entries) if name == "forEach" && depth < DEEPEST => {
                let keys = Value::each(entries.iter().map(|(key, _)| key.clone()));
                let values = Value::each(entries.iter().map(|(_, value)| value.clone()));
                let each = Given { positional: vec![keys, values], ..Given::default() };
                self.called(&given.get(0), &each, span, depth + 1)
            }
            Value::Mapping(entries) if given.positional.is_empty() && has_entry(entries, name) => {
                entry(entries, &Value::text(name))
            }
            Value::Mapping(_) if methods::is_of_mapping(name) => methods::call_method(&method.receiver, name, given),
            _ => {
                self.reading.collected.call_of(&format!("?.{name}"), || given.to_arguments(None), span);
                let own = self.reading.scopes.field(&method_key(name)).filter(|_| depth < DEEPEST);
                let component = self.reading.scopes.field(&accessor_key(name));
                match (own, component) {
                    (Some(own), _) => self.called(&own, given, span, depth + 1),
                    (None, Some(component)) if given.positional.is_empty() => component,
                    (None, _) => {
                        if !SHOWING.contains(&name) {
                            self.escapes(given, span);
                        }
                        Value::Unknown
                    }
                }
            }
        }
    }

    /// Calls the methods of a visitor with what lies below a path.
    fn visit(&mut self, start: &Value, span: &Range<usize>, depth: usize) {
        for method in ["preVisitDirectory", "visitFile", "visitFileFailed", "postVisitDirectory"] {
            if let Some(own) = self.reading.scopes.field(&method_key(method)) {
                let given = Given { positional: vec![start.clone()], ..Given::default() };
                self.called(&own, &given, span, depth + 1);
            }
        }
    }

    /// A function that gets the elements of something one by one: `Files.walk(path).forEach(File::delete)`.
    fn gives_elements(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) {
        let element = paths::element(named);
        if depth >= DEEPEST || element.is_unknown() {
            return;
        }
        let functions: Vec<_> = given.positional.iter().filter(|value| is_function(value)).cloned().collect();
        for function in functions {
            self.called_with_element(&function, &element, span, depth + 1);
        }
    }

    /// Calls a function with one element, which is the receiver where the function is a method of its class.
    fn called_with_element(&mut self, function: &Value, element: &Value, span: &Range<usize>, depth: usize) -> Value {
        let given = Given { positional: vec![element.clone()], ..Given::default() };
        let Value::Named(named) = function else { return self.called(function, &given, span, depth + 1) };
        let about = named.about.clone().or_else(|| text_of(element));
        self.call_named(&Named { path: named.path.clone(), about }, &given, span, depth + 1)
    }

    /// Objects that are handed on, to be used where nobody sees it.
    fn escapes(&mut self, given: &Given, span: &Range<usize>) {
        for value in given.positional.iter().flat_map(Value::alternatives) {
            if let Some(named) = value.as_named().filter(|named| named.about.is_none() && is_class(&named.path)) {
                self.reading.collected.dynamic(Dynamic::Escape, &named.path, span.clone());
            }
        }
    }

    /// What `receiver.getClass()` gives, for a receiver whose class is known.
    pub(super) fn class_of(owner: &str) -> Value {
        class_object(&Value::named(owner))
    }
}

/// What a text becomes to which a loop appends: all that the loop runs through, where that is known.
pub(super) fn after_loop(text: &Value, appended: &Value) -> Value {
    match (text, appended) {
        (Value::Text(_), Value::OneOf(pieces)) if pieces.len() <= MOST_PIECES => {
            pieces.iter().fold(text.clone(), |whole, piece| whole.plus(&as_shown(piece)))
        }
        _ => text.plus(&Value::Unknown),
    }
}

pub(super) fn given_to(node: &Seen<'_>) -> Rc<Given> {
    match node.value("arguments") {
        Value::Given(given) => given,
        _ => Rc::default(),
    }
}

/// Whether a call starts a program that its arguments name.
fn starts_program(path: &str) -> bool {
    path.starts_with("java.lang.ProcessBuilder.") || path == "java.lang.Runtime.exec"
}

/// A lambda or a reference to a method.
fn is_function(value: &Value) -> bool {
    match value {
        Value::Local(_) | Value::Method(_) => true,
        Value::Named(named) => !is_class(&named.path) && !named.path.ends_with(')'),
        _ => false,
    }
}

/// The text that a value is or was made of.
pub(super) fn text_of(value: &Value) -> Option<Text> {
    value.alternatives().iter().find_map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Named(named) => named.about.clone(),
        _ => None,
    })
}
