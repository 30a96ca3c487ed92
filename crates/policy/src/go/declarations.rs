//! What binds names: variables, constants, parameters, types and functions.

use tree_sitter::Node;

use super::Go;
use super::channels::{is_channel, received};
use super::names::typed;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Part, Seen};

impl Go {
    /// Makes known what a file declares: it may be used above, and hides packages of that name.
    pub(super) fn declare_all(&mut self, file: Node<'_>) {
        for declaration in children(file) {
            match declaration.kind() {
                "function_declaration" => self.declare_function(declaration),
                "type_declaration" => {
                    children(declaration).into_iter().for_each(|spec| self.declare_type(spec));
                }
                "var_declaration" | "const_declaration" => {
                    let lists = children(declaration).into_iter().flat_map(|spec| match spec.kind() {
                        "var_spec_list" => children(spec),
                        _ => vec![spec],
                    });
                    for name in lists.filter_map(|spec| spec.child_by_field_name("name")) {
                        let name = self.reading.text(name);
                        self.reading.scopes.bind(&name, Value::Unknown);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn declare_function(&mut self, function: Node<'_>) {
        if let Some(name) = function.child_by_field_name("name") {
            let name = self.reading.text(name);
            self.reading.scopes.bind(&name, Value::Local(self.reading.scope_id(function)));
        }
    }

    /// A method is known by its name alone.
    pub(super) fn method_declaration(&mut self, node: &Seen<'_>) {
        self.reading.scopes.leave();
        if let Some(name) = node.part("name") {
            let name = self.reading.text(name.node);
            self.reading.scopes.keep_field(&name, Value::Local(self.reading.scope_id(node.node)));
        }
    }

    /// Parameters: what the calls of the function give them, or what their types tell.
    pub(super) fn parameters(&mut self, node: &Seen<'_>, owner: &str) {
        if !matches!(owner, "function_declaration" | "method_declaration" | "func_literal") {
            return;
        }
        let function = self.reading.scopes.function().filter(|_| node.field == Some("parameters"));
        let mut position = 0;
        for part in &node.parts {
            let is_variadic = part.kind == "variadic_parameter_declaration";
            let mut cursor = part.node.walk();
            let names: Vec<_> = part.node.children_by_field_name("name", &mut cursor).collect();
            for name in names.iter().filter(|name| name.is_named()) {
                let given = match function {
                    Some(function) if is_variadic => {
                        Value::sequence(self.reading.scopes.given_from(function, position))
                    }
                    Some(function) => self.reading.scopes.given(function, position),
                    None if node.field == Some("receiver") => {
                        let method = self.reading.scopes.function();
                        method.map(|method| self.receiver(method)).unwrap_or_default()
                    }
                    None => Value::Unknown,
                };
                position += 1;
                let name = self.reading.text(*name);
                self.reading.scopes.bind(&name, typed(&given, &part.value));
            }
            position += usize::from(names.is_empty());
        }
    }

    /// `var a, b T = x, y` and `const a = x`.
    pub(super) fn variables(&mut self, node: &Seen<'_>) {
        let names: Vec<_> =
            node.parts.iter().filter(|part| part.field == Some("name") && part.kind == "identifier").collect();
        let values = spread(&node.value("value"), names.len());
        for (at, name) in names.into_iter().enumerate() {
            let value = values.get(at).cloned().unwrap_or_default();
            let value = typed(&value, &node.value("type"));
            // A list that is not given anything has nothing in it.
            let is_empty =
                node.part("value").is_none() && node.part("type").is_some_and(|part| part.kind == "slice_type");
            let value = if is_empty && value.is_unknown() { Value::sequence(Vec::new()) } else { value };
            let name = self.reading.text(name.node);
            self.reading.scopes.bind(&name, value);
        }
    }

    /// `type T U`, `type T = U`, `type T struct { U }`: what embeds something has its methods.
    pub(super) fn type_spec(&mut self, node: &Seen<'_>) {
        let class = node.value("type");
        self.declare_type(*node.node);
        if let Some(name) = node.part("name") {
            let name = self.reading.text(name.node);
            self.reading.scopes.bind(&name, if class.may_be_named() { class } else { Value::Unknown });
        }
    }

    /// A field of a struct: kept by its name, or given to the struct where it is embedded.
    pub(super) fn field_declaration(&mut self, node: &Seen<'_>) -> Value {
        let class = node.value("type");
        let names: Vec<&Part<'_>> = node.parts.iter().filter(|part| part.field == Some("name")).collect();
        if names.is_empty() {
            return class;
        }
        for name in names {
            let name = self.reading.text(name.node);
            if class.may_be_named() || matches!(class, Value::Sequence(_)) {
                self.reading.scopes.keep_field(&name, class.clone());
            }
        }
        Value::Unknown
    }

    /// `a, b := x, y`.
    pub(super) fn short_declaration(&mut self, node: &Seen<'_>) {
        let Some(left) = node.part("left") else { return };
        let targets = children(*left.node);
        let values = spread(&node.value("right"), targets.len());
        for (at, target) in targets.into_iter().enumerate() {
            if target.kind() == "identifier" {
                let name = self.reading.text(target);
                self.reading.scopes.bind(&name, values.get(at).cloned().unwrap_or_default());
            }
        }
    }

    /// `a, b.c = x, y` and `a += x`.
    pub(super) fn assignment(&mut self, node: &Seen<'_>) {
        let Some(left) = node.part("left") else { return };
        let targets = children(*left.node);
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let right = node.value("right");
        let values = match operator.as_deref() {
            Some("=") | None => spread(&right, targets.len()),
            Some("+=") => vec![super::calls::appended(&single(&left.value), &single(&right), self.loops > 0)],
            _ => Vec::new(),
        };
        for (at, target) in targets.into_iter().enumerate() {
            self.store(target, values.get(at).cloned().unwrap_or_default());
        }
    }

    fn store(&mut self, target: Node<'_>, value: Value) {
        match target.kind() {
            "identifier" => {
                let name = self.reading.text(target);
                // A variable that has a type keeps it.
                let before = self.reading.scopes.look_up(&name, Value::Unknown);
                let value = if value.is_unknown() && before.may_be_named() { before } else { value };
                self.reading.scopes.assign(&name, value);
            }
            "selector_expression" => self.store_field(target, value),
            "index_expression" => {
                let key = target.child_by_field_name("index").map(|key| self.literal(key)).unwrap_or_default();
                if let Some(collection) = target.child_by_field_name("operand") {
                    self.store_in(collection, &key, &value);
                }
            }
            _ => {}
        }
    }

    /// `for i, x := range values`.
    pub(super) fn range_clause(&mut self, node: &Seen<'_>) {
        let Some(left) = node.part("left") else { return };
        let right = node.value("right");
        let elements = right.map(|right| match right {
            channel if is_channel(channel) => received(channel),
            Value::Sequence(elements) => Value::each(elements.iter().cloned()),
            Value::Mapping(entries) => Value::each(entries.iter().map(|(_, value)| value.clone())),
            Value::Text(text) if text.whole => {
                Value::each(text.text.chars().take(4096).map(|letter| Value::Number(i64::from(u32::from(letter)))))
            }
            _ => Value::Unknown,
        });
        let keys = right.map(|right| match right {
            channel if is_channel(channel) => received(channel),
            Value::Mapping(entries) => Value::each(entries.iter().map(|(key, _)| key.clone())),
            _ => Value::Unknown,
        });
        for (target, value) in children(*left.node).into_iter().zip([keys, elements]) {
            if target.kind() == "identifier" {
                let name = self.reading.text(target);
                self.reading.scopes.bind(&name, value);
            }
        }
    }

    pub(super) fn return_statement(&mut self, node: &Seen<'_>) {
        let Some(function) = self.reading.scopes.function() else { return };
        let value = match node.first() {
            several @ Value::Given(_) if is_tuple(&several) => several,
            other => single(&other),
        };
        self.reading.scopes.returns(function, value);
    }
}

pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// Whether a list is what a function returns that returns several values.
fn is_tuple(list: &Value) -> bool {
    matches!(list, Value::Given(given) if given.positional.len() > 1)
}

/// The only value of a list of one.
pub(super) fn single(list: &Value) -> Value {
    match list {
        Value::Given(given) => given.get(0),
        other => other.clone(),
    }
}

/// The values that a list gives to so many names. One call may give several.
fn spread(list: &Value, names: usize) -> Vec<Value> {
    let Value::Given(given) = list else { return vec![list.clone()] };
    let Given { positional, .. } = &**given;
    match positional.as_slice() {
        [one] if names > 1 => {
            let nth = |at: usize| {
                one.map(|one| match one {
                    Value::Given(several) => several.get(at),
                    other if at == 0 => other.clone(),
                    _ => Value::Unknown,
                })
            };
            (0..names.min(8)).map(nth).collect()
        }
        all => all.to_vec(),
    }
}
