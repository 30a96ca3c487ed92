//! What binds names: declarations and assignments.

use tree_sitter::Node;

use super::Cpp;
use super::calls::given_of;
use super::canonical::canonical;
use super::casts::FUNCTION_POINTER;
use super::classes::named_scope;
use super::computing::{characters, operation};
use super::objects::class_of;
use super::references::declared;
use super::types::object_of;
use crate::facts::Dynamic;
use crate::flow::scopes::Kind;
use crate::flow::sequences::elements_of;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Part, Seen};

/// Names in one structured binding.
const MOST_BOUND: usize = 64;

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
            self.declare_member(node, part, name, ancestors);
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
            // What walks through a sequence is one of its elements.
            let walks = of.is_unknown() && ancestors.last().is_some_and(|outer| outer.kind == "for_statement");
            self.bind_declared(name, if walks && is_sequence(&value) { elements_of(&value) } else { value });
        }
    }

    /// What is declared in a class: a field, or a constructor.
    fn declare_member(&mut self, node: &Seen<'_>, part: &Part<'_>, name: Node<'_>, ancestors: &[Seen<'_>]) {
        let outer = ancestors.iter().rev().find(|outer| outer.kind != "template_declaration");
        if outer.is_none_or(|outer| outer.kind != "field_declaration_list") {
            return;
        }
        let own = self.reading.text(name);
        let is_static = node.parts.iter().any(|part| part.kind == "storage_class_specifier");
        match function_declarator(*part.node) {
            Some(function) if !is_pointer_to_function(function) => self.declare_constructor(&own),
            _ if node.kind == "field_declaration" && !is_static => self.declare_field(&own),
            _ => {}
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
            if is_pointer_to_function(function) {
                let of = Value::named(FUNCTION_POINTER);
                return Some(match node.part("value").or_else(|| node.part("default_value")) {
                    Some(value) => self.initial(&of, *part.node, &value.value, &span),
                    None => object_of(&of),
                });
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
                false if of.may_be_named() || class_of(of).is_some() => Some(self.made(of, &Given::default(), &span)),
                false => Some(object_of(of)),
            };
        }
        Some(self.initial(of, *part.node, &part.value, &span))
    }

    /// What a variable of a type is that begins with a value.
    fn initial(&mut self, of: &Value, declarator: Node<'_>, value: &Value, span: &std::ops::Range<usize>) -> Value {
        match value {
            Value::Sequence(elements) if is_array(declarator) => {
                let is_character = |value: &Value| value.whole_text().is_some_and(|text| text.chars().count() <= 1);
                let letters =
                    elements.iter().all(|element| matches!(element, Value::Number(_)) || is_character(element));
                if letters && !elements.is_empty() { characters(elements) } else { value.clone() }
            }
            Value::Given(_) | Value::Sequence(_) => match self.made(of, &given_of(value), span) {
                Value::Unknown if matches!(value, Value::Sequence(elements) if elements.len() > 1) => value.clone(),
                made => made,
            },
            Value::Unknown => object_of(of),
            known => known.clone(),
        }
    }

    pub(super) fn bind_declared(&mut self, name: Node<'_>, value: Value) {
        match name.kind() {
            "structured_binding_declarator" => {
                let mut cursor = name.walk();
                let names: Vec<_> = name.named_children(&mut cursor).collect();
                let names = names.into_iter().filter(|own| own.kind() == "identifier");
                for (position, own) in names.enumerate().take(MOST_BOUND) {
                    let own = self.reading.text(own);
                    self.reading.scopes.bind(&own, self.taken_apart(&value, position));
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
            "field_expression" => self.store_field(*left.node, &value),
            "subscript_expression" => self.store_by_key(*left.node, &value),
            _ => {}
        }
        value
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

/// Whether what declares a function declares a pointer to one: `(*name)(…)`.
fn is_pointer_to_function(function: Node<'_>) -> bool {
    function.child_by_field_name("declarator").is_some_and(|inner| inner.kind() == "parenthesized_declarator")
}

/// Whether what is declared is an array, of pointers to functions perhaps.
fn is_array(declarator: Node<'_>) -> bool {
    let mut node = Some(declarator);
    for _ in 0..16 {
        match node {
            Some(found) if found.kind() == "array_declarator" => return true,
            Some(inner) if inner.kind() == "parenthesized_declarator" => node = inner.named_child(0),
            Some(inner) => node = inner.child_by_field_name("declarator"),
            None => return false,
        }
    }
    false
}

fn is_sequence(value: &Value) -> bool {
    value.alternatives().iter().all(|one| matches!(one, Value::Sequence(_)))
}
