//! What is done before and after the parts of each node have been seen.

use super::Go;
use crate::flow::scopes::Kind;
use crate::flow::value::Value;
use crate::flow::walk::{Seen, Visitor};

/// What a line holds that is worth reading by itself where the code around it cannot be parsed.
const TELLING: [&str; 10] =
    ["exec.", "syscall.", "os.", "unsafe.", "plugin.", "net.", "http.", "ioutil.", "reflect.", "unix."];

impl<'t> Visitor<'t> for Go {
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "source_file" => self.enter_file(node, ancestors),
            "function_declaration" | "method_declaration" | "func_literal" => {
                if node.kind == "function_declaration" {
                    self.declare_function(*node.node);
                }
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function);
            }
            "block"
            | "if_statement"
            | "for_statement"
            | "expression_switch_statement"
            | "type_switch_statement"
            | "select_statement"
            | "communication_case" => self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block),
            "ERROR" => self.reading.enter_error(),
            "comment" => {
                self.comment(node);
                return false;
            }
            "interpreted_string_literal" | "raw_string_literal" | "rune_literal" => return false,
            _ => {}
        }
        self.loops += usize::from(node.kind == "for_statement");
        true
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" {
            self.unfinished(node);
            self.reading.leave_error(node.node, |line| {
                line.starts_with("import ") || TELLING.iter().any(|word| line.contains(word))
            });
        }
        self.loops = self.loops.saturating_sub(usize::from(node.kind == "for_statement"));
        let owner = ancestors.last().map(|owner| owner.kind).unwrap_or_default();
        let value = self.value_of(node, owner);
        // What a variable stands for was said where it got that; a package's own name may be used without it.
        let is_said = node.kind == "identifier" && self.dots.is_empty();
        if !is_said && is_reference(node, ancestors) {
            let span = node.node.byte_range();
            for one in value.alternatives() {
                if one.as_named().is_some_and(|named| named.path.contains('.')) {
                    self.reading.collected.use_of(one, &span);
                }
            }
        }
        value
    }
}

impl Go {
    fn enter_file(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        if ancestors.is_empty() && self.reading.collected.within.is_none() {
            self.dots.clear();
            self.loops = 0;
            let mut cursor = node.node.walk();
            let package = node.node.named_children(&mut cursor).find(|child| child.kind() == "package_clause");
            let name = package.and_then(|package| package.named_child(0)).map(|name| self.reading.text(name));
            self.is_part = name.is_some_and(|name| &*name != "main");
        }
        self.declare_all(*node.node);
    }

    /// What is named in code that ends too early: `exec.Command(`.
    fn unfinished(&mut self, node: &Seen<'_>) {
        let mut object = Value::Unknown;
        let mut end = node.node.start_byte();
        for part in &node.parts {
            let between = self.reading.between(end, part.node.start_byte());
            end = part.node.end_byte();
            if between.trim() == "." {
                let name = self.reading.text(part.node);
                object = self.member(&object, &name);
                self.reading.collected.use_of(&object, &part.node.byte_range());
            } else {
                object = part.value.clone();
            }
        }
    }
}

/// Whether a node names something and nothing around it says the same more exactly.
fn is_reference(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    if !matches!(node.kind, "identifier" | "selector_expression") {
        return false;
    }
    let Some(parent) = ancestors.last() else { return true };
    match parent.kind {
        "selector_expression" | "index_expression" => node.field != Some("operand"),
        "call_expression" => node.field != Some("function"),
        // A variable that is given a value is not what it was before.
        "expression_list" => node.kind != "identifier" || parent.field != Some("left"),
        _ => node.field != Some("name"),
    }
}
