//! Scopes with names: functions, classes, namespaces.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use tree_sitter::Node;

use super::Cpp;
use super::references::declared;
use crate::flow::scopes::Kind;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// Classes that one class may be made from, all together.
const MOST_BASES: usize = 16;

/// Functions that take a text as C has it, with which one that takes another type is overloaded.
const OVERLOADED: [&str; 10] =
    ["system", "popen", "remove", "unlink", "rmdir", "getenv", "dlopen", "chdir", "execl", "execlp"];

/// What tells scopes with names from others.
const NAMED: usize = 1 << (usize::BITS - 2);

/// Those of them that take more than a text.
const TAKING_MORE: [&str; 4] = ["popen", "dlopen", "execl", "execlp"];

/// Whether a function of that name, but of other types, does not stand in the place of one of C.
pub(super) fn is_overloaded(name: &str) -> bool {
    OVERLOADED.contains(&name)
}

/// What stands for the scope of that name, wherever it is opened.
pub(super) fn named_scope(name: &str) -> usize {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let hash = usize::try_from(hasher.finish() >> 2).unwrap_or(usize::MAX >> 2);
    // Scopes without a name are told apart by where they are.
    hash | NAMED
}

/// Whether a scope is that of a class or a namespace.
pub(super) fn is_named_scope(scope: usize) -> bool {
    scope & NAMED != 0
}

/// What a class is called that has no name.
fn unnamed(class: Node<'_>) -> String {
    format!("class at {}", class.start_byte())
}

impl Cpp {
    /// Opens a class and what it is made from, whose names are seen in it.
    fn open_class(&mut self, name: &str) {
        let mut all: Vec<Rc<str>> = vec![name.into()];
        let mut next = 0;
        while let Some(class) = all.get(next).filter(|_| all.len() < MOST_BASES) {
            let bases = self.bases.get(class).into_iter().flatten();
            let new: Vec<_> = bases.filter(|base| !all.contains(base)).cloned().collect();
            all.extend(new);
            next += 1;
        }
        for class in all.iter().rev() {
            self.reading.scopes.enter(named_scope(class), Kind::Block);
        }
        self.opened.push(all.len());
    }

    fn close(&mut self) {
        for _ in 0..self.opened.pop().unwrap_or(0) {
            self.reading.scopes.leave();
        }
    }

    pub(super) fn enter_class(&mut self, node: Node<'_>) {
        if node.child_by_field_name("body").is_none() {
            return self.opened.push(0);
        }
        let name = node.child_by_field_name("name").map(|name| self.reading.text(name));
        let name = name.unwrap_or_else(|| unnamed(node).into());
        self.open_class(&name);
    }

    pub(super) fn leave_class(&mut self, node: &Seen<'_>) -> Value {
        self.close();
        let own = match node.part("name") {
            Some(name) if node.part("body").is_none() => return name.value.clone(),
            Some(name) => self.reading.text(name.node),
            None => return Value::Local(named_scope(&unnamed(*node.node))),
        };
        let clause = node.parts.iter().find(|part| part.kind == "base_class_clause");
        let bases = clause.map(|clause| clause.value.clone()).unwrap_or_default();
        // An object of it can do what those can from which it is made.
        let named = bases.alternatives().iter().filter(|base| base.as_named().is_some()).cloned();
        let class = Value::either(named.chain([Value::Local(named_scope(&own))]));
        self.reading.scopes.bind(&own, class.clone());
        class
    }

    /// `: public a, b`.
    pub(super) fn base_class_clause(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let bases = node.parts.iter().filter(|part| part.kind != "access_specifier");
        let names: Vec<Rc<str>> = bases.clone().map(|base| self.reading.text(base.node)).collect();
        let class = ancestors.last().and_then(|class| class.part("name")).map(|name| self.reading.text(name.node));
        if let Some(class) = class {
            self.bases.insert(class, names);
        }
        Value::either(bases.map(|base| base.value.clone()))
    }

    pub(super) fn enter_namespace(&mut self, node: Node<'_>) {
        match node.child_by_field_name("name") {
            Some(name) => {
                let name = self.reading.text(name);
                self.reading.scopes.enter(named_scope(&name), Kind::Block);
                self.opened.push(1);
            }
            None => self.opened.push(0),
        }
    }

    pub(super) fn leave_namespace(&mut self, node: &Seen<'_>) {
        self.close();
        let Some(name) = node.part("name") else { return };
        let name = self.reading.text(name.node);
        let first = name.split("::").next().unwrap_or_default().trim();
        if !matches!(first, "std" | "boost") {
            self.reading.scopes.bind(first, Value::Local(named_scope(&name)));
        }
    }

    /// Opens the class whose method it is, if it is one, and the function.
    pub(super) fn enter_function(&mut self, node: Node<'_>) {
        let name = node.child_by_field_name("declarator").and_then(declared);
        let scope = name.and_then(|name| name.child_by_field_name("scope"));
        match scope {
            Some(class) => {
                let class = self.reading.text(class);
                self.open_class(class.split('<').next().unwrap_or(&class));
            }
            None => self.opened.push(0),
        }
        self.reading.scopes.enter(self.reading.scope_id(node), Kind::Function);
    }

    pub(super) fn leave_function(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        self.reading.scopes.leave();
        self.close();
        let Some(name) = node.part("declarator").and_then(|declarator| declared(*declarator.node)) else { return };
        // What looks like a function within a function is broken code, and binds nothing.
        let is_nested = ancestors.last().is_some_and(|parent| parent.kind == "compound_statement");
        if is_nested || !matches!(name.kind(), "identifier" | "field_identifier") {
            return;
        }
        let own = self.reading.text(name);
        let function = Value::Local(self.reading.scope_id(node.node));
        let is_global = !ancestors.iter().any(|outer| match outer.kind {
            "namespace_definition" => outer.part("name").is_some(),
            kind => matches!(kind, "class_specifier" | "struct_specifier" | "union_specifier"),
        });
        if is_global && is_overloaded(&own) && !self.takes_text_of_c(*node.node, TAKING_MORE.contains(&&*own)) {
            let both = [function, Value::named(super::canonical::canonical(&own))];
            return self.reading.scopes.bind(&own, Value::either(both));
        }
        if is_global {
            self.own_functions.insert(own.clone());
        }
        self.reading.scopes.bind(&own, function);
    }

    /// Whether a function takes what that of C takes, and so stands in its place.
    fn takes_text_of_c(&self, node: Node<'_>, takes_more: bool) -> bool {
        let declarator = node.child_by_field_name("declarator");
        let parameters = declarator.and_then(|declarator| declarator.child_by_field_name("parameters"));
        let is_alone = parameters.is_some_and(|parameters| parameters.named_child_count() == 1);
        let first = parameters.and_then(|parameters| parameters.named_child(0));
        first.filter(|_| is_alone || takes_more).is_some_and(|first| {
            let text = self.reading.text(first);
            text.contains("char") && text.contains(['*', '['])
        })
    }

    pub(super) fn lambda(&mut self, node: &Seen<'_>) -> Value {
        self.reading.scopes.leave();
        Value::Local(self.reading.scope_id(node.node))
    }
}
