//! What is done before and after the parts of each node have been seen.

use super::calls::given_of;
use super::collections::subscript;
use super::computing::operation;
use super::streams::{is_file_stream, is_text_stream};
use super::{Cpp, references};
use crate::flow::scopes::Kind;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Seen, Visitor};

/// Words that stand in lines of broken code which are worth to be looked at again.
const WORTH_LOOKING: [&str; 6] = ["stream", "open", "remove", "unlink", "rename", "rmdir"];

impl<'t> Visitor<'t> for Cpp {
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "function_definition" => self.enter_function(*node.node),
            "lambda_expression" => self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function),
            "class_specifier" | "struct_specifier" | "union_specifier" => self.enter_class(*node.node),
            "namespace_definition" => self.enter_namespace(*node.node),
            "compound_statement" | "for_statement" | "for_range_loop" | "catch_clause" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
            }
            "if_statement" | "while_statement" | "do_statement" | "try_statement" | "switch_statement" => {
                self.reading.scopes.open_branch();
            }
            "ERROR" => self.reading.enter_error(),
            "comment" | "string_literal" | "raw_string_literal" | "char_literal" | "number_literal" => return false,
            _ => {}
        }
        if node.field == Some("body") {
            self.enter_body(ancestors);
        }
        true
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" {
            self.reading.leave_error(node.node, |line| WORTH_LOOKING.iter().any(|word| line.contains(word)));
        }
        let value = self.value_of(node, ancestors);
        if references::is_reference(node, ancestors) && value.may_be_named() {
            self.reading.collected.use_of(&value, &node.node.byte_range());
        }
        value
    }
}

impl Cpp {
    /// What an expression or a type is; for statements, what they change is changed.
    fn value_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "identifier" | "type_identifier" | "namespace_identifier" => self.identifier(node, ancestors),
            "qualified_identifier" => self.qualified(node, ancestors),
            "template_function" | "template_type" => self.template(node, ancestors),
            "template_argument_list" | "ERROR" => node.first(),
            "field_expression" => self.field_expression(node),
            "call_expression" => self.call_expression(node),
            "new_expression" | "compound_literal_expression" => {
                let given =
                    given_of(&node.part("arguments").map_or_else(|| node.value("value"), |part| part.value.clone()));
                self.made(&node.value("type"), &given, &node.node.byte_range())
            }
            "argument_list" => self.arguments(node),
            "initializer_list" => self.in_braces(node),
            "string_literal" | "char_literal" => self.string(node),
            "raw_string_literal" => self.raw_string(node),
            "concatenated_string" => node.parts.iter().fold(Value::text(""), |whole, part| whole.plus(&part.value)),
            "user_defined_literal" => node.first(),
            "number_literal" => self.number(node),
            "true" => Value::Number(1),
            "false" | "null" => Value::Number(0),
            "parenthesized_expression" | "comma_expression" | "condition_clause" => {
                node.parts.last().map(|part| part.value.clone()).unwrap_or_default()
            }
            "pointer_expression" => node.value("argument"),
            "cast_expression" => self.cast_expression(node),
            "binary_expression" => self.binary_expression(node),
            "conditional_expression" => Value::either([node.value("consequence"), node.value("alternative")]),
            "subscript_expression" => {
                let index = node.value("indices");
                let element = |one: &Value| if is_file_stream(one) { one.clone() } else { subscript(one, &index) };
                node.value("argument").map(element).without_elements()
            }
            "subscript_argument_list" | "expression_statement" => node.first(),
            _ => self.of_type_or_statement(node, ancestors),
        }
    }

    fn of_type_or_statement(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "type_descriptor" => return Self::type_descriptor(node),
            "parameter_declaration" | "optional_parameter_declaration" => return Self::parameter(node),
            "dependent_type" => return node.first(),
            "decltype" => return Self::type_of(node),
            "init_declarator" | "initializer_pair" => return node.value("value"),
            "function_declarator" => return self.function_declarator(node, ancestors),
            "parameter_list" => return self.parameter_list(node, ancestors),
            "assignment_expression" => return self.assignment_expression(node),
            "lambda_expression" => return self.lambda(node),
            "gnu_asm_expression" => return self.assembly(node, ancestors),
            "class_specifier" | "struct_specifier" | "union_specifier" => return self.leave_class(node),
            "base_class_clause" => return self.base_class_clause(node, ancestors),
            "declaration" | "field_declaration" => self.declaration(node, ancestors),
            "alias_declaration" => self.alias_declaration(node),
            "type_definition" => self.type_definition(node),
            "using_declaration" => self.using_declaration(node),
            "namespace_alias_definition" => self.namespace_alias(node),
            _ => self.statement(node, ancestors),
        }
        Value::Unknown
    }

    fn statement(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        match node.kind {
            "function_definition" => self.leave_function(node, ancestors),
            "namespace_definition" => self.leave_namespace(node),
            "compound_statement" | "for_statement" | "for_range_loop" | "catch_clause" => {
                self.declared_alone(node, ancestors);
                self.reading.scopes.leave();
            }
            "if_statement" | "while_statement" | "do_statement" | "try_statement" | "switch_statement" => {
                self.declared_alone(node, ancestors);
                self.reading.scopes.close_branch();
            }
            "return_statement" | "co_return_statement" => {
                if let Some(function) = self.reading.scopes.function() {
                    self.reading.scopes.returns(function, node.first());
                }
            }
            "field_initializer" => self.field_initializer(node),
            "lambda_capture_initializer" => self.capture(node),
            "attribute_specifier" | "attribute_declaration" => self.attribute(node),
            "enumerator" => {
                if let Some(name) = node.part("name") {
                    let own = self.reading.text(name.node);
                    self.reading.scopes.bind(&own, node.value("value"));
                }
            }
            "enum_specifier" => {
                if let Some(name) = node.part("name").filter(|_| node.part("body").is_some()) {
                    let own = self.reading.text(name.node);
                    self.reading.scopes.bind(&own, Value::Unknown);
                }
            }
            _ => {}
        }
    }

    fn binary_expression(&mut self, node: &Seen<'_>) -> Value {
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let operator = operator.as_deref().unwrap_or_default();
        let (left, right) = (node.value("left"), node.value("right"));
        match operator {
            "|" => operation(operator, &left, &right),
            "<<" if is_text_stream(&left) => self.write_text(node, &left, &right),
            "+" | "/" | "-" | "*" | "%" | "^" | "&" | "<<" | ">>" => {
                left.map_with(&right, |left, right| operation(operator, left, right))
            }
            _ => Value::Unknown,
        }
    }

    /// `asm("…")`, and the name that it gives what is declared before it.
    fn assembly(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let code = node.value("assembly_code");
        if ancestors.last().is_none_or(|parent| parent.kind != "declaration") {
            let call = Given { positional: vec![code.clone()], ..Given::default() };
            self.reading.collected.call_of("asm", || call.to_arguments(None), &node.node.byte_range());
        }
        code
    }

    /// `__attribute__((constructor))`, `__attribute__((weakref("system")))`.
    fn attribute(&mut self, node: &Seen<'_>) {
        let text = self.reading.text(node.node);
        let span = node.node.byte_range();
        if text.contains("constructor") {
            let at_start = Value::named("__attribute__((constructor))");
            self.reading.collected.use_of(&at_start, &span);
        }
        // What a function is called that is another one.
        if let Some((_, rest)) = text.split_once("alias").or_else(|| text.split_once("weakref"))
            && let Some(name) = rest.split('"').nth(1)
        {
            let other = self.path(name);
            self.reading.collected.use_of(&other, &span);
        }
    }
}
