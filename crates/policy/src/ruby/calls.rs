//! Calls: what is called, on what, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::Ruby;
use super::arguments::{command, last_is_literal, without_first};
use super::reflection::reaches_by_name;
use super::{computing, files, kernel, methods};
use crate::facts::Dynamic;
use crate::flow::value::{Given, Named, Value};
use crate::flow::walk::Seen;

/// Methods that look at a module and do nothing with it.
const HARMLESS: [&str; 22] = [
    "puts",
    "print",
    "p",
    "pp",
    "warn",
    "raise",
    "fail",
    "is_a?",
    "kind_of?",
    "instance_of?",
    "include?",
    "respond_to?",
    "===",
    "==",
    "equal?",
    "inspect",
    "include",
    "extend",
    "prepend",
    "require",
    "refine",
    "using",
];

impl Ruby {
    pub(super) fn call(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let mut given = match node.value("arguments") {
            Value::Given(given) => given,
            _ => Rc::default(),
        };
        if let Some(block) = node.part("block") {
            let mut with_block = Given::clone(&given);
            with_block.named.push(("&".into(), Value::Local(self.reading.scope_id(block.node))));
            given = Rc::new(with_block);
        }
        let span = node.node.byte_range();
        let method = node.part("method");
        let mut name = method.map_or("call".into(), |method| self.reading.text(method.node));
        if node.field == Some("left") && ancestors.last().is_some_and(|parent| parent.kind == "assignment") {
            name = format!("{name}=").into();
        }
        if method.is_some_and(|method| method.kind == "super") {
            return self.inherited(&given, ancestors, &span);
        }
        let end = reaches_by_name(&name).then(|| self.end_of_name(node)).flatten();
        self.is_written = last_is_literal(node, &given);
        self.block_value = node.part("block").map(|block| block.value.clone());
        match node.part("receiver").filter(|receiver| receiver.kind != "self") {
            None => self.call_function_ending(&name, &given, &span, end.as_deref()),
            Some(receiver) => {
                let result = self.call_on(&receiver.value, &name, &given, &span, end.as_deref());
                self.change_receiver(receiver, &name, &result);
                result
            }
        }
    }

    /// `super`: what is called is the method above the one that stands around it.
    pub(super) fn inherited(&mut self, given: &Given, ancestors: &[Seen<'_>], span: &Range<usize>) -> Value {
        let method = ancestors.iter().rev().find(|ancestor| ancestor.kind == "method");
        let name = method.and_then(|method| method.part("name")).map(|name| self.reading.text(name.node));
        let above = name.filter(|name| kernel::is_private(name)).and_then(|name| kernel::function(&name));
        above.map_or(Value::Unknown, |above| self.called(&above, given, span))
    }

    /// A method called on nothing, or on `self`.
    pub(super) fn call_function(&mut self, name: &str, given: &Given, span: &Range<usize>) -> Value {
        self.call_function_ending(name, given, span, None)
    }

    /// The same, where what is given first is known to end with `end`.
    fn call_function_ending(&mut self, name: &str, given: &Given, span: &Range<usize>, end: Option<&str>) -> Value {
        if let Some(value) = self.reflect(None, name, given, span, end) {
            return value;
        }
        let function = self.function(name);
        self.called(&function, given, span)
    }

    /// What a method is that is called on nothing.
    pub(super) fn function(&self, name: &str) -> Value {
        let own = format!("def {name}");
        // What was mixed in may be a module of the code itself.
        let mixed_in = || {
            let mixed_in = self.mixed_in(name)?;
            Some(Value::either([mixed_in].into_iter().chain(self.reading.scopes.field(&own))))
        };
        let otherwise = kernel::function(name).or_else(mixed_in);
        let otherwise = otherwise.unwrap_or_else(|| Value::method(Value::Unknown, name));
        self.reading.scopes.look_up(&own, otherwise)
    }

    /// What comes of calling what `function` may be.
    pub(super) fn called(&mut self, function: &Value, given: &Given, span: &Range<usize>) -> Value {
        let mut results = Vec::new();
        for one in function.alternatives() {
            results.push(match one {
                Value::Named(named) => self.call_named(named, given, span),
                Value::Local(function) => self.reading.scopes.call_own(*function, given),
                Value::Method(method) => self.call_on(&method.receiver, &method.name, given, span, None),
                _ => {
                    self.escapes(given, span);
                    Value::Unknown
                }
            });
        }
        Value::each(results)
    }

    pub(super) fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>) -> Value {
        let path = &*named.path;
        let about = named.about.as_ref();
        self.reading.collected.call_of(path, || command(path, given).to_arguments(about), span);
        if !HARMLESS.contains(&path.rsplit('.').next().unwrap_or(path)) {
            self.escapes(given, span);
        }
        if files::is_pipe(path, given) {
            self.reading.collected.call_of("IO.popen", || given.to_arguments(None), span);
        }
        self.run_code(path, given, span);
        if let Some(value) = self.load(path, given, span).or_else(|| self.define(path, given, span)) {
            return value;
        }
        let known = computing::compute(path, given).or_else(|| files::compute(named, given));
        if let Some(known) = known.or_else(|| (path == "DATA.read").then(|| self.data())) {
            return known;
        }
        let deeper = path.matches("()").count() > 1;
        if deeper { Value::Unknown } else { Value::about(format!("{path}()"), files::about(named, given)) }
    }

