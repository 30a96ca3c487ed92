//! Paths of files, as far as they are known.

use crate::flow::value::{Given, Value};

/// What a call of a function on paths is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    Some(match path {
        "path.join" => joined(&given.positional, false),
        "path.resolve" => joined(&given.positional, true),
        "path.normalize" | "url.fileURLToPath" | "url.pathToFileURL" => given.get(0),
        "os.homedir" => Value::text("~"),
        "os.tmpdir" => Value::text("/tmp"),
        "process.cwd" => Value::text("."),
        "fs.mkdtempSync" | "fs.promises.mkdtemp" => given.get(0),
        _ => return None,
    })
}

/// Paths put together. Where they are resolved, what is absolute leaves out what is before it.
fn joined(parts: &[Value], resolved: bool) -> Value {
    let Some((first, rest)) = parts.split_first() else { return Value::text(".") };
    rest.iter().fold(first.clone(), |whole, part| match part.whole_text() {
        Some(text) if resolved && text.starts_with('/') => part.clone(),
        _ => whole.plus(&Value::text("/")).plus(part),
    })
}
