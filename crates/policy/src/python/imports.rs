//! Modules that are loaded, by statements and by calls.

use std::ops::Range;
use std::rc::Rc;

use super::Python;
use super::canonical::canonical;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Part, Seen};

impl Python {
    /// `import a.b, c as d`.
    pub(super) fn import_statement(&mut self, node: &Seen<'_>) {
        for part in node.parts.iter().filter(|part| part.field == Some("name")) {
            let (module, alias) = self.imported(part);
            self.reading.collected.import(&module, None, true, part.node.byte_range());
            match alias {
                Some(alias) => self.bind(&alias, Value::named(canonical(&module))),
                None => {
                    let top = module.split('.').next().unwrap_or(&module).to_owned();
                    self.bind(&top, Value::named(canonical(&top)));
                }
            }
        }
    }

    /// `from a import b as c, d` and `from a import *`.
    pub(super) fn import_from_statement(&mut self, node: &Seen<'_>) {
        let Some(module) = node.part("module_name").map(|part| self.dotted(*part.node)) else { return };
        for part in &node.parts {
            if part.kind == "wildcard_import" {
                self.reading.collected.import(&module, Some("*"), true, node.node.byte_range());
                self.reading.scopes.take_all_of(&canonical(&module));
            } else if part.field == Some("name") {
                let (name, alias) = self.imported(part);
                self.reading.collected.import(&module, Some(&name), true, part.node.byte_range());
                let separator = if module.ends_with('.') { "" } else { "." };
                let value = Value::named(canonical(&format!("{module}{separator}{name}")));
                self.reading.collected.use_of(&value, &part.node.byte_range());
                self.bind(alias.as_deref().unwrap_or(&name), value);
            }
        }
    }

    /// `from __future__ import a`.
    pub(super) fn future_import_statement(&mut self, node: &Seen<'_>) {
        for part in node.parts.iter().filter(|part| part.field == Some("name")) {
            let (name, _) = self.imported(part);
            self.reading.collected.import("__future__", Some(&name), true, part.node.byte_range());
        }
    }

    /// What an import names, and what it is called here.
    fn imported(&self, part: &Part<'_>) -> (String, Option<Rc<str>>) {
        let name = part.node.child_by_field_name("name").unwrap_or(*part.node);
        let alias = part.node.child_by_field_name("alias").map(|alias| self.name(alias));
        (self.dotted(name), alias)
    }

    /// A dotted name without what may stand between its parts.
    fn dotted(&self, node: tree_sitter::Node<'_>) -> String {
        let text = self.name(node);
        let kept = text.lines().map(|line| line.split('#').next().unwrap_or_default());
        kept.flat_map(str::chars).filter(|letter| !letter.is_whitespace() && *letter != '\\').collect()
    }

    /// What a call gives that loads a module; nothing where it is no such call.
    pub(super) fn load(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        Some(match path {
            "__import__" => self.import_by_call(path, given, true, span),
            "importlib.import_module"
            | "imp.load_module"
            | "imp.find_module"
            | "runpy.run_module"
            | "__loader__.load_module"
            | "__spec__.loader.load_module" => self.import_by_call(path, given, false, span),
            "pkgutil.resolve_name" | "pydoc.locate" => self.resolve_name(path, given, span),
            "importlib.reload" | "reload" => given.get(0),
            "importlib.util.find_spec" => match given.get(0) {
                Value::Text(name) => Value::about(format!("{path}()"), Some(name)),
                _ => return None,
            },
            "importlib.util.module_from_spec" => {
                let name = given.get(0).as_named()?.about.clone()?;
                let named = Given { positional: vec![Value::Text(name)], ..Given::default() };
                self.import_by_call(path, &named, false, span)
            }
            _ => return None,
        })
    }

    /// `importlib.import_module(name)` and what does the same; `top` where it gives the first part of the name only.
    fn import_by_call(&mut self, path: &str, given: &Given, top: bool, span: &Range<usize>) -> Value {
        let name = given.get_or_named(0, "name");
        let top = top && given.get_or_named(3, "fromlist").is_unknown();
        let mut modules = Vec::new();
        for one in name.alternatives() {
            match one.whole_text() {
                Some(module) => {
                    self.reading.collected.import(module, None, false, span.clone());
                    let named = if top { module.split('.').next().unwrap_or(module) } else { module };
                    modules.push(Value::named(canonical(named)));
                }
                None => self.reading.collected.dynamic(Dynamic::Import, path, span.clone()),
            }
        }
        Value::either(modules)
    }

    /// `pkgutil.resolve_name("os:system")` and `pydoc.locate("os.system")`.
    fn resolve_name(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Value {
        let Some(name) = given.get(0).whole_text().map(|name| name.replace(':', ".")) else {
            self.reading.collected.dynamic(Dynamic::Import, path, span.clone());
            return Value::Unknown;
        };
        let module = name.rsplit_once('.').map_or(name.as_str(), |(module, _)| module);
        self.reading.collected.import(module, None, false, span.clone());
        Value::named(canonical(&name))
    }
}
