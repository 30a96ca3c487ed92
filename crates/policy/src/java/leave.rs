//! What is done before and after the parts of each node have been seen.

use super::Java;
use super::classes::is_class;
use super::literals::as_shown;
use super::names::typed;
use crate::flow::scopes::Kind;
use crate::flow::texts::{arithmetic, code, letter};
use crate::flow::value::Value;
use crate::flow::walk::{Part, Seen, Visitor};

/// What is read as a whole, its parts passed over.
const WHOLE: [&str; 6] = [
    "import_declaration",
    "package_declaration",
    "string_literal",
    "character_literal",
    "line_comment",
    "block_comment",
];

impl<'t> Visitor<'t> for Java {
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "program" => self.enter_program(node, ancestors),
            "method_declaration"
            | "constructor_declaration"
            | "compact_constructor_declaration"
            | "lambda_expression" => self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function),
            "class_body" | "interface_body" | "enum_body" => self.enter_class(node, ancestors),
            "block"
            | "constructor_body"
            | "for_statement"
            | "enhanced_for_statement"
            | "catch_clause"
            | "try_with_resources_statement" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
            }
            "enum_body_declarations" => self.declare_classes(*node.node),
            "class_declaration" | "record_declaration" | "enum_declaration" | "interface_declaration" => {
                self.declare_class(*node.node);
            }
            "if_statement" | "while_statement" | "do_statement" | "try_statement" | "switch_expression" => {
                self.reading.scopes.open_branch();
            }
            "ERROR" => self.reading.enter_error(),
            "import_declaration" => self.import_declaration(node),
            "string_literal" if self.is_never_closed(node) => self.reading.enter_error(),
            _ => {}
        }
        self.loops += usize::from(is_loop(node.kind));
        if node.field == Some("body") && !ancestors.is_empty() {
            self.enter_body(ancestors);
        }
        !WHOLE.contains(&node.kind)
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" || self.is_never_closed(node) {
            self.leave_unfinished(node);
        }
        let value = match node.kind {
            _ if is_last_name(node, ancestors) => Value::Unknown,
            "explicit_constructor_invocation" | "enum_constant" | "constructor_declaration" | "formal_parameters" => {
                self.part_of_class(node, ancestors)
            }
            _ => self.value_of(node),
        };
        self.loops = self.loops.saturating_sub(usize::from(is_loop(node.kind)));
        if is_reference(node, ancestors) {
            let span = node.node.byte_range();
            for one in value.alternatives() {
                if one.as_named().is_some_and(|named| named.path.contains('.') && !is_class(&named.path)) {
                    self.reading.collected.use_of(one, &span);
                }
            }
        }
        value
    }
}

impl Java {
    fn enter_program(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        if ancestors.is_empty() && self.reading.collected.within.is_none() {
            self.loaded.clear();
            self.packages.clear();
            self.others.clear();
            self.statics.clear();
            self.takes_platform = !is_part(*node.node);
            self.loops = 0;
        }
        self.declare_classes(*node.node);
    }

    fn enter_class(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let extended = ancestors.last().map(|owner| self.extends(owner)).unwrap_or_default();
        self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
        self.reading.scopes.bind("this", extended);
        self.declare_classes(*node.node);
        if let Some(record) = ancestors.last().filter(|owner| owner.kind == "record_declaration") {
            self.enter_record(record, self.reading.scope_id(node.node));
        }
    }

    /// What an expression is; for statements, what they change is changed.
    fn value_of(&mut self, node: &Seen<'_>) -> Value {
        match node.kind {
            "identifier" if matches!(node.field, Some("name" | "field" | "key")) => Value::Unknown,
            "identifier" => self.identifier(node),
            "type_identifier" => self.type_identifier(node),
            "scoped_type_identifier" => self.scoped_type(node),
            "field_access" => self.field_access(node),
            "method_invocation" => self.method_invocation(node),
            "object_creation_expression" => self.object_creation(node),
            "method_reference" => self.method_reference(node),
            "class_literal" => self.class_literal(node),
            "argument_list" => self.arguments(node),
            "this" | "super" => self.reading.scopes.look_up("this", Value::Unknown),
            "string_literal" => self.string(node),
            "character_literal" => self.character(node),
            "decimal_integer_literal" | "hex_integer_literal" | "octal_integer_literal" | "binary_integer_literal" => {
                self.number(node)
            }
            "generic_type" | "superclass" | "expression_statement" | "dimensions_expr" => node.first(),
            "parenthesized_expression" | "annotated_type" | "ERROR" => {
                node.parts.last().map(|part| part.value.clone()).unwrap_or_default()
            }
            "cast_expression" => self.cast(node),
            "binary_expression" => self.binary_expression(node),
            "ternary_expression" => Value::either([node.value("consequence"), node.value("alternative")]),
            "array_creation_expression" => self.array(node),
            "array_initializer" => {
                let elements = node.parts.iter().filter(|part| !part.kind.contains("comment"));
                Value::sequence(elements.map(|part| part.value.clone()).collect())
            }
            "array_access" => self.array_access(node),
            "assignment_expression" => self.assignment(node),
            "lambda_expression" => self.lambda(node),
            "variable_declarator" => node.value("value"),
            "formal_parameter" => node.value("type"),
            _ => self.statement(node),
        }
    }

