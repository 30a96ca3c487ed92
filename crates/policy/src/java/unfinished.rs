//! Code that cannot be parsed: what is named in it nevertheless.

use super::Java;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// What a line holds that is worth reading by itself where the code around it cannot be parsed.
const TELLING: [&str; 12] = [
    "Runtime",
    "ProcessBuilder",
    "Class.forName",
    "System.",
    "Files.",
    "FileWriter",
    "FileOutputStream",
    "Socket",
    "ClassLoader",
    "Unsafe",
    "ScriptEngine",
    "ObjectInputStream",
];

impl Java {
    pub(super) fn leave_unfinished(&mut self, node: &Seen<'_>) {
        if node.kind == "ERROR" {
            self.name_unfinished(node);
        }
        self.reading.leave_error(node.node, |line| {
            line.starts_with("import ") || TELLING.iter().any(|word| line.contains(word))
        });
    }

    /// What is named in code that ends too early: `Runtime.getRuntime().exec(`, `new ProcessBuilder(`.
    fn name_unfinished(&mut self, node: &Seen<'_>) {
        let mut object = Value::Unknown;
        let mut end = node.node.start_byte();
        for part in &node.parts {
            let between = self.reading.between(end, part.node.start_byte());
            end = part.node.end_byte();
            let span = part.node.byte_range();
            let named = match between.trim() {
                "." => {
                    let name = self.reading.text(part.node);
                    self.member(&object, &name, &span)
                }
                before if before.ends_with("new") => self.member(&part.value.clone(), "new", &span),
                _ => {
                    object = part.value.clone();
                    continue;
                }
            };
            self.reading.collected.use_of(&named, &span);
            object = named;
        }
    }

    /// A string that goes on in the next line is none.
    pub(super) fn is_never_closed(&self, node: &Seen<'_>) -> bool {
        let text = self.reading.bytes(node.node);
        node.kind == "string_literal" && text.contains(&b'\n') && !text.starts_with(b"\"\"\"")
    }
}
