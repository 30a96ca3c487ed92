//! What binds names: variables, fields, parameters, classes and methods.

use tree_sitter::Node;

use super::Java;
use super::imports::method_key;
use super::names::typed;
use crate::flow::sequences::at_index;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// Declarations that are known before what stands above them is read.
const CLASSES: [&str; 5] = [
    "class_declaration",
    "interface_declaration",
    "enum_declaration",
    "record_declaration",
    "annotation_type_declaration",
];

impl Java {
    /// Makes known which classes are declared directly in `body`: they hide those of the platform.
    pub(super) fn declare_classes(&mut self, body: Node<'_>) {
        let mut cursor = body.walk();
        let classes: Vec<_> =
            body.named_children(&mut cursor).filter(|child| CLASSES.contains(&child.kind())).collect();
        for class in classes {
            self.declare_class(class);
        }
    }

    pub(super) fn declare_class(&mut self, class: Node<'_>) {
        if let Some(name) = class.child_by_field_name("name") {
            let name = self.reading.text(name);
            self.reading.scopes.bind(&name, Value::Unknown);
        }
    }

    /// What a class extends: its objects are such objects too.
    pub(super) fn extends(&mut self, owner: &Seen<'_>) -> Value {
        let extended = match owner.kind {
            "object_creation_expression" => owner.value("type"),
            _ => owner.value("superclass"),
        };
        for named in extended.alternatives().iter().filter_map(Value::as_named) {
            let path = Value::named(format!("{}.super", named.path));
            self.reading.collected.use_of(&path, &owner.node.byte_range());
        }
        if let Some(name) = owner.part("name").filter(|_| extended.may_be_named()) {
            let name = self.reading.text(name.node);
            self.reading.scopes.bind(&name, extended.clone());
        }
        extended
    }

    /// `T a = x, b[] = y;` as a variable or a field.
    pub(super) fn variables(&mut self, node: &Seen<'_>) {
        let class = node.value("type");
        for declarator in node.parts.iter().filter(|part| part.kind == "variable_declarator") {
            if let Some(name) = declarator.node.child_by_field_name("name") {
                let name = self.reading.text(name);
                let value = typed(&declarator.value, &class);
                if node.kind != "local_variable_declaration" {
                    self.reading.scopes.keep_field(&name, value.clone());
                    self.declared.insert(name.clone());
                }
                self.reading.scopes.bind(&name, value);
            }
        }
    }

    /// Parameters: what the calls of the method give them, or what their types tell.
    pub(super) fn formal_parameters(&mut self, node: &Seen<'_>) {
        let function = self.reading.scopes.function();
        for (position, part) in node.parts.iter().filter(|part| !part.kind.contains("comment")).enumerate() {
            let given = function.map(|function| self.reading.scopes.given(function, position)).unwrap_or_default();
            let (name, value) = match part.kind {
                "formal_parameter" => (part.node.child_by_field_name("name"), typed(&given, &part.value)),
                "identifier" => (Some(*part.node), given),
                "spread_parameter" => {
                    let all = function.map(|function| self.reading.scopes.given_from(function, position));
                    let declarator = part.node.named_child(part.node.named_child_count().saturating_sub(1) as u32);
                    let name = declarator.and_then(|declarator| declarator.child_by_field_name("name"));
                    (name, Value::sequence(all.unwrap_or_default()))
                }
                _ => continue,
            };
            if let Some(name) = name {
                let name = self.reading.text(name);
                self.reading.scopes.bind(&name, value);
            }
        }
    }

