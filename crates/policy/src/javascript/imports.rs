//! Modules that are loaded, by statements and by calls.

use std::ops::Range;

use super::JavaScript;
use super::globals::{canonical, module};
use crate::facts::Dynamic;
use crate::flow::encodings::{decoded, from_percent};
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl JavaScript {
    /// `import a, { b as c } from "m"`, `import * as d from "m"`, `import "m"`.
    pub(super) fn import_statement(&mut self, node: &Seen<'_>) {
        let source = node.value("source");
        let Some(name) = source.whole_text() else { return };
        let span = node.node.byte_range();
        if name.starts_with("data:") {
            self.reading.run("import", &code_of_address(name), &span);
            return;
        }
        self.reading.collected.import(&canonical(name), None, true, span.clone());
        let mut cursor = node.node.walk();
        let clause = node.node.named_children(&mut cursor).find(|child| child.kind() == "import_clause");
        let Some(clause) = clause else { return };
        let mut cursor = clause.walk();
        for part in clause.named_children(&mut cursor) {
            match part.kind() {
                "identifier" => {
                    let own = self.name(part);
                    self.reading.scopes.bind(&own, module(name));
                }
                "namespace_import" => {
                    if let Some(own) = part.named_child(0).map(|own| self.name(own)) {
                        self.reading.scopes.bind(&own, module(name));
                    }
                }
                "named_imports" => {
                    let mut cursor = part.walk();
                    for specifier in part.named_children(&mut cursor) {
                        self.import_specifier(name, specifier);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, from: &str, specifier: tree_sitter::Node<'_>) {
        let Some(member) = specifier.child_by_field_name("name") else { return };
        let own = specifier.child_by_field_name("alias").unwrap_or(member);
        let (member, own) = (self.key(member), self.name(own));
        let value = self.member(&module(from), &member);
        self.reading.collected.use_of(&value, &specifier.byte_range());
        self.reading.scopes.bind(&own, value);
    }

    /// `export * from "m"` and `export { a } from "m"`.
    pub(super) fn export_statement(&mut self, node: &Seen<'_>) {
        let source = node.value("source");
        let Some(name) = source.whole_text() else { return };
        self.reading.collected.import(&canonical(name), None, true, node.node.byte_range());
    }

    /// `require(name)` and what does the same.
    pub(super) fn load(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Value {
        let mut modules = Vec::new();
        for one in given.get(0).alternatives() {
            match one.whole_text() {
                Some(name) if name.starts_with("data:") => self.reading.run(path, &code_of_address(name), span),
                Some(name) => {
                    self.reading.collected.import(&canonical(name), None, false, span.clone());
                    modules.push(module(name));
                }
                None => self.reading.collected.dynamic(Dynamic::Import, path, span.clone()),
            }
        }
        Value::either(modules)
    }
}

/// The code in an address that holds it itself (RFC 2397): `data:text/javascript;base64,…`.
fn code_of_address(address: &str) -> Value {
    let Some((head, code)) = address.split_once(',') else { return Value::Unknown };
    let code = from_percent(code);
    if head.ends_with(";base64") { decoded(&code, "base64") } else { Value::text(code) }
}
