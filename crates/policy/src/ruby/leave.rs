//! What is done before and after the parts of each node have been seen.

use super::Ruby;
use super::literals::is_aside;
use super::names;
use crate::budget::{GaveUp, Spending};
use crate::flow::scopes::Kind;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Nodes, Seen, Spot, Visitor};

/// What a line of broken code has in it that is looked at by itself.
const SIGNS: [&str; 13] =
    ["require", "system", "exec", "eval", "spawn", "popen", "`", "%x", "send", "delete", "rm_", "ENV", "write"];

impl<'t> Visitor<'t> for Ruby {
    fn begin(&mut self, nodes: &Nodes<'t>, spending: &mut Spending) {
        self.find_heredocs(nodes);
        if nodes.iter().any(|node| self.is_lost(node)) {
            spending.give_up(GaveUp::Parser);
        }
    }

    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "method" | "singleton_method" | "lambda" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function);
            }
            "class" | "module" | "singleton_class" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
            }
            "block" | "do_block" => {
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Block);
                self.enter_block(node, ancestors);
            }
            "ERROR" => self.reading.enter_error(),
            kind if is_branch(kind) => self.reading.scopes.open_branch(),
            "comment" | "uninterpreted" => return false,
            _ => {}
        }
        if node.field == Some("body") {
            self.enter_body(ancestors);
            self.enter_clause(ancestors);
        }
        true
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" {
            self.reading
                .leave_error(node.node, |line| !line.starts_with('#') && SIGNS.iter().any(|sign| line.contains(sign)));
        }
        let value = self.value_of(node, ancestors);
        if names::is_reference(node, ancestors) && value.may_be_named() {
            self.reading.collected.use_of(&value, &node.node.byte_range());
        }
        value
    }
}

impl Ruby {
    /// Whether a node stands for all of the program that the grammar could not make out: see `scanners/ruby.c`.
    fn is_lost(&self, node: Spot<'_>) -> bool {
        node.kind() == "simple_symbol" && !self.reading.bytes(node).starts_with(b":")
    }

    /// What an expression is; for statements, what they change is changed.
    fn value_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "identifier" => self.identifier(node, ancestors),
            "constant" => self.constant(node, ancestors),
            "scope_resolution" => self.scope_resolution(node),
            "instance_variable" | "class_variable" | "global_variable" => self.variable(node),
            "file" => Value::text("main.rb"),
            "call" => self.call(node, ancestors),
            "argument_list" => self.argument_list(node),
            "string" | "bare_string" | "bare_symbol" | "delimited_symbol" => self.string(node),
            "simple_symbol" | "hash_key_symbol" => self.symbol(node),
            "chained_string" => node.parts.iter().fold(Value::text(""), |whole, part| whole.plus(&part.value)),
            "character" => self.character(node),
            "subshell" => self.subshell(node),
            "heredoc_beginning" => self.heredoc(node),
            "heredoc_body" => {
                self.heredoc_body(node);
                Value::Unknown
            }
            "integer" => self.number(node),
            "array" | "string_array" | "symbol_array" | "right_assignment_list" => self.array(node),
            "hash" => self.hash(node),
            "pair" => self.pair(node),
            "element_reference" => self.element_reference(node, ancestors),
            "binary" => self.binary(node),
            "unary" => self.unary(node),
            "range" => self.range(node),
            "case" => {
                self.close_branch(node.kind);
                let ends = node.parts.iter().filter(|part| matches!(part.kind, "when" | "else"));
                Value::either(ends.map(|part| part.value.clone()))
            }
            "if" | "unless" | "elsif" | "conditional" => {
                self.close_branch(node.kind);
                let ends = node.parts.iter().filter(|part| matches!(part.field, Some("consequence" | "alternative")));
                Value::either(ends.map(|part| part.value.clone()))
            }
            _ => self.statement(node, ancestors),
        }
    }

    fn statement(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "assignment" => return self.assignment(node),
            "operator_assignment" => return self.operator_assignment(node),
            "optional_parameter" | "keyword_parameter" => return node.value("value"),
            "method_parameters" => self.method_parameters(node),
            "block_parameters" | "lambda_parameters" => self.block_parameters(node, ancestors),
            "method" | "singleton_method" => return self.method(node),
            "block" | "do_block" => return self.leave_block(node),
            "lambda" => return self.lambda(node),
            "class" | "module" | "singleton_class" => {
                self.reading.scopes.leave();
                self.own_constant(node, ancestors);
            }
            "alias" => self.alias(node),
            "match_pattern" | "test_pattern" => return self.match_pattern(node),
            "yield" => return self.yielded(node),
            "super" => {
                let is_call =
                    ancestors.last().is_some_and(|parent| parent.kind == "call" && node.field == Some("method"));
                if !is_call {
                    let given = Given { open_ended: true, ..Given::default() };
                    return self.inherited(&given, ancestors, &node.node.byte_range());
                }
            }
            "return" | "next" | "break" => self.return_statement(node),
            kind if is_branch(kind) => {
                self.close_branch(kind);
                return last_value(node);
            }
            // A pattern is compared with, and what is given up by `in` is what is run through.
            _ => return last_value(node),
        }
        Value::Unknown
    }

    fn close_branch(&mut self, kind: &str) {
        if is_branch(kind) {
            self.reading.scopes.close_branch();
        }
    }

    /// `` `command` ``.
    fn subshell(&mut self, node: &Seen<'_>) -> Value {
        let given = Given { positional: vec![self.put_together(node, false)], ..Given::default() };
        self.call_function("`", &given, &node.node.byte_range())
    }

    /// `key: value`; a lone `key:` is the variable of that name.
    fn pair(&mut self, node: &Seen<'_>) -> Value {
        let value = match node.part("value") {
            Some(value) => value.value.clone(),
            None => match node.value("key").whole_text() {
                Some(name) => self.reading.scopes.look_up(name, Value::Unknown),
                None => Value::Unknown,
            },
        };
        Value::sequence(vec![node.value("key"), value])
    }
}

/// Whether what stands in a node may not happen, or more than once.
fn is_branch(kind: &str) -> bool {
    matches!(
        kind,
        "if" | "unless"
            | "while"
            | "until"
            | "case"
            | "case_match"
            | "for"
            | "rescue"
            | "if_modifier"
            | "unless_modifier"
            | "while_modifier"
            | "until_modifier"
            | "rescue_modifier"
            | "conditional"
    )
}

/// What a sequence of expressions is: the last of them.
fn last_value(node: &Seen<'_>) -> Value {
    let parts = node.parts.iter().rev().filter(|part| !is_aside(part.kind));
    let ends = |kind: &str| matches!(kind, "rescue" | "ensure" | "else");
    let mut parts = parts.skip_while(|part| ends(part.kind) && node.parts.len() > 1);
    parts.next().map(|part| part.value.clone()).unwrap_or_default()
}