    fn statement(&mut self, node: &Seen<'_>) -> Value {
        match node.kind {
            "local_variable_declaration" | "field_declaration" | "constant_declaration" => self.variables(node),
            "formal_parameters" | "inferred_parameters" => self.formal_parameters(node),
            "compact_constructor_declaration" => self.reading.scopes.leave(),
            "catch_formal_parameter" => {
                self.bind_part(node.node.child_by_field_name("name"), &Value::Unknown, &Value::Unknown);
            }
            "resource" => {
                self.bind_part(node.node.child_by_field_name("name"), &node.value("value"), &node.value("type"));
            }
            "instanceof_expression" => {
                self.bind_part(node.node.child_by_field_name("name"), &node.value("left"), &node.value("right"));
            }
            "type_pattern" => self.bind_part(node.node.named_child(1), &Value::Unknown, &node.first()),
            "method_declaration" => {
                self.native_method(node);
                self.method_declaration(node);
            }
            "return_statement" => self.return_statement(node),
            "block"
            | "constructor_body"
            | "for_statement"
            | "enhanced_for_statement"
            | "catch_clause"
            | "try_with_resources_statement"
            | "class_body"
            | "interface_body"
            | "enum_body" => self.reading.scopes.leave(),
            "if_statement" | "while_statement" | "do_statement" | "try_statement" | "switch_expression" => {
                self.reading.scopes.close_branch();
            }
            _ => {}
        }
        Value::Unknown
    }

    fn type_identifier(&mut self, node: &Seen<'_>) -> Value {
        match &*self.reading.text(node.node) {
            "var" => Value::Unknown,
            name => self.by_name(name, &node.node.byte_range()),
        }
    }

    /// A method whose code is in a library of the system.
    fn native_method(&mut self, node: &Seen<'_>) {
        let modifiers = node.parts.iter().find(|part| part.kind == "modifiers");
        let Some(modifiers) = modifiers.map(|part| self.reading.text(part.node)) else { return };
        if node.part("body").is_none() && modifiers.split_whitespace().any(|word| word == "native") {
            self.reading.collected.use_of(&Value::named("native"), &node.node.byte_range());
        }
    }

    fn cast(&self, node: &Seen<'_>) -> Value {
        let value = node.value("value");
        match node.part("type").map(|class| self.reading.text(class.node)).as_deref() {
            Some("char") => value.map(letter),
            Some("int" | "byte" | "short" | "long") => value.map(code),
            _ => typed(&value, &node.value("type")),
        }
    }

    fn binary_expression(&self, node: &Seen<'_>) -> Value {
        let (left, right) = (node.value("left"), node.value("right"));
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let operator = operator.as_deref().unwrap_or_default();
        let is_letter = |part: Option<&Part<'_>>| part.is_some_and(|part| part.kind == "character_literal");
        let is_number = |value: &Value| matches!(value, Value::Number(_));
        let letters = is_letter(node.part("left")) && (is_number(&right) || is_letter(node.part("right")))
            || is_letter(node.part("right")) && is_number(&left);
        if letters || operator != "+" {
            return arithmetic(operator, &left.map(code), &right.map(code));
        }
        match (&left, &right) {
            (Value::Number(_), Value::Number(_)) => left.plus(&right),
            _ => as_shown(&left).plus(&as_shown(&right)),
        }
    }
}

/// Whether a name belongs to what stands before it: `C` of `a.b.C`.
fn is_last_name(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let owner =
        ancestors.last().filter(|owner| node.kind == "type_identifier" && owner.kind == "scoped_type_identifier");
    owner.is_some_and(|owner| owner.parts.iter().any(|part| !part.kind.contains("annotation")))
}

fn is_loop(kind: &str) -> bool {
    matches!(kind, "for_statement" | "enhanced_for_statement" | "while_statement" | "do_statement")
}

/// Whether a source is a part of something larger, in which more classes may be declared.
fn is_part(program: tree_sitter::Node<'_>) -> bool {
    let mut cursor = program.walk();
    program.named_children(&mut cursor).any(|child| child.kind() == "package_declaration")
}

/// Whether a node names something and nothing around it says the same more exactly.
fn is_reference(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    if !matches!(node.kind, "identifier" | "field_access" | "method_reference") {
        return false;
    }
    let is_within = ancestors.last().is_some_and(|parent| match parent.kind {
        "field_access" | "method_invocation" => node.field == Some("object"),
        "method_reference" => true,
        _ => false,
    });
    !is_within
}
