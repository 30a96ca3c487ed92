//! Names of variables and of methods that are called with nothing.

use super::Ruby;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Methods of every object that are called with nothing.
const WITHOUT_ARGUMENTS: [&str; 3] = ["fork", "binding", "lambda"];

impl Ruby {
    pub(super) fn identifier(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        if is_binding(node, ancestors) {
            return Value::Unknown;
        }
        let name = self.reading.text(node.node);
        match &*name {
            "__FILE__" => return Value::text("main.rb"),
            "__dir__" => return Value::text("."),
            _ => {}
        }
        if self.reading.scopes.is_bound(&name) {
            return self.reading.scopes.look_up(&name, Value::Unknown);
        }
        let is_cut = ancestors.last().is_some_and(|parent| parent.kind == "ERROR") || node.is_before_error(ancestors);
        let is_own = self.reading.scopes.is_bound(&format!("def {name}"));
        if is_own || is_cut || WITHOUT_ARGUMENTS.contains(&&*name) {
            let given = Given { open_ended: is_cut, ..Given::default() };
            let value = self.call_function(&name, &given, &node.node.byte_range());
            let read = self.reading.scopes.field(&format!("@{name}")).filter(|_| value.is_unknown());
            return read.unwrap_or(value);
        }
        self.mixed_in(&name)
            .map_or(Value::Unknown, |function| self.called(&function, &Given::default(), &node.node.byte_range()))
    }

    pub(super) fn variable(&self, node: &Seen<'_>) -> Value {
        let name = self.reading.text(node.node);
        match &*name {
            "$0" | "$PROGRAM_NAME" => Value::text("main.rb"),
            "$LOAD_PATH" | "$:" => Value::named("$LOAD_PATH"),
            name if name.starts_with('$') => self.reading.scopes.look_up(name, Value::Unknown),
            name => self.reading.scopes.field(name).unwrap_or_default(),
        }
    }

    /// The method of that name of a module that was mixed in.
    pub(super) fn mixed_in(&self, name: &str) -> Option<Value> {
        let of_module = |module: &std::rc::Rc<str>| Value::named(format!("{module}.{name}"));
        let candidates: Vec<_> = self.included.iter().map(of_module).collect();
        (!candidates.is_empty()).then(|| Value::either(candidates))
    }
}

/// Whether an identifier is there to be bound or to name a member, and not to be read.
fn is_binding(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let Some(parent) = ancestors.last() else { return false };
    match parent.kind {
        "call" => node.field == Some("method"),
        "match_pattern" | "test_pattern" | "in_clause" => node.field == Some("pattern"),
        "assignment" => node.field == Some("left"),
        "for" => node.field == Some("pattern"),
        "method" | "singleton_method" | "alias" | "optional_parameter" | "keyword_parameter" => {
            matches!(node.field, Some("name" | "alias"))
        }
        "method_parameters"
        | "block_parameters"
        | "lambda_parameters"
        | "splat_parameter"
        | "hash_splat_parameter"
        | "block_parameter"
        | "destructured_parameter"
        | "left_assignment_list"
        | "destructured_left_assignment"
        | "rest_assignment"
        | "array_pattern"
        | "keyword_pattern"
        | "as_pattern"
        | "exception_variable"
        | "undef"
        | "setter" => true,
        _ => false,
    }
}

/// Whether a node names a constant and nothing around it says the same more exactly.
pub(super) fn is_reference(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    if !matches!(node.kind, "constant" | "scope_resolution") {
        return false;
    }
    let Some(parent) = ancestors.last() else { return true };
    match parent.kind {
        "call" => node.field != Some("receiver") && node.field != Some("method"),
        "scope_resolution" | "exceptions" | "pattern" | "left_assignment_list" => false,
        "assignment" | "operator_assignment" => node.field != Some("left"),
        "element_reference" => node.field != Some("object"),
        "class" | "module" => node.field != Some("name"),
        _ => true,
    }
}