    /// What is bound by what stands before a body: the variable of a loop, a lone parameter.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        let Some(parent) = ancestors.last() else { return };
        match parent.kind {
            "enhanced_for_statement" => {
                let elements = parent.value("value").map(|value| match value {
                    Value::Sequence(elements) => Value::each(elements.iter().cloned()),
                    Value::Named(named) => super::paths::element(named),
                    _ => Value::Unknown,
                });
                if let Some(name) = parent.part("name") {
                    let name = self.reading.text(name.node);
                    self.reading.scopes.bind(&name, typed(&elements, &parent.value("type")));
                }
            }
            "lambda_expression" => {
                if let Some(parameter) = parent.part("parameters").filter(|part| part.kind == "identifier") {
                    let name = self.reading.text(parameter.node);
                    let given = self.reading.scopes.function().map(|function| self.reading.scopes.given(function, 0));
                    self.reading.scopes.bind(&name, given.unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    /// A name that is bound together with its type: what is caught, closed after use, or matched.
    pub(super) fn bind_part(&mut self, name: Option<Node<'_>>, value: &Value, class: &Value) {
        if let Some(name) = name {
            let name = self.reading.text(name);
            self.reading.scopes.bind(&name, typed(value, class));
        }
    }

    pub(super) fn method_declaration(&mut self, node: &Seen<'_>) {
        let id = self.reading.scope_id(node.node);
        self.reading.scopes.leave();
        let class = node.value("type");
        if node.part("body").is_some() && !super::names::object_of(&class).is_unknown() {
            let returned = typed(&self.reading.scopes.returned_by(id), &class);
            self.reading.scopes.returns(id, returned);
        }
        if let Some(name) = node.part("name") {
            let key = method_key(&self.reading.text(name.node));
            self.reading.scopes.keep_field(&key, Value::Local(id));
        }
    }

    pub(super) fn lambda(&mut self, node: &Seen<'_>) -> Value {
        let id = self.reading.scope_id(node.node);
        if let Some(body) = node.part("body").filter(|body| body.kind != "block") {
            self.reading.scopes.returns(id, body.value.clone());
        }
        self.reading.scopes.leave();
        Value::Local(id)
    }

    pub(super) fn return_statement(&mut self, node: &Seen<'_>) {
        if let Some(function) = self.reading.scopes.function() {
            self.reading.scopes.returns(function, node.first());
        }
    }

    pub(super) fn assignment(&mut self, node: &Seen<'_>) -> Value {
        let Some(left) = node.part("left") else { return Value::Unknown };
        let right = node.value("right");
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let value = match operator.as_deref() {
            Some("=") => right,
            Some("+=") if self.loops > 0 => super::calls::after_loop(&left.value, &right),
            Some("+=") => left.value.plus(&super::literals::as_shown(&right)),
            _ => Value::Unknown,
        };
        self.store(*left.node, value.clone());
        value
    }

    /// Gives what stands to the left of `=` a value.
    fn store(&mut self, target: Node<'_>, value: Value) {
        match target.kind() {
            "identifier" => {
                let name = self.reading.text(target);
                // A variable that has a type keeps it.
                let before = self.reading.scopes.look_up(&name, Value::Unknown);
                let value = if value.is_unknown() && before.may_be_named() { before } else { value };
                let is_field = self.reading.scopes.field(&name).is_some() || self.declared.contains(&name);
                if !value.is_unknown() && is_field && !self.reading.scopes.is_bound_in_function(&name) {
                    self.reading.scopes.keep_field(&name, value.clone());
                }
                self.reading.scopes.assign(&name, value);
            }
            "field_access" => {
                let Some(field) = target.child_by_field_name("field") else { return };
                let name = self.reading.text(field);
                self.reading.scopes.keep_field(&name, value.clone());
                if target.child_by_field_name("object").is_some_and(|object| object.kind() == "this") {
                    self.reading.scopes.assign_beyond_function(&name, value);
                }
            }
            "array_access" => {
                let (array, index) = (target.child_by_field_name("array"), target.child_by_field_name("index"));
                if let (Some(array), Some(index)) = (array.filter(|array| array.kind() == "identifier"), index) {
                    self.store_element(array, index, value);
                }
            }
            _ => {}
        }
    }

    /// `array[index] = value`, the index written out.
    fn store_element(&mut self, array: Node<'_>, index: Node<'_>, value: Value) {
        let name = self.reading.text(array);
        let before = self.reading.scopes.look_up(&name, Value::Unknown);
        let at = self.reading.text(index).parse::<usize>().ok();
        let (Value::Sequence(elements), Some(at)) = (before, at) else { return };
        if at < elements.len() && elements.len() <= 64 {
            let mut elements = elements.to_vec();
            elements[at] = value;
            self.reading.scopes.assign(&name, Value::sequence(elements));
        }
    }

    /// `new T[] { … }`, `new T[3]`.
    pub(super) fn array(&self, node: &Seen<'_>) -> Value {
        let length = node.part("dimensions").filter(|part| part.kind == "dimensions_expr").map(|part| &part.value);
        match (node.part("value"), length) {
            (Some(elements), _) => elements.value.clone(),
            (None, Some(Value::Number(length @ 0..=64))) => {
                Value::sequence(vec![Value::Unknown; usize::try_from(*length).unwrap_or(0)])
            }
            _ => Value::Unknown,
        }
    }

    pub(super) fn array_access(&self, node: &Seen<'_>) -> Value {
        let (array, index) = (node.value("array"), node.value("index"));
        array.map(|array| match array {
            Value::Sequence(_) => at_index(array, &index),
            _ => Value::Unknown,
        })
    }
}