    fn data(&self) -> Value {
        self.heredocs.data.clone().map_or(Value::Unknown, Value::text)
    }

    /// A method called on something.
    pub(super) fn call_on(
        &mut self,
        receiver: &Value,
        name: &str,
        given: &Given,
        span: &Range<usize>,
        end: Option<&str>,
    ) -> Value {
        let mut results = Vec::new();
        for one in receiver.alternatives() {
            let known = self.reflect(Some(one), name, given, span, end);
            results.push(known.unwrap_or_else(|| self.call_on_one(one, name, given, span)));
        }
        Value::each(results)
    }

    fn call_on_one(&mut self, receiver: &Value, name: &str, given: &Given, span: &Range<usize>) -> Value {
        match (receiver, name) {
            (Value::Named(_), "call" | "bind_call" | "yield" | "()") => {
                let given = if name == "bind_call" { without_first(given) } else { given.clone() };
                self.called(receiver, &given, span)
            }
            (Value::Named(_), "to_proc" | "unbind" | "bind" | "curry" | "freeze" | "dup" | "to_s" | "name") => {
                receiver.clone()
            }
            (Value::Named(named), _) => {
                let path = kernel::canonical(&format!("{}.{name}", named.path));
                self.call_named(&Named { path: path.into(), about: named.about.clone() }, given, span)
            }
            (Value::Local(function), "call" | "yield" | "===" | "()" | "[]") => {
                self.reading.scopes.call_own(*function, given)
            }
            (Value::Local(class), _) if self.reading.scopes.is_class_of_its_own(*class) => match name {
                "new" => self.reading.scopes.call_own(*class, given),
                _ => self.call_on_unknown(name, given, span),
            },
            (Value::Local(_), _) => receiver.clone(),
            (Value::Unknown | Value::Method(_), _) => self.call_on_unknown(name, given, span),
            _ => {
                self.escapes(given, span);
                methods::call_method(self, receiver, name, given, span)
            }
        }
    }

    fn call_on_unknown(&mut self, name: &str, given: &Given, span: &Range<usize>) -> Value {
        if name == "autoload" {
            return self.load(name, given, span).unwrap_or_default();
        }
        self.reading.collected.call_of(&format!("?.{name}"), || given.to_arguments(None), span);
        if !HARMLESS.contains(&name) {
            self.escapes(given, span);
        }
        if matches!(
            name,
            "alias_method" | "define_method" | "define_singleton_method" | "include" | "extend" | "prepend"
        ) {
            return self.define(name, given, span).unwrap_or_default();
        }
        let own = self.reading.scopes.field(&format!("def {name}")).unwrap_or_default();
        let functions = own.alternatives().iter().filter_map(|one| match one {
            Value::Local(function) => Some(*function),
            _ => None,
        });
        let mut results: Vec<_> = functions.map(|function| self.reading.scopes.call_own(function, given)).collect();
        if given.positional.is_empty() {
            results.extend(self.reading.scopes.field(&format!("@{name}")));
        }
        Value::each(results)
    }

    /// Modules that are handed on, to be used where nobody sees it.
    pub(super) fn escapes(&mut self, given: &Given, span: &Range<usize>) {
        let named = given.named.iter().map(|(_, value)| value);
        self.reading.escapes(given.positional.iter().chain(named), span);
    }

    /// `yield`: calls the blocks that calls of this method have.
    pub(super) fn yielded(&mut self, node: &Seen<'_>) -> Value {
        let Some(function) = self.reading.scopes.function() else { return Value::Unknown };
        let given = match node.first() {
            Value::Given(given) => given,
            _ => Rc::default(),
        };
        let blocks = self.reading.scopes.given_by_name(function).iter().filter(|(name, _)| &**name == "&");
        let blocks: Vec<_> = blocks.map(|(_, block)| block.clone()).collect();
        Value::each(blocks.iter().map(|block| self.called(block, &given, &node.node.byte_range())))
    }

    pub(super) fn cannot_tell_member(&mut self, receiver: Option<&Value>, span: &Range<usize>) {
        let path = match receiver {
            None => "Kernel",
            Some(receiver) => receiver.as_named().map_or("?", |named| &*named.path),
        };
        self.reading.collected.dynamic(Dynamic::Attribute, path, span.clone());
    }
}
