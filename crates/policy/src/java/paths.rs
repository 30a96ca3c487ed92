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
    let slash = Value::text("/");
    let about = |class: &str, text: &Value| Some(text.map(|text| Value::about(class, text_of(text))));
    let (owner, method) = named.path.rsplit_once('.')?;
    match &*named.path {
        "java.io.File.new" => return about(FILE, &joined(given.positional.iter(), &slash, as_shown)),
        "java.nio.file.Path.of" | "java.nio.file.Paths.get" | "java.nio.file.FileSystem.getPath" => {
            return about(PATH, &joined(given.positional.iter(), &slash, as_shown));
        }
        "java.net.URI.create" | "java.net.URI.new" => return about("java.net.URI", &given.get(0)),
        "java.net.URL.new" => return about("java.net.URL", &given.get(0)),
        "java.nio.file.Files.createTempFile" | "java.nio.file.Files.createTempDirectory"
            if !matches!(given.get(0), Value::Named(_)) =>
        {
            return about(PATH, &Value::text("/tmp/x"));
        }
        "java.io.File.createTempFile" => return about(FILE, &Value::text("/tmp/x")),
        _ => {}
    }
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
                return about(PATH, &part);
            }
            let whole = named.about.clone().map_or(Value::Unknown, Value::Text);
            about(PATH, &whole.plus(&slash).plus(&part))
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
