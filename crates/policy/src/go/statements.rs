//! What each kind of node is.

use std::rc::Rc;

use super::Go;
use super::declarations::single;
use super::literals::as_shown;
use super::names::typed;
use crate::flow::texts::arithmetic;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl Go {
    /// What an expression is; for statements, what they change is changed.
    pub(super) fn value_of(&mut self, node: &Seen<'_>, owner: &str) -> Value {
        match node.kind {
            "identifier" if node.field == Some("name") => Value::Unknown,
            "type_identifier" if owner == "qualified_type" => Value::Unknown,
            "identifier" | "type_identifier" => self.identifier(node),
            "package_identifier" if owner == "qualified_type" => self.identifier(node),
            "selector_expression" => self.selector(node),
            "qualified_type" => self.qualified_type(node),
            "call_expression" => self.call(node),
            "argument_list" => self.arguments(node),
            "interpreted_string_literal" | "raw_string_literal" => self.string(node),
            "rune_literal" => self.rune(node),
            "int_literal" => self.number(node),
            "index_expression" => self.index(node),
            "slice_expression" => self.slice(node),
            "unary_expression" => self.unary(node),
            "binary_expression" => self.binary_expression(node),
            "expression_list" => {
                let positional = node.parts.iter().filter(|part| part.kind != "comment");
                let positional = positional.map(|part| part.value.clone()).collect();
                Value::Given(Rc::new(Given { positional, ..Given::default() }))
            }
            "type_conversion_expression" => self.conversion(node),
            "type_assertion_expression" => typed(&node.value("operand"), &node.value("type")),
            "parenthesized_expression" | "variadic_argument" | "ERROR" => {
                node.parts.last().map(|part| part.value.clone()).unwrap_or_default()
            }
            "func_literal" => {
                self.reading.scopes.leave();
                Value::Local(self.reading.scope_id(node.node))
            }
            _ => self.part(node, owner),
        }
    }

    /// Types, literals and what these are made of.
    fn part(&mut self, node: &Seen<'_>, owner: &str) -> Value {
        match node.kind {
            "composite_literal" => self.composite(node),
            "literal_value" => self.literal_value(node),
            "keyed_element" => node.value("value"),
            "parameter_declaration" | "variadic_parameter_declaration" => node.value("type"),
            "pointer_type"
            | "generic_type"
            | "literal_element"
            | "parenthesized_type"
            | "expression_statement"
            | "negated_type"
            | "type_elem"
            | "type_instantiation_expression" => node.first(),
            "slice_type" | "array_type" => match node.value("element") {
                element if element.may_be_named() => Value::sequence(vec![element]),
                _ => Value::Unknown,
            },
            "map_type" => Value::mapping(Vec::new()),
            "channel_type" => super::channels::empty(),
            "struct_type" | "field_declaration_list" => {
                node.parts.iter().map(|part| part.value.clone()).find(Value::may_be_named).unwrap_or_default()
            }
            "field_declaration" => self.field_declaration(node),
            _ => self.statement(node, owner),
        }
    }

    fn statement(&mut self, node: &Seen<'_>, owner: &str) -> Value {
        match node.kind {
            "import_spec" => self.import_spec(node),
            "var_spec" | "const_spec" => self.variables(node),
            "short_var_declaration" | "receive_statement" => self.short_declaration(node),
            "assignment_statement" => self.assignment(node),
            "send_statement" => self.send(node),
            "range_clause" => self.range_clause(node),
            "type_spec" | "type_alias" => self.type_spec(node),
            "parameter_list" => self.parameters(node, owner),
            "function_declaration" => self.reading.scopes.leave(),
            "method_declaration" => self.method_declaration(node),
            "return_statement" => self.return_statement(node),
            "block"
            | "if_statement"
            | "for_statement"
            | "expression_switch_statement"
            | "type_switch_statement"
            | "select_statement"
            | "communication_case" => self.reading.scopes.leave(),
            _ => {}
        }
        Value::Unknown
    }

    fn binary_expression(&self, node: &Seen<'_>) -> Value {
        let (left, right) = (single(&node.value("left")), single(&node.value("right")));
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        match operator.as_deref() {
            Some("+") => match (&left, &right) {
                (Value::Text(_), _) => left.plus(&as_shown(&right)),
                _ => left.plus(&right),
            },
            Some(operator) => arithmetic(operator, &left, &right),
            None => Value::Unknown,
        }
    }
}
