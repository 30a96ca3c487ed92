//! What binds names: declarations, assignments, parameters, loops.

use tree_sitter::Node;

use super::Cpp;
use super::calls::given_of;
use super::canonical::canonical;
use super::casts::FUNCTION_POINTER;
use super::classes::named_scope;
use super::computing::{characters, operation};
use super::references::declared;
use super::types::object_of;
use crate::facts::Dynamic;
use crate::flow::scopes::Kind;
use crate::flow::sequences::elements_of;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Part, Seen};

impl Cpp {
    /// `type a = 1, *b, c("x");`, within a class or not.
    pub(super) fn declaration(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let of = node.value("type");
        let mut parts = node.parts.iter().filter(|part| part.field == Some("declarator")).peekable();
        while let Some(part) = parts.next() {
            if part.kind == "gnu_asm_expression" {
                continue;
            }
            let Some(name) = declared(*part.node) else { continue };
            self.data_as_main(part, name);
            // `int own(const char *) asm("system");`.
            let label = parts.peek().filter(|next| next.kind == "gnu_asm_expression").map(|label| label.value.clone());
            let value = match label {
                Some(label) => label.whole_text().map_or(Value::Unknown, |label| self.path(label)),
                None => match self.declared_value(node, part, &of) {
                    Some(value) => value,
                    None => {
                        self.declare_in_namespace(name, ancestors);
                        continue;
                    }
                },
            };
            self.bind_declared(name, value);
        }
    }

    /// `char main[] = "…";`: data that the system starts as code.
    fn data_as_main(&mut self, part: &Part<'_>, name: Node<'_>) {
        let value = part.node.child_by_field_name("value").filter(|_| part.kind == "init_declarator");
        let has_value = value.is_some_and(|value| value.kind() != "argument_list");
        let is_main = name.kind() == "identifier" && self.reading.bytes(name) == b"main";
        if has_value && is_main && self.reading.scopes.function().is_none() {
            self.reading.collected.dynamic(Dynamic::Code, "main", name.byte_range());
        }
    }

