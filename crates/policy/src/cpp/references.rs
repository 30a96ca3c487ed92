//! Which names are read, and which are bound.

use tree_sitter::Node;

use crate::flow::walk::Seen;

/// Whether an identifier is there to be bound, and not to be read.
fn is_binding(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let Some(parent) = ancestors.last() else { return false };
    match parent.kind {
        "init_declarator"
        | "function_declarator"
        | "pointer_declarator"
        | "array_declarator"
        | "declaration"
        | "parameter_declaration"
        | "optional_parameter_declaration"
        | "variadic_parameter_declaration"
        | "field_declaration"
        | "for_range_loop"
        | "type_definition" => node.field == Some("declarator"),
        "reference_declarator"
        | "parenthesized_declarator"
        | "structured_binding_declarator"
        | "variadic_declarator"
        | "attributed_declarator" => node.kind != "attribute_declaration",
        "alias_declaration"
        | "enumerator"
        | "enum_specifier"
        | "namespace_definition"
        | "namespace_alias_definition"
        | "concept_definition" => node.field == Some("name"),
        "class_specifier" | "struct_specifier" | "union_specifier" => {
            node.field == Some("name") && parent.node.child_by_field_name("body").is_some()
        }
        "type_parameter_declaration" | "variadic_type_parameter_declaration" => true,
        "lambda_capture_initializer" => node.field == Some("left"),
        // The arguments of an attribute are no names of the program.
        "argument_list" => ancestors.iter().rev().nth(1).is_some_and(|outer| outer.kind == "attribute_specifier"),
        _ => false,
    }
}

/// Whether a node names something and nothing around it says the same more exactly.
pub(super) fn is_reference(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let names = matches!(
        node.kind,
        "identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "template_function"
            | "template_type"
            | "field_expression"
    );
    if !names || is_binding(node, ancestors) {
        return false;
    }
    let Some(parent) = ancestors.last() else { return true };
    match parent.kind {
        "qualified_identifier" => false,
        "template_function" | "template_type" | "template_method" => node.field != Some("name"),
        "field_expression" => node.field != Some("argument"),
        "call_expression" => node.field != Some("function"),
        _ => true,
    }
}

/// The name within a declarator, if it is a plain one.
pub(super) fn declared<'t>(declarator: Node<'t>) -> Option<Node<'t>> {
    let mut node = declarator;
    for _ in 0..64 {
        match node.kind() {
            "identifier"
            | "field_identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "structured_binding_declarator"
            | "operator_name" => return Some(node),
            "destructor_name" => return None,
            _ => node = node.child_by_field_name("declarator").or_else(|| node.named_child(0))?,
        }
    }
    None
}
