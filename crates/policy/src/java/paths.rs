//! Paths of files, as far as they are known.

use super::calls::text_of;
use super::literals::as_shown;
use crate::flow::texts::joined;
use crate::flow::value::{Given, Named, Text, Value};

const FILE: &str = "java.io.File";
const PATH: &str = "java.nio.file.Path";

/// The directory that programs run in.
pub(super) const WORKING: &str = "/sandbox";

/// What a call of something on paths is; nothing where it is no such thing.
pub(super) fn compute(named: &Named, given: &Given) -> Option<Value> {
    made(&named.path, given).or_else(|| method(named, given))
}

/// A path that a text makes.
fn made(path: &str, given: &Given) -> Option<Value> {
    Some(match path {
        "java.io.File.new" => about(FILE, &joined(given.positional.iter(), &Value::text("/"), as_shown)),
        "java.nio.file.Path.of" | "java.nio.file.Paths.get" | "java.nio.file.FileSystem.getPath" => {
            let parts = given.positional.iter().map(as_shown);
            about(PATH, &parts.fold(Value::text(""), |whole, part| below(&whole, &part)))
        }
        "java.net.URI.create" | "java.net.URI.new" => about("java.net.URI", &given.get(0)),
        "java.net.URL.new" => about("java.net.URL", &given.get(0)),
        "java.nio.file.Files.createTempFile" | "java.nio.file.Files.createTempDirectory"
            if !matches!(given.get(0), Value::Named(_)) =>
        {
            about(PATH, &Value::text("/tmp/x"))
        }
        "java.io.File.createTempFile" => match text_of(&given.get(2)) {
            Some(directory) => about(FILE, &below(&Value::Text(directory), &Value::text("x"))),
            None => about(FILE, &Value::text("/tmp/x")),
        },
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
    let absolute = || named.about.as_ref().map(absolute);
    let real = || absolute().as_ref().map(normalized);
    let own = || named.about.clone().map_or(Value::Unknown, Value::Text);
    match method {
        "toPath" => same(PATH),
        "toAbsolutePath" => Some(Value::about(PATH, absolute())),
        "toRealPath" => Some(Value::about(PATH, real())),
        "normalize" => Some(Value::about(PATH, named.about.as_ref().map(normalized))),
        "toFile" => same(FILE),
        "getAbsoluteFile" => Some(Value::about(FILE, absolute())),
        "getCanonicalFile" => Some(Value::about(FILE, real())),
        "toURI" | "toUri" => same("java.net.URI"),
        "toURL" => same("java.net.URL"),
        "toString" | "getPath" => Some(own()),
        "getAbsolutePath" => Some(absolute().map_or(Value::Unknown, Value::Text)),
        "getCanonicalPath" => Some(real().map_or(Value::Unknown, Value::Text)),
        "resolve" => Some(about(PATH, &resolved(&own(), &as_shown(&given.get(0))))),
        "resolveSibling" => {
            let directory = match named.about.as_ref().and_then(parent) {
                Some(parent) => Value::Text(parent),
                None if named.about.as_ref().is_some_and(|path| path.whole) => Value::text(""),
                None => Value::Unknown,
            };
            Some(about(PATH, &resolved(&directory, &as_shown(&given.get(0)))))
        }
        "getParent" if owner == PATH => Some(Value::about(PATH, named.about.as_ref().and_then(parent))),
        "getParent" => Some(named.about.as_ref().and_then(parent).map_or(Value::Unknown, Value::Text)),
        "getParentFile" => Some(Value::about(FILE, named.about.as_ref().and_then(parent))),
        _ => None,
    }
}

/// One path put behind another. An empty one adds nothing.
fn below(whole: &Value, part: &Value) -> Value {
    whole.map_with(part, |whole, part| match (whole.whole_text(), part.whole_text()) {
        (Some(""), _) => part.clone(),
        (_, Some("")) => whole.clone(),
        _ => whole.plus(&Value::text("/")).plus(part),
    })
}

/// What a path is, seen from another.
fn resolved(from: &Value, path: &Value) -> Value {
    let is_absolute = path.known_text().is_some_and(|text| text.starts_with('/'));
    if is_absolute { path.clone() } else { below(from, path) }
}

/// A path, seen from the root.
fn absolute(path: &Text) -> Text {
    let is_relative = !path.text.starts_with(['/', '~', '\\']) && !path.text.contains(':');
    let text = match &*path.text {
        "" if path.whole => WORKING.into(),
        relative if is_relative && !relative.is_empty() => format!("{WORKING}/{relative}").into(),
        _ => path.text.clone(),
    };
    Text { text, whole: path.whole }
}

/// A path without `.` and `..`, as far as they can be resolved.
fn normalized(path: &Text) -> Text {
    if !path.whole {
        return path.clone();
    }
    let is_absolute = path.text.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.text.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            ("..", None) if is_absolute => {}
            _ => parts.push(part),
        }
    }
    let root = if is_absolute { "/" } else { "" };
    Text { text: format!("{root}{}", parts.join("/")).into(), whole: true }
}

/// A path without its last part.
fn parent(path: &Text) -> Option<Text> {
    let (parent, _) = path.text.trim_end_matches('/').rsplit_once('/').filter(|_| path.whole)?;
    Some(Text { text: if parent.is_empty() { "/" } else { parent }.into(), whole: true })
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
