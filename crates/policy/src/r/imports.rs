//! Packages that are loaded.

use std::ops::Range;

use super::R;
use super::arguments::argument;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl R {
    /// `library(name)`, where the name stands for itself; nothing where it is computed, or this is another call.
    pub(super) fn load_by_name(&mut self, node: &Seen<'_>, given: &Given, span: &Range<usize>) -> Option<Value> {
        let function = node.value("function");
        let path = function.as_named().map(|named| named.path.clone())?;
        let takes_many = matches!(&*path, "pacman::p_load" | "box::use" | "xfun::pkg_attach" | "xfun::pkg_attach2");
        let is_text = given.named.iter().any(|(name, value)| &**name == "character.only" && *value != Value::Number(0));
        if !matches!(&*path, "library" | "require" | "import::from") && !takes_many || is_text {
            return None;
        }
        let list = node.part("arguments")?.node;
        let mut cursor = list.walk();
        let arguments: Vec<_> = list.named_children(&mut cursor).filter(|part| part.kind() == "argument").collect();
        self.reading.collected.call_of(&path, || given.to_arguments(None), span);
        for argument in arguments {
            let name = argument.child_by_field_name("name").map(|name| self.name(name));
            let is_package = match name.as_deref() {
                None => true,
                Some(name) => name == "package",
            };
            let value =
                argument.child_by_field_name("value").filter(|value| matches!(value.kind(), "identifier" | "string"));
            if let Some(value) = value.filter(|_| is_package) {
                let name = self.name(value);
                self.attach(&name, true, span);
                if !takes_many {
                    break;
                }
            }
        }
        Some(Value::Unknown)
    }

    /// `library(name, character.only = TRUE)`, `loadNamespace(name)` and the like; nothing where it is another call.
    pub(super) fn load(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let name = match path {
            "library" | "require" | "requireNamespace" | "loadNamespace" | "attachNamespace" | "asNamespace"
            | "getNamespace" => argument(given, 0, "package"),
            _ => return None,
        };
        let names = match &name {
            Value::Sequence(names) => names.to_vec(),
            one => one.alternatives().to_vec(),
        };
        for name in &names {
            match name.whole_text() {
                Some(name) if path == "requireNamespace" => {
                    self.reading.collected.import(name, None, false, span.clone());
                }
                Some(name) => self.attach(name, false, span),
                None if given.positional.is_empty() && given.named.is_empty() => {}
                None => self.reading.collected.dynamic(Dynamic::Import, path, span.clone()),
            }
        }
        match (path, names.first().and_then(Value::whole_text)) {
            ("asNamespace" | "getNamespace" | "loadNamespace", Some(name)) => {
                Some(Value::named(format!("asNamespace({name})")))
            }
            _ => Some(Value::Unknown),
        }
    }

    fn attach(&mut self, package: &str, by_statement: bool, span: &Range<usize>) {
        self.reading.collected.import(package, None, by_statement, span.clone());
        self.remember_attached(package);
    }
}
