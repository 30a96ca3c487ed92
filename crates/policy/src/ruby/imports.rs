//! Files and libraries that are loaded.

use std::ops::Range;

use super::Ruby;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Value};

impl Ruby {
    /// `require name` and what does the same; nothing where it is something else.
    pub(super) fn load(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let name = match path {
            "require" | "require_relative" | "load" => given.get(0),
            "autoload" => given.get(1),
            _ => path.ends_with(".autoload").then(|| given.get(1))?,
        };
        for one in name.alternatives() {
            match one.whole_text() {
                Some(name) => {
                    let is_relative = path == "require_relative" && !name.starts_with(['.', '/']);
                    let module = if is_relative { format!("./{name}") } else { name.to_owned() };
                    let module = module.strip_suffix(".rb").unwrap_or(&module);
                    self.reading.collected.import(module, None, self.is_written, span.clone());
                }
                None if is_own(one, path) => {}
                None => self.reading.collected.dynamic(Dynamic::Import, path, span.clone()),
            }
        }
        Some(Value::Unknown)
    }
}

/// Whether a name begins like that of a file of the program itself.
fn is_own(name: &Value, path: &str) -> bool {
    let Value::Text(name) = name else { return false };
    let is_relative = path == "require_relative" && !name.text.is_empty() && !name.text.starts_with(['/', '~']);
    is_relative || name.text.starts_with("./") || name.text.starts_with("../")
}
