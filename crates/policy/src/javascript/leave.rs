//! What is done before and after the parts of each node have been seen.

use super::JavaScript;
use super::names;
use crate::flow::scopes::Kind;
use crate::flow::value::Value;
use crate::flow::walk::{Seen, Visitor};

impl<'t> Visitor<'t> for JavaScript {
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "function_declaration" | "method_definition" | "generator_function" | "generator_function_declaration" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function);
            }
            "function_expression" | "arrow_function" => {
                self.give_elements(node, ancestors);
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function);
            }
            "statement_block" | "for_statement" | "for_in_statement" | "catch_clause" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
            }
            "if_statement" | "while_statement" | "do_statement" | "try_statement" | "switch_statement" => {
                self.reading.scopes.open_branch();
            }
            "ERROR" => self.reading.enter_error(),
            "comment" | "html_comment" | "regex" | "string" => return false,
            _ => {}
        }
        if node.field == Some("body") {
            self.enter_body(ancestors);
        }
        true
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" {
            self.reading.leave_error(node.node, |line| {
                line.starts_with("import ") || line.contains("require") || line.contains("import(")
            });
        }
        let value = self.value_of(node, ancestors);
        if names::is_reference(node, ancestors) && value.may_be_named() {
            self.use_of(node, ancestors, &value);
        }
        if node.kind == "subscript_expression" { value.without_elements() } else { value }
    }
}

impl JavaScript {
    /// What an expression is; for statements, what they change is changed.
    fn value_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "identifier" | "shorthand_property_identifier" => self.identifier(node),
            "member_expression" => self.member_expression(node),
            "subscript_expression" => self.subscript_expression(node),
            "call_expression" | "new_expression" => self.call(node),
            "arguments" => self.arguments(node),
            "import" => Value::named("import"),
            "meta_property" => Value::named(self.reading.text(node.node)),
            "string" => self.string(node),
            "template_string" => self.template(node),
            "number" => self.number(node),
            "true" => Value::Number(1),
            "parenthesized_expression"
            | "await_expression"
            | "spread_element"
            | "template_substitution"
            | "sequence_expression"
            | "class_heritage"
            | "ERROR" => node.parts.last().map(|part| part.value.clone()).unwrap_or_default(),
            "expression_statement" => node.first(),
            "binary_expression" => self.binary_expression(node),
            "ternary_expression" => Value::either([node.value("consequence"), node.value("alternative")]),
            "array" => array(node),
            "object" => self.object(node),
            "pair" => node.value("value"),
            _ => self.statement(node, ancestors),
        }
    }

    fn statement(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "import_statement" => self.import_statement(node),
            "export_statement" => self.export_statement(node),
            "variable_declarator" => self.variable_declarator(node, ancestors),
            "assignment_expression" => return self.assignment_expression(node),
            "augmented_assignment_expression" => return self.augmented_assignment(node),
            "assignment_pattern" | "object_assignment_pattern" => return node.value("right"),
            "field_definition" => self.field_definition(node),
            "formal_parameters" => self.formal_parameters(node),
            "function_declaration" | "generator_function_declaration" => self.function_declaration(node),
            "function_expression" | "generator_function" | "arrow_function" => return self.function(node),
            "method_definition" => return self.method_definition(node, ancestors),
            "yield_expression" => self.reading.yielded(node, "*"),
            "return_statement" => self.return_statement(node),
            "with_statement" => {
                self.reading.escapes([node.value("object")].iter(), &node.node.byte_range());
            }
            "class_declaration" | "class" => return self.class(node),
            "statement_block" | "for_statement" | "for_in_statement" | "catch_clause" => self.reading.scopes.leave(),
            "if_statement" | "while_statement" | "do_statement" | "try_statement" | "switch_statement" => {
                self.reading.scopes.close_branch();
            }
            _ => {}
        }
        Value::Unknown
    }

    fn binary_expression(&self, node: &Seen<'_>) -> Value {
        let (left, right) = (node.value("left"), node.value("right"));
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        match operator.as_deref().unwrap_or_default() {
            "+" => match (&left, &right) {
                (Value::Text(_), _) => left.plus(&super::literals::as_shown(&right)),
                (_, Value::Text(_)) => super::literals::as_shown(&left).plus(&right),
                _ => left.plus(&right),
            },
            "||" | "&&" | "??" => Value::either([left, right]),
            operator => left.map_with(&right, |left, right| super::computing::arithmetic(operator, left, right)),
        }
    }

    fn object(&self, node: &Seen<'_>) -> Value {
        let (mut entries, mut spread) = (Vec::new(), Vec::new());
        for part in &node.parts {
            match (part.kind, &part.value) {
                ("pair", value) => {
                    if let Some(key) = part.node.child_by_field_name("key") {
                        entries.push((Value::text(self.key(key)), value.clone()));
                    }
                }
                ("shorthand_property_identifier", value) => {
                    entries.push((Value::text(self.name(part.node)), value.clone()));
                }
                ("spread_element", Value::Mapping(more)) => entries.extend(more.iter().cloned()),
                ("spread_element", named) if named.may_be_named() => spread.push(named.clone()),
                _ => {}
            }
        }
        Value::either([Value::mapping(entries)].into_iter().chain(spread))
    }
}

fn array(node: &Seen<'_>) -> Value {
    let mut elements = Vec::new();
    for part in node.parts.iter().filter(|part| part.kind != "comment") {
        match (&part.value, part.kind) {
            (Value::Sequence(more), "spread_element") => elements.extend(more.iter().cloned()),
            (Value::Text(text), "spread_element") => {
                elements.extend(text.text.chars().map(|letter| Value::text(letter.to_string())));
            }
            _ => elements.push(part.value.clone()),
        }
    }
    Value::sequence(elements)
}
