//! What names stand for.

use std::rc::Rc;

use super::Cpp;
use super::canonical::{by_argument, canonical, of_std};
use super::classes::is_overloaded;
use super::collections::is_sequence;
use super::handing::is_thread;
use super::objects::class_of;
use super::streams::is_file_stream;
use crate::flow::value::{Text, Value};
use crate::flow::walk::{Part, Seen};

/// Letters that a name may have with all it is in.
const LONGEST_PATH: usize = 1000;

/// Namespaces within each other that are followed.
const MOST_SCOPES: usize = 32;

/// Functions of C that stay what they are where `std` is used: those of POSIX, which `std` does not have.
const NOT_OF_STD: [&str; 22] = [
    "fork", "vfork", "kill", "open", "creat", "unlink", "rmdir", "execl", "execlp", "execle", "execv", "execvp",
    "execve", "popen", "socket", "syscall", "dlopen", "dlsym", "ptrace", "mmap", "environ", "chdir",
];

impl Cpp {
    /// What a name is that stands alone.
    pub(super) fn look_up(&self, name: &str) -> Value {
        self.reading.scopes.look_up(name, self.global(name))
    }

    /// What a name is that no scope binds.
    fn global(&self, name: &str) -> Value {
        if self.own_functions.contains(name) {
            return Value::Unknown;
        }
        let plain = by_argument(name).map_or_else(|| canonical(name), str::to_owned);
        if matches!(name, "std" | "boost") {
            return Value::named(plain);
        }
        let own = self.used_scopes.iter().filter_map(|scope| self.reading.scopes.bound_in(*scope, name)).next();
        if let Some(own) = own {
            return if is_overloaded(name) { Value::either([own, Value::named(plain)]) } else { own };
        }
        let elsewhere = self.used_namespaces.iter().filter_map(|namespace| match &**namespace {
            "std" if NOT_OF_STD.contains(&name) => None,
            "std" => Some(of_std(name)),
            other => Some(canonical(&format!("{other}::{name}"))),
        });
        Value::either(elsewhere.chain([plain]).map(Value::named))
    }

    pub(super) fn identifier(&self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let name = self.reading.text(node.node);
        if is_inner_name(node, ancestors) { Value::text(name) } else { self.look_up(&name) }
    }

    /// `a::b::c`. What stands within it is left as text.
    pub(super) fn qualified(&self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let (name, of) = node.part("name").map(raw).unwrap_or_default();
        let scope = node.part("scope");
        if is_inner(ancestors, node) {
            let scope = scope.map(raw).unwrap_or_default().0;
            return with_type(format!("{scope}::{name}"), of);
        }
        let whole = match scope {
            None => self.in_global(&name),
            Some(scope) => scope.value.map(|scope| self.in_scope(scope, &name)),
        };
        wrapped(whole, &of)
    }

    /// `::name`.
    fn in_global(&self, name: &str) -> Value {
        if self.own_functions.contains(name) { Value::Unknown } else { Value::named(canonical(name)) }
    }

    fn in_scope(&self, scope: &Value, name: &str) -> Value {
        match scope {
            Value::Named(named) if named.path.len() + name.len() < LONGEST_PATH => {
                Value::named(canonical(&format!("{}::{name}", named.path)))
            }
            // A namespace or a class of the program itself.
            _ => {
                let (first, rest) = name.split_once("::").map_or((name, None), |(first, rest)| (first, Some(rest)));
                let found = match scope {
                    Value::Local(scope) => self.reading.scopes.bound_in(*scope, first),
                    _ => None,
                };
                match (found.or_else(|| self.reading.scopes.field(first)), rest) {
                    (Some(found), Some(rest)) if rest.len() < name.len() => self.further_in(&found, rest),
                    // It may come from another namespace that is used there.
                    (None, _) if matches!(scope, Value::Local(_)) => Value::named(canonical(name)),
                    (found, _) => found.unwrap_or_default(),
                }
            }
        }
    }

    /// `b::c` in what `a` stands for, without recursion: paths of the program's own namespaces may be long.
    fn further_in(&self, scope: &Value, path: &str) -> Value {
        let mut scope = scope.clone();
        for name in path.split("::").take(MOST_SCOPES) {
            scope = scope.map(|scope| match scope {
                Value::Named(named) => Value::named(canonical(&format!("{}::{name}", named.path))),
                Value::Local(scope) => self.reading.scopes.bound_in(*scope, name).unwrap_or_default(),
                _ => Value::Unknown,
            });
        }
        scope
    }

    /// `name<type>`.
    pub(super) fn template(&self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let of = node.value("arguments");
        match node.part("name") {
            Some(name) if is_inner_name(node, ancestors) => with_type(self.reading.text(name.node).to_string(), of),
            Some(name) => wrapped(name.value.clone(), &of),
            None => Value::Unknown,
        }
    }