    /// A function that is declared in a namespace, and may be one of C all the same.
    fn declare_in_namespace(&mut self, name: Node<'_>, ancestors: &[Seen<'_>]) {
        let is_within = |kind: &str| ancestors.iter().any(|outer| outer.kind == kind && outer.part("name").is_some());
        let own = self.reading.text(name);
        if ancestors.iter().any(|outer| outer.kind == "linkage_specification") {
            self.reading.scopes.keep_field(&own, Value::named(canonical(&own)));
        } else if is_within("namespace_definition") && self.reading.scopes.function().is_none() {
            self.reading.scopes.bind(&own, Value::Unknown);
        }
    }

    /// What a declarator gives its name; nothing where it binds no name to what the program has.
    fn declared_value(&mut self, node: &Seen<'_>, part: &Part<'_>, of: &Value) -> Option<Value> {
        let span = part.node.byte_range();
        if let Some(function) = function_declarator(*part.node) {
            let inner = function.child_by_field_name("declarator")?;
            if inner.kind() == "parenthesized_declarator" {
                return Some(object_of(&Value::named(FUNCTION_POINTER)));
            }
            if node.kind == "field_declaration" {
                return Some(Value::Unknown);
            }
            // `type name(variable);`, which is C of former days where the type is built in.
            let has_class = of.may_be_named() || matches!(of, Value::Local(_));
            let Value::Given(given) = part.value.clone() else { return None };
            if !has_class {
                return None;
            }
            return Some(self.made(of, &given, &span));
        }
        if part.kind != "init_declarator" {
            if let Some(value) = node.part("value").or_else(|| node.part("default_value")) {
                return Some(self.initial(of, *part.node, &value.value, &span));
            }
            let is_extern = node
                .parts
                .iter()
                .any(|part| part.kind == "storage_class_specifier" && self.reading.bytes(part.node) == b"extern");
            let is_pointer = matches!(part.kind, "pointer_declarator" | "reference_declarator");
            return match is_extern {
                true => None,
                false if is_pointer || node.kind == "field_declaration" => Some(object_of(of)),
                false if of.may_be_named() => Some(self.made(of, &Given::default(), &span)),
                false => Some(object_of(of)),
            };
        }
        Some(self.initial(of, *part.node, &part.value, &span))
    }

    /// What a variable of a type is that begins with a value.
    fn initial(&mut self, of: &Value, declarator: Node<'_>, value: &Value, span: &std::ops::Range<usize>) -> Value {
        let inner = declarator.child_by_field_name("declarator").unwrap_or(declarator);
        match value {
            Value::Sequence(elements) if inner.kind() == "array_declarator" => {
                let is_character = |value: &Value| value.whole_text().is_some_and(|text| text.chars().count() <= 1);
                let letters =
                    elements.iter().all(|element| matches!(element, Value::Number(_)) || is_character(element));
                if letters && !elements.is_empty() { characters(elements) } else { value.clone() }
            }
            Value::Given(_) | Value::Sequence(_) => self.made(of, &given_of(value), span),
            Value::Unknown => object_of(of),
            known => known.clone(),
        }
    }

    fn bind_declared(&mut self, name: Node<'_>, value: Value) {
        match name.kind() {
            "structured_binding_declarator" => {
                let mut cursor = name.walk();
                let names: Vec<_> = name.named_children(&mut cursor).collect();
                for own in names.into_iter().filter(|own| own.kind() == "identifier") {
                    let own = self.reading.text(own);
                    self.reading.scopes.bind(&own, Value::Unknown);
                }
            }
            "qualified_identifier" => self.bind_in_class(name, value),
            kind => {
                let own = self.reading.text(name);
                if kind == "field_identifier" && value.may_be_named() {
                    self.reading.scopes.keep_field(&own, value.clone());
                }
                self.reading.scopes.bind(&own, value);
            }
        }
    }

    /// `type Class::name = value;`.
    fn bind_in_class(&mut self, name: Node<'_>, value: Value) {
        let parts = name.child_by_field_name("scope").zip(name.child_by_field_name("name"));
        if let Some((class, own)) = parts.filter(|(_, own)| own.kind() == "identifier") {
            let (class, own) = (self.reading.text(class), self.reading.text(own));
            self.reading.scopes.enter(named_scope(&class), Kind::Block);
            self.reading.scopes.bind(&own, value);
            self.reading.scopes.leave();
        }
    }

    /// A declarator of a function: what it is given, if it is a variable that looks like one.
    pub(super) fn function_declarator(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let is_declared = ancestors.last().is_some_and(|parent| parent.kind == "declaration");
        let plain = node.part("declarator").is_some_and(|inner| inner.kind == "identifier");
        match node.part("parameters").map(|parameters| &parameters.value) {
            Some(given @ Value::Given(_)) if is_declared && plain => given.clone(),
            _ => Value::Unknown,
        }
    }

    /// Parameters: what calls of the function give them. Where none can be one, they are the arguments of a variable.
    pub(super) fn parameter_list(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let mut outer = ancestors.iter().rev().skip_while(|outer| outer.kind.ends_with("declarator"));
        match outer.next().map(|outer| outer.kind) {
            Some("function_definition" | "lambda_expression") => self.bind_parameters(node, ancestors),
            Some("catch_clause") => self.bind_parameters(node, ancestors),
            _ => return self.as_arguments(node),
        }
        Value::Unknown
    }

    fn bind_parameters(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let function = self.reading.scopes.function();
        let is_main = ancestors.last().and_then(|declarator| declarator.part("declarator"));
        let is_main = is_main.is_some_and(|name| self.reading.bytes(name.node) == b"main");
        for (position, part) in node.parts.iter().filter(|part| part.kind != "comment").enumerate() {
            let Some(name) = part.node.child_by_field_name("declarator").and_then(declared) else { continue };
            let given = function.map(|function| self.reading.scopes.given(function, position)).unwrap_or_default();
            let default = part.node.child_by_field_name("default_value").map(|_| Value::Unknown);
            let of = object_of(&part.value);
            let value = match is_main && position == 2 {
                true => Value::named("environ"),
                false => Value::either([given, of].into_iter().filter(|value| !value.is_unknown()).chain(default)),
            };
            self.bind_declared(name, value);
        }
    }

    pub(super) fn assignment_expression(&mut self, node: &Seen<'_>) -> Value {
        let Some(left) = node.part("left") else { return Value::Unknown };
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let value = match operator.as_deref().and_then(|operator| operator.strip_suffix('=')) {
            Some("") | None => node.value("right"),
            Some(operator) => operation(operator, &left.value, &node.value("right")),
        };
        match left.kind {
            "identifier" => {
                let name = self.reading.text(left.node);
                self.reading.scopes.assign(&name, value.clone());
            }
            "field_expression" if value.may_be_named() => {
                if let Some(field) = left.node.child_by_field_name("field") {
                    let name = self.reading.text(field);
                    self.reading.scopes.keep_field(&name, value.clone());
                }
            }
            _ => {}
        }
        value
    }

    /// What is bound before a loop's body: what it runs through.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        let Some(parent) = ancestors.last().filter(|parent| parent.kind == "for_range_loop") else { return };
        let elements = match elements_of(&parent.value("right")) {
            Value::Unknown => object_of(&parent.value("type")),
            known => known,
        };
        if let Some(name) = parent.part("declarator").and_then(|declarator| declared(*declarator.node)) {
            self.bind_declared(name, elements);
        }
    }

    /// `[own = value]`.
    pub(super) fn capture(&mut self, node: &Seen<'_>) {
        if let Some((own, value)) = node.parts.first().zip(node.parts.last()) {
            let own = self.reading.text(own.node);
            self.reading.scopes.bind(&own, value.value.clone());
        }
    }
}

/// What declares a function, whatever it gives: `type *name(…)` does.
fn function_declarator(declarator: Node<'_>) -> Option<Node<'_>> {
    let mut node = declarator;
    for _ in 0..16 {
        match node.kind() {
            "function_declarator" => return Some(node),
            "pointer_declarator" => node = node.child_by_field_name("declarator")?,
            "reference_declarator" => node = node.named_child(0)?,
            _ => return None,
        }
    }
    None
}
