//! Imports, and classes that are named without one.

use std::ops::Range;

use super::Java;
use super::classes::{is_class_name, is_known};
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// Packages of which all is imported that are remembered.
const MOST_PACKAGES: usize = 64;

/// Classes of which all static members are imported that are remembered.
const MOST_CLASSES: usize = 4;

impl Java {
    /// `import a.b.C;`, `import a.b.*;`, `import static a.b.C.d;`, `import static a.b.C.*;`.
    pub(super) fn import_declaration(&mut self, node: &Seen<'_>) {
        let span = node.node.byte_range();
        let mut cursor = node.node.walk();
        let mut parts = Vec::new();
        let (mut is_static, mut takes_all) = (false, false);
        for child in node.node.children(&mut cursor) {
            match child.kind() {
                "static" => is_static = true,
                "asterisk" => takes_all = true,
                "identifier" | "scoped_identifier" => parts.push(child),
                _ => {}
            }
        }
        if self.reading.text(node.node).split_whitespace().nth(1) == Some("module") {
            self.takes_platform = true;
            return;
        }
        let Some(name) = parts.first().map(|name| self.dotted(*name)) else { return };
        match (is_static, takes_all) {
            (false, false) => self.import_class(&name, &span),
            (false, true) => {
                self.reading.collected.import(&name, Some("*"), true, span);
                self.takes_all_of(&name);
            }
            (true, true) => {
                self.reading.collected.import(&name, Some("*"), true, span);
                if self.statics.len() < MOST_CLASSES && !self.statics.iter().any(|known| **known == *name) {
                    self.statics.push(name.into());
                }
            }
            (true, false) => self.import_static(&name, &span),
        }
    }

    fn takes_all_of(&mut self, package: &str) {
        let packages = if is_known(package) { &mut self.packages } else { &mut self.others };
        if packages.len() < MOST_PACKAGES && !packages.iter().any(|known| **known == *package) {
            packages.push(package.into());
        }
    }

    fn import_class(&mut self, name: &str, span: &Range<usize>) {
        self.reading.collected.import(name, None, true, span.clone());
        self.loaded.insert(name.into());
        if let Some((_, own)) = name.rsplit_once('.') {
            self.reading.scopes.bind(own, Value::named(name));
        }
    }

    fn import_static(&mut self, name: &str, span: &Range<usize>) {
        let Some((class, member)) = name.rsplit_once('.') else { return };
        self.reading.collected.import(class, Some(member), true, span.clone());
        self.loaded.insert(class.into());
        let value = Value::named(name);
        self.reading.collected.use_of(&value, span);
        self.reading.scopes.bind(&method_key(member), value.clone());
        self.reading.scopes.bind(member, value);
    }

    /// A name with dots, without what may stand between its parts.
    pub(super) fn dotted(&self, node: tree_sitter::Node<'_>) -> String {
        let text = self.reading.text(node);
        let mut name = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(letter) = rest.chars().next() {
            let comment = match rest.get(..2) {
                Some("/*") => rest.find("*/").map(|end| end + 2),
                Some("//") => rest.find('\n'),
                _ => None,
            };
            if comment.is_none() && !letter.is_whitespace() {
                name.push(letter);
            }
            rest = &rest[comment.unwrap_or(letter.len_utf8())..];
        }
        name
    }

    /// Says that a class is loaded, if it is one and nothing has said so.
    pub(super) fn loads(&mut self, path: &str, span: &Range<usize>) {
        let mut parts = path.split('.').rev();
        let is_top = parts.next().is_some_and(is_class_name) && parts.next().is_some_and(|part| !is_class_name(part));
        if is_top && !path.contains('(') && self.loaded.insert(path.into()) {
            self.reading.collected.import(path, None, false, span.clone());
        }
    }
}

/// Under which name a scope keeps a method: a variable may have the same.
pub(super) fn method_key(name: &str) -> String {
    format!("{name}()")
}
