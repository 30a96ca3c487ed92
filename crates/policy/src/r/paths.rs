//! Paths of files, as far as they are known.

use super::arguments::argument;
use crate::flow::value::{Given, Named, Text, Value};

/// What a call of a function on paths is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "file.path" | "fs::path" => joined(&given.positional),
        "normalizePath" | "path.expand" | "fs::path_expand" | "fs::path_abs" => first,
        "tempfile" | "tempdir" | "fs::file_temp" => Value::text("/tmp/x"),
        "getwd" => Value::text("."),
        "R.home" => Value::text("/usr/lib/R"),
        "list.files" | "dir" | "list.dirs" | "Sys.glob" | "fs::dir_ls" => {
            Value::sequence(vec![below(&argument(given, 0, "path"))])
        }
        "basename" => first.map(|path| match path.whole_text() {
            Some(path) => Value::text(path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()),
            None => Value::Unknown,
        }),
        "here::here" | "dirname" | "tools::file_path_sans_ext" => Value::Unknown,
        _ => return None,
    })
}

/// What a connection is made of: a path, or the text that it reads.
pub(super) fn about(path: &str, given: &Given) -> Option<Text> {
    let name = match path {
        "file" | "gzfile" | "bzfile" | "xzfile" | "url" => "description",
        "textConnection" => "object",
        "reticulate::import" => "module",
        _ => return None,
    };
    match argument(given, 0, name) {
        Value::Text(text) => Some(text),
        Value::Sequence(lines) => {
            let whole = lines.iter().fold(Value::text(""), |whole, line| whole.plus(line).plus(&Value::text("\n")));
            match whole {
                Value::Text(text) => Some(text),
                _ => None,
            }
        }
        Value::Named(Named { about, .. }) => about,
        _ => None,
    }
}

/// What lies below a directory, or matches a pattern: paths of which the beginning is known.
fn below(path: &Value) -> Value {
    path.map(|path| match path {
        Value::Text(text) => Value::prefix(text.text.split(['*', '?', '[']).next().unwrap_or_default()),
        _ => Value::Unknown,
    })
}

fn joined(parts: &[Value]) -> Value {
    let Some((first, rest)) = parts.split_first() else { return Value::text("") };
    rest.iter().fold(first.clone(), |whole, part| match part {
        Value::Sequence(elements) => whole.plus(&Value::text("/")).plus(&Value::either(elements.iter().cloned())),
        // A slash at the end of what is known would make the root of nothing.
        part if part.is_unknown() => whole.plus(part),
        part => whole.plus(&Value::text("/")).plus(part),
    })
}
