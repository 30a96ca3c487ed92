//! What is done before and after the parts of each node have been seen.

use super::Python;
use super::names;
use crate::flow::scopes::Kind;
use crate::flow::value::Value;
use crate::flow::walk::{Seen, Visitor};

impl<'t> Visitor<'t> for Python {
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "function_definition" | "lambda" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function)
            }
            "class_definition" => self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Class),
            "list_comprehension" | "set_comprehension" | "dictionary_comprehension" | "generator_expression" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
            }
            "if_statement" | "while_statement" | "try_statement" | "match_statement" | "for_statement" => {
                self.reading.scopes.open_branch();
            }
            "global_statement" | "nonlocal_statement" => self.names_from_outside(node),
            "ERROR" => self.reading.enter_error(),
            "comment" => return false,
            "string" => return self.has_parts(node),
            _ => {}
        }
        if node.field == Some("body") {
            self.enter_body(ancestors);
        }
        true
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" {
            self.reading.leave_error(node.node, |line| line.starts_with("import ") || line.starts_with("from "));
        }
        let value = self.value_of(node, ancestors);
        if names::is_reference(node, ancestors) && value.may_be_named() {
            self.use_of(node, ancestors, &value);
        }
        // What lies in a table of values is a value, and no longer the table.
        if node.kind == "subscript" { value.without_elements() } else { value }
    }
}

impl Python {
    /// What an expression is; for statements, what they change is changed.
    fn value_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "identifier" => self.identifier(node, ancestors),
            "attribute" => self.attribute(node),
            "subscript" => self.subscript(node),
            "call" => self.call(node),
            "argument_list" => self.argument_list(node),
            "string" => self.string(node),
            "concatenated_string" => node.parts.iter().fold(Value::text(""), |whole, part| whole.plus(&part.value)),
            "integer" => self.integer(node),
            "true" | "false" => Value::Number(i64::from(node.kind == "true")),
            "interpolation" => node.value("expression"),
            "parenthesized_expression" | "await" | "keyword_argument" | "list_splat" | "type" | "ERROR" => {
                node.parts.last().map(|part| part.value.clone()).unwrap_or_default()
            }
            "expression_statement" if node.parts.len() == 1 => node.first(),
            "binary_operator" => self.binary_operator(node),
            "unary_operator" => self.unary_operator(node),
            "boolean_operator" => Value::either([node.value("left"), node.value("right")]),
            "conditional_expression" => {
                let ends = [node.parts.first(), node.parts.last()];
                Value::either(ends.into_iter().flatten().map(|part| part.value.clone()))
            }
            "tuple" | "list" | "set" | "expression_list" => self.sequence(node),
            "default_parameter" | "typed_default_parameter" => node.value("value"),
            "dictionary" => dictionary(node),
            "pair" => Value::sequence(vec![node.value("key"), node.value("value")]),
            "list_comprehension" | "set_comprehension" | "generator_expression" => {
                self.reading.scopes.leave();
                comprehended(node)
            }
            "dictionary_comprehension" => {
                self.reading.scopes.leave();
                Value::Unknown
            }
            _ => self.statement(node),
        }
    }

    fn statement(&mut self, node: &Seen<'_>) -> Value {
        match node.kind {
            "import_statement" => self.import_statement(node),
            "import_from_statement" => self.import_from_statement(node),
            "future_import_statement" => self.future_import_statement(node),
            "assignment" => return self.assignment(node),
            "augmented_assignment" => self.augmented_assignment(node),
            "named_expression" => return self.named_expression(node),
            "as_pattern" => return self.as_pattern(node),
            "for_in_clause" => self.for_in_clause(node),
            "parameters" | "lambda_parameters" => self.parameters(node),
            "function_definition" => self.function_definition(node),
            "lambda" => return self.lambda(node),
            "class_definition" => self.class_definition(node),
            "return_statement" => self.return_statement(node),
            "yield" => self.reading.yielded(node, "from"),
            "decorator" => self.decorator(node),
            "exec_statement" => self.exec_statement(node),
            "if_statement" | "while_statement" | "try_statement" | "match_statement" | "for_statement" => {
                self.reading.scopes.close_branch();
            }
            _ => {}
        }
        Value::Unknown
    }

    fn sequence(&self, node: &Seen<'_>) -> Value {
        let mut elements = Vec::new();
        for part in node.parts.iter().filter(|part| part.kind != "comment") {
            match (&part.value, part.kind) {
                (Value::Sequence(more), "list_splat") => elements.extend(more.iter().cloned()),
                _ => elements.push(part.value.clone()),
            }
        }
        Value::sequence(elements)
    }

    /// Whether a string has parts to be looked at: only formatted ones have.
    fn has_parts(&self, node: &Seen<'_>) -> bool {
        let text = self.reading.bytes(node.node);
        let prefix = text.iter().take_while(|byte| !matches!(byte, b'"' | b'\''));
        prefix.into_iter().any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
    }
}

fn dictionary(node: &Seen<'_>) -> Value {
    let entries = node.parts.iter().filter_map(|part| match &part.value {
        Value::Sequence(pair) if part.kind == "pair" && pair.len() == 2 => Some((pair[0].clone(), pair[1].clone())),
        _ => None,
    });
    Value::mapping(entries.collect())
}

/// The sequence that a comprehension is, where what it runs through is known.
fn comprehended(node: &Seen<'_>) -> Value {
    match node.value("body") {
        Value::Unknown => Value::Unknown,
        body if node.parts.iter().any(|part| part.kind == "if_clause") => Value::sequence(vec![body]),
        body => Value::sequence(body.alternatives().to_vec()),
    }
}
