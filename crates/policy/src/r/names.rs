//! What names stand for.

use super::R;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Packages that are attached from the start: their functions are known by their names alone.
const ATTACHED: [&str; 7] = ["base", "utils", "stats", "methods", "grDevices", "graphics", "datasets"];

/// Functions of those packages that a package attached later does not hide in earnest.
pub(super) const KNOWN: [&str; 40] = [
    "system",
    "system2",
    "shell",
    "pipe",
    "eval",
    "evalq",
    "parse",
    "source",
    "get",
    "get0",
    "do.call",
    "match.fun",
    "library",
    "require",
    "loadNamespace",
    "requireNamespace",
    "lapply",
    "sapply",
    "vapply",
    "Map",
    "Reduce",
    "Filter",
    "mapply",
    "paste",
    "paste0",
    "sprintf",
    "c",
    "list",
    "rev",
    "strsplit",
    "unlink",
    "file",
    "file.remove",
    "writeLines",
    "readLines",
    "Sys.getenv",
    "Sys.setenv",
    "assign",
    "switch",
    "return",
];

impl R {
    pub(super) fn identifier(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let Some(parent) = ancestors.last() else { return Value::Unknown };
        if matches!(node.field, Some("name" | "variable")) || parent.kind == "namespace_operator" {
            return Value::Unknown;
        }
        let name = self.name(node.node);
        let is_called = parent.kind == "call" && node.field == Some("function");
        if matches!(&*name, "." | "_" | ".x") && !is_called && !self.reading.scopes.is_bound(&name) {
            return super::pipes::piped(self, ancestors).unwrap_or_default();
        }
        if parent.kind == "ERROR" || node.is_before_error(ancestors) {
            let given = Given { open_ended: true, ..Given::default() };
            return self.called(&self.function(&name), &given, &node.node.byte_range());
        }
        if is_called { self.function(&name) } else { self.reading.scopes.look_up(&name, global(&name)) }
    }

    /// What a name is that is called. R looks for a function then, whatever else has the name.
    pub(super) fn function(&self, name: &str) -> Value {
        let own = self.reading.scopes.look_up(name, self.library_function(name));
        Value::either(own.alternatives().iter().map(|one| match one {
            Value::Text(_) | Value::Number(_) | Value::Sequence(_) | Value::Mapping(_) => self.library_function(name),
            Value::Named(named) if named.path.ends_with("()") && !is_function(&named.path) => {
                self.library_function(name)
            }
            one => one.clone(),
        }))
    }

    /// `package::name`.
    pub(super) fn namespace_operator(&mut self, node: &Seen<'_>) -> Value {
        let name = |field| node.part(field).map(|part| self.name(part.node));
        let (Some(package), Some(name)) = (name("lhs"), name("rhs")) else { return Value::Unknown };
        let span = node.node.byte_range();
        self.reading.collected.import(&package, Some(&name), true, span.clone());
        let value = Value::named(canonical(&format!("{package}::{name}")));
        self.reading.collected.use_of(&value, &span);
        value
    }
}

/// What a name is that nothing binds.
pub(super) fn global(name: &str) -> Value {
    match name {
        "letters" => alphabet('a'..='z'),
        "LETTERS" => alphabet('A'..='Z'),
        ".GlobalEnv" => Value::named("globalenv()"),
        ".BaseNamespaceEnv" => Value::named("baseenv()"),
        // The operator whose method is called.
        ".Generic" => Value::text("+"),
        "T" | "F" => Value::Number(i64::from(name == "T")),
        _ => Value::named(name),
    }
}

fn alphabet(letters: std::ops::RangeInclusive<char>) -> Value {
    Value::sequence(letters.map(|letter| Value::text(letter.to_string())).collect())
}

/// Whether what a call gives may be a function.
fn is_function(path: &str) -> bool {
    matches!(path, "get()" | "parse()")
}

/// The name by which rules know what `path` names.
pub(super) fn canonical(path: &str) -> String {
    let own = path.split_once("::").filter(|(package, _)| ATTACHED.contains(package));
    own.map_or(path, |(_, name)| name.trim_start_matches(':')).to_owned()
}
