//! Paths of files, as far as they are known.

use super::calls::text_of;
use super::literals::as_shown;
use super::methods::parent;
use crate::flow::texts::joined;
use crate::flow::value::{Given, Named, Value};

const FILE: &str = "java.io.File";
const PATH: &str = "java.nio.file.Path";

/// What a call of something on paths is; nothing where it is no such thing.
pub(super) fn compute(named: &Named, given: &Given) -> Option<Value> {
    made(&named.path, given).or_else(|| method(named, given))
}

/// A path that a text makes.
fn made(path: &str, given: &Given) -> Option<Value> {
    let all = || joined(given.positional.iter(), &Value::text("/"), as_shown);
    Some(match path {
        "java.io.File.new" => about(FILE, &all()),
        "java.nio.file.Path.of" | "java.nio.file.Paths.get" | "java.nio.file.FileSystem.getPath" => about(PATH, &all()),
        "java.net.URI.create" | "java.net.URI.new" => about("java.net.URI", &given.get(0)),
        "java.net.URL.new" => about("java.net.URL", &given.get(0)),
        "java.nio.file.Files.createTempFile" | "java.nio.file.Files.createTempDirectory"
            if !matches!(given.get(0), Value::Named(_)) =>
        {
            about(PATH, &Value::text("/tmp/x"))
        }
        "java.io.File.createTempFile" => about(FILE, &Value::text("/tmp/x")),
        _ => return None,
    })
}

fn about(class: &str, text: &Value) -> Value {
    text.map(|text| Value::about(class, text_of(text)))
}

/// What a method of a path gives.
fn method(named: &Named, given: &Given) -> Option<Value> {
    let (owner, method) = named.path.rsplit_once('.')?;
    if !matches!(owner, FILE | PATH | "java.net.URI" | "java.net.URL") {
        return None;
    }
    let same = |class: &str| Some(Value::about(class, named.about.clone()));
    match method {
        "toPath" | "toAbsolutePath" | "normalize" | "toRealPath" => same(PATH),
        "toFile" | "getAbsoluteFile" | "getCanonicalFile" => same(FILE),
        "toURI" | "toUri" => same("java.net.URI"),
        "toURL" => same("java.net.URL"),
        "toString" | "getPath" | "getAbsolutePath" | "getCanonicalPath" => {
            Some(named.about.clone().map_or(Value::Unknown, Value::Text))
        }
        "resolve" => {
            let part = as_shown(&given.get(0));
            if part.known_text().is_some_and(|text| text.starts_with('/')) {
                return Some(about(PATH, &part));
            }
            let whole = named.about.clone().map_or(Value::Unknown, Value::Text);
            Some(about(PATH, &whole.plus(&Value::text("/")).plus(&part)))
        }
        "getParent" if owner == PATH => Some(Value::about(PATH, named.about.as_ref().and_then(parent))),
        "getParentFile" => Some(Value::about(FILE, named.about.as_ref().and_then(parent))),
        _ => None,
    }
}

/// What comes out of a directory that is listed.
pub(super) fn element(named: &Named) -> Value {
    let listings = [
        ("java.nio.file.Files.walk()", PATH),
        ("java.nio.file.Files.list()", PATH),
        ("java.nio.file.Files.find()", PATH),
        ("java.nio.file.Files.newDirectoryStream()", PATH),
        ("java.io.File.listFiles()", FILE),
    ];
    let listing = listings.into_iter().find(|(path, _)| named.path.starts_with(path));
    match (listing, &named.about) {
        (Some((_, class)), Some(about)) => Value::about(class, Some(about.clone())),
        _ => Value::Unknown,
    }
}
