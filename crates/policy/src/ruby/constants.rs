//! Constants: classes and modules, and what they are called where they come from.

use super::Ruby;
use super::kernel::canonical;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// Letters that a name may have which is put together here.
const LONGEST_PATH: usize = 1000;

/// Constants that Ruby itself has and that rules are about: to open them again makes them nothing else.
const CORE: [&str; 24] = [
    "Kernel",
    "Object",
    "BasicObject",
    "Module",
    "Class",
    "File",
    "IO",
    "Dir",
    "Process",
    "ENV",
    "ObjectSpace",
    "Marshal",
    "RubyVM",
    "TracePoint",
    "Binding",
    "FileUtils",
    "Open3",
    "PTY",
    "Fiddle",
    "Pathname",
    "YAML",
    "Psych",
    "Net",
    "String",
];

impl Ruby {
    pub(super) fn constant(&self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let is_name =
            ancestors.last().is_some_and(|parent| parent.kind == "scope_resolution") && node.field == Some("name");
        if is_name { Value::Unknown } else { self.constant_called(&self.reading.text(node.node)) }
    }

    /// What a constant stands for here.
    pub(super) fn constant_called(&self, name: &str) -> Value {
        self.reading.scopes.look_up(name, global(name))
    }

    /// `scope::Name` and `::Name`.
    pub(super) fn scope_resolution(&self, node: &Seen<'_>) -> Value {
        let Some(name) = node.part("name") else { return Value::Unknown };
        let name = self.reading.text(name.node);
        match node.part("scope") {
            None => global(&name),
            Some(scope) => member(&scope.value, &name),
        }
    }

    /// The constant of a scope that a text names: `File`, `Net::HTTP`. What a scope has not is looked for outside.
    pub(super) fn constant_by_text(&self, scope: Option<&Value>, text: &str) -> Value {
        let mut names = text.trim_start_matches("::").split("::");
        let inner = scope.and_then(Value::as_named).filter(|named| named.path.starts_with(char::is_uppercase));
        if let Some(inner) = inner.filter(|named| !matches!(&*named.path, "Object" | "Kernel" | "Module" | "Class")) {
            let inner = names.clone().fold(Value::named(inner.path.clone()), |scope, name| member(&scope, name));
            return Value::either([inner, self.constant_by_text(None, text)]);
        }
        let first = names.next().map(|first| self.constant_called(first)).unwrap_or_default();
        names.fold(first, |scope, name| member(&scope, name))
    }

    /// A class or a module of the code itself.
    pub(super) fn own_constant(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let Some(name) = node.part("name").filter(|name| name.kind == "constant") else { return };
        let name = self.reading.text(name.node);
        let superclass = node.parts.iter().find(|part| part.kind == "superclass").map(|part| part.value.clone());
        let class = self.reading.scope_id(node.node);
        self.reading.scopes.construct_as(class, superclass.as_ref());
        let own = self.reading.scopes.class(class);
        let value = match superclass {
            Some(superclass) if superclass.may_be_named() => superclass,
            _ => own,
        };
        let is_within = ancestors.iter().any(|around| matches!(around.kind, "class" | "module"));
        if is_within || !CORE.contains(&&*name) {
            self.reading.scopes.bind(&name, value);
        }
    }
}

/// What a constant is that nothing binds.
fn global(name: &str) -> Value {
    match name {
        "RUBY_PLATFORM" => Value::text("x86_64-linux"),
        _ => Value::named(canonical(name)),
    }
}

/// A constant within what is called so.
fn member(scope: &Value, name: &str) -> Value {
    scope.map(|scope| match scope.as_named() {
        Some(named) if named.path.len() > LONGEST_PATH => Value::Unknown,
        Some(named) if matches!(&*named.path, "File" | "IO" | "File::Constants") => flag(&named.path, name),
        Some(named) => Value::named(canonical(&format!("{}::{name}", named.path))),
        None if matches!(name, "Kernel" | "File" | "IO" | "Process" | "Open3" | "FileUtils") => global(name),
        None => Value::Unknown,
    })
}

/// Flags of opening a file are said as the mode that they amount to.
fn flag(scope: &str, name: &str) -> Value {
    match name {
        "WRONLY" | "RDWR" | "CREAT" | "TRUNC" | "APPEND" | "EXCL" => Value::text("w"),
        "RDONLY" => Value::text("r"),
        "SEPARATOR" | "Separator" => Value::text("/"),
        _ => Value::named(canonical(&format!("{scope}::{name}"))),
    }
}