    /// `using std::system;`, `using namespace std;`.
    pub(super) fn using_declaration(&mut self, node: &Seen<'_>) {
        let Some(part) = node.parts.first() else { return };
        let is_namespace = self.reading.bytes(node.node).split(|byte| byte.is_ascii_whitespace()).nth(1);
        if is_namespace == Some(b"namespace") {
            for namespace in part.value.alternatives() {
                match namespace {
                    Value::Named(named) if !self.used_namespaces.contains(&named.path) => {
                        self.used_namespaces.push(named.path.clone());
                    }
                    Value::Local(scope) if !self.used_scopes.contains(scope) => self.used_scopes.push(*scope),
                    _ => {}
                }
            }
            self.used_namespaces.truncate(MOST_SCOPES);
            self.used_scopes.truncate(MOST_SCOPES);
            return;
        }
        let text = self.reading.text(part.node);
        let own = text.rsplit("::").next().unwrap_or_default().trim();
        if part.value.may_be_named() {
            self.reading.scopes.keep_field(own, part.value.clone());
            self.reading.scopes.bind(own, part.value.clone());
        }
    }

    /// `namespace fs = std::filesystem;`.
    pub(super) fn namespace_alias(&mut self, node: &Seen<'_>) {
        let Some((own, other)) = node.parts.first().zip(node.parts.last()) else { return };
        let own = self.reading.text(own.node);
        let path = self.reading.text(other.node);
        let value = self.path(&path);
        self.reading.scopes.keep_field(&own, value.clone());
        self.reading.scopes.bind(&own, value);
    }

    /// What a path stands for that is not taken apart.
    pub(super) fn path(&self, path: &str) -> Value {
        let path: String = path.split_whitespace().collect();
        match path.split_once("::") {
            Some(("", rest)) => Value::named(canonical(rest)),
            Some((first, rest)) => self.look_up(first).map(|scope| self.in_scope(scope, rest)),
            None => self.look_up(&path),
        }
    }
}

/// Whether a name stands to the right of `::`.
fn is_inner_name(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let Some(parent) = ancestors.last() else { return false };
    match parent.kind {
        "qualified_identifier" if node.field == Some("name") => true,
        "qualified_identifier" => is_inner(&ancestors[..ancestors.len() - 1], parent),
        // The name of a template is what the template is.
        "template_function" | "template_type" | "template_method" if node.field == Some("name") => {
            is_inner_name(parent, &ancestors[..ancestors.len() - 1])
        }
        _ => false,
    }
}

/// Whether a path stands to the right of `::` itself.
fn is_inner(ancestors: &[Seen<'_>], node: &Seen<'_>) -> bool {
    ancestors.last().is_some_and(|parent| parent.kind == "qualified_identifier" && node.field == Some("name"))
}

/// A name that was left as text, and the type that a template was given.
fn raw(part: &Part<'_>) -> (Rc<str>, Value) {
    match &part.value {
        Value::Text(text) => (text.text.clone(), Value::Unknown),
        Value::Sequence(both) => {
            let name = both.first().and_then(Value::whole_text).unwrap_or_default();
            (name.into(), both.get(1).cloned().unwrap_or_default())
        }
        _ => ("".into(), Value::Unknown),
    }
}

fn with_type(name: String, of: Value) -> Value {
    if name.len() > LONGEST_PATH {
        return Value::Unknown;
    }
    if of.is_unknown() { Value::text(name) } else { Value::sequence(vec![Value::text(name), of]) }
}

/// What a template is that holds or makes another type: that type.
fn wrapped(template: Value, of: &Value) -> Value {
    template.map(|template| {
        let path = template.as_named().map(|named| &*named.path).unwrap_or_default();
        match path {
            "static_cast" | "reinterpret_cast" | "const_cast" | "dynamic_cast" | "std::bit_cast" => {
                let to_function = of.as_named().is_some_and(|named| &*named.path == super::casts::FUNCTION_POINTER);
                Value::named(if to_function { super::casts::TO_FUNCTION } else { super::casts::TO_OTHER })
            }
            "std::make_unique"
            | "std::make_shared"
            | "std::unique_ptr"
            | "std::shared_ptr"
            | "std::optional"
            | "std::make_optional"
            | "std::weak_ptr"
            | "std::add_pointer_t"
            | "std::decay_t"
            | "std::reference_wrapper"
                if !of.is_unknown() =>
            {
                of.clone()
            }
            // Of a collection of objects of a class of the program, the class is kept.
            _ if is_sequence(path) && class_of(of).is_some() => Value::sequence(vec![of.clone()]),
            "std::get" => match of {
                Value::Number(place) => {
                    Value::about("std::get", Some(Text { text: place.to_string().into(), whole: true }))
                }
                _ => template.clone(),
            },
            // What is done with files or threads in a container is done with one of them.
            _ if is_sequence(path) && (is_file_stream(of) || is_thread(of)) => of.clone(),
            _ => template.clone(),
        }
    })
}
