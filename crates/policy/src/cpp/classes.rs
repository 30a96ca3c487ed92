//! Scopes with names: functions, classes, namespaces.

use std::hash::{DefaultHasher, Hash, Hasher};

use tree_sitter::Node;

use super::Cpp;
use super::objects::CONSTRUCTOR;
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

/// Scopes that are open for a function, a class or a namespace.
#[derive(Default)]
pub(super) struct Opened {
    count: usize,
    /// The class whose members are seen in it.
    pub(super) class: Option<usize>,
}

/// What stands for the scope of a class, which may be written with what is around it and what it is given.
fn class_scope(path: &str) -> usize {
    let path = path.split('<').next().unwrap_or_default().trim();
    named_scope(path.rsplit("::").next().unwrap_or_default())
}

/// What a class is called that has no name.
fn unnamed(class: Node<'_>) -> String {
    format!("class at {}", class.start_byte())
}

impl Cpp {
    /// A class and all that it is made from.
    pub(super) fn with_bases(&self, class: usize) -> Vec<usize> {
        let mut all = vec![class];
        let mut next = 0;
        while let Some(class) = all.get(next).filter(|_| all.len() < MOST_BASES) {
            let bases = self.classes.get(class).map(|class| class.bases.as_slice()).unwrap_or_default();
            let new: Vec<_> = bases.iter().filter(|base| !all.contains(base)).copied().collect();
            all.extend(new);
            next += 1;
        }
        all
    }

    /// Opens a class and what it is made from, whose names are seen in it.
    fn open_class(&mut self, class: usize) {
        let all = self.with_bases(class);
        for class in all.iter().rev() {
            self.reading.scopes.enter(*class, Kind::Block);
        }
        self.opened.push(Opened { count: all.len(), class: Some(class) });
    }

    fn close(&mut self) {
        for _ in 0..self.opened.pop().unwrap_or_default().count {
            self.reading.scopes.leave();
        }
    }

    pub(super) fn enter_class(&mut self, node: Node<'_>) {
        if node.child_by_field_name("body").is_none() {
            return self.opened.push(Opened::default());
        }
        let name = node.child_by_field_name("name").map(|name| self.reading.text(name));
        let name = name.unwrap_or_else(|| unnamed(node).into());
        self.open_class(named_scope(&name));
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
        let all = bases.clone().map(|base| class_scope(&self.reading.text(base.node))).collect();
        let class = ancestors.last().and_then(|class| class.part("name")).map(|name| self.reading.text(name.node));
        if let Some(class) = class {
            self.classes.entry(named_scope(&class)).or_default().bases = all;
        }
        Value::either(bases.map(|base| base.value.clone()))
    }

    pub(super) fn enter_namespace(&mut self, node: Node<'_>) {
        match node.child_by_field_name("name") {
            Some(name) => {
                let name = self.reading.text(name);
                self.reading.scopes.enter(named_scope(&name), Kind::Block);
                self.opened.push(Opened { count: 1, class: None });
            }
            None => self.opened.push(Opened::default()),
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
                self.open_class(named_scope(class.split('<').next().unwrap_or(&class)));
            }
            None => self.opened.push(Opened::default()),
        }
        self.reading.scopes.enter(self.reading.scope_id(node), Kind::Function);
    }

    pub(super) fn leave_function(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        self.reading.scopes.leave();
        self.close();
        let Some(name) = node.part("declarator").and_then(|declarator| declared(*declarator.node)) else { return };
        // What looks like a function within a function is broken code, and binds nothing.
        let is_nested = ancestors.last().is_some_and(|parent| parent.kind == "compound_statement");
        if is_nested {
            return;
        }
        let scope = self.reading.scope_id(node.node);
        let outer = ancestors.iter().rev().find(|outer| outer.kind != "template_declaration");
        let is_in_class = outer.is_some_and(|outer| outer.kind == "field_declaration_list");
        let is_plain = matches!(name.kind(), "identifier" | "field_identifier" | "operator_name");
        let own = self.reading.text(name);
        let function = Value::Local(scope);
        if let Some((class, own)) = own.rsplit_once("::").filter(|_| name.kind() == "qualified_identifier") {
            return self.define_method(named_scope(class.split('<').next().unwrap_or(class)), own, scope);
        }
        if !is_plain {
            return;
        }
        if let Some(class) = self.class().filter(|_| is_in_class) {
            let is_given = |kind: &str| matches!(kind, "default_method_clause" | "delete_method_clause");
            if !node.parts.iter().any(|part| is_given(part.kind)) {
                self.define_method(class, &own, scope);
            }
            return;
        }
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

    /// A method with what it does. It stands in the place of those of the same name that the class is made from.
    fn define_method(&mut self, class: usize, own: &str, function: usize) {
        self.methods.insert(function);
        if class == named_scope(own) {
            return self.bind_member(class, CONSTRUCTOR, Value::Local(function));
        }
        for one in self.with_bases(class) {
            if one == class || self.reading.scopes.bound_in(one, own).is_some() {
                self.bind_member(one, own, Value::Local(function));
            }
        }
    }

    /// A constructor that is only declared: the fields are not given by their order then.
    pub(super) fn declare_constructor(&mut self, own: &str) {
        if let Some(class) = self.class().filter(|class| *class == named_scope(own)) {
            self.bind_member(class, CONSTRUCTOR, Value::Unknown);
        }
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
