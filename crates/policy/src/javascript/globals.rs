//! What names are that nothing binds, and one name for one thing.

use crate::flow::value::Value;

/// Global objects and functions that matter by themselves.
const GLOBALS: [&str; 37] = [
    "URL",
    "Map",
    "Set",
    "Promise",
    "structuredClone",
    "queueMicrotask",
    "process",
    "require",
    "module",
    "eval",
    "Function",
    "Buffer",
    "Reflect",
    "String",
    "Object",
    "Array",
    "atob",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "fetch",
    "Deno",
    "Bun",
    "WebAssembly",
    "Worker",
    "unescape",
    "decodeURIComponent",
    "decodeURI",
    "parseInt",
    "Number",
    "XMLHttpRequest",
    "importScripts",
    "document",
    "localStorage",
    "$",
    "Proxy",
    "Symbol",
];

/// Other names of modules and their members.
const SAME: [(&str, &str); 17] = [
    ("module.prototype.require", "require"),
    ("module.Module.prototype.require", "require"),
    ("module.constructor.createRequire", "module.createRequire"),
    ("fs-extra", "fs"),
    ("graceful-fs", "fs"),
    ("fs/promises", "fs.promises"),
    ("path/posix", "path"),
    ("path.posix", "path"),
    ("module.require", "require"),
    ("module.parent.require", "require"),
    ("process.mainModule.require", "require"),
    ("require.main.require", "require"),
    ("module.createRequire()", "require"),
    ("module.Module._load", "require"),
    ("module.constructor._load", "require"),
    ("module._load", "require"),
    ("module.default", "module"),
];

/// What a global name is.
pub(super) fn global(name: &str) -> Value {
    match name {
        "globalThis" | "global" | "window" | "self" | "root" | "GLOBAL" => Value::named("globalThis"),
        "__dirname" => Value::text("."),
        "__filename" => Value::text("main.js"),
        _ if GLOBALS.contains(&name) => Value::named(name),
        _ => Value::Unknown,
    }
}

/// The name by which rules know what `path` names.
pub(super) fn canonical(path: &str) -> String {
    let path = path.strip_prefix("node:").unwrap_or(path);
    for (other, name) in SAME {
        if let Some(rest) = path.strip_prefix(other).filter(|rest| rest.is_empty() || rest.starts_with(['.', '('])) {
            return format!("{name}{rest}");
        }
    }
    path.to_owned()
}

/// What loading a module gives. Modules of the program itself are not known.
pub(super) fn module(name: &str) -> Value {
    if name.starts_with(['.', '/']) { Value::Unknown } else { Value::named(canonical(name)) }
}
