//! Paths of files, as far as they are known: `os.path`, `pathlib` and `tempfile`.

use crate::flow::value::{Given, Named, Text, Value};

/// The directory that programs run in.
const WORKING: &str = ".";

/// What a call of a function on paths is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    Some(match path {
        "os.path.join" => joined(&given.positional),
        "os.path.expanduser" | "os.path.expandvars" | "os.path.abspath" | "os.path.realpath" | "os.path.normpath"
        | "os.fspath" | "os.fsdecode" | "os.fsencode" => as_text(&given.get(0)),
        "glob.glob" | "glob.iglob" => Value::sequence(vec![below(&given.get(0))]),
        "os.walk" => Value::sequence(vec![Value::sequence(vec![below(&given.get(0))])]),
        "os.getcwd" => Value::text(WORKING),
        "tempfile.gettempdir" | "tempfile.mkdtemp" => Value::text("/tmp"),
        "pathlib.Path" => object(joined(&given.positional)),
        "pathlib.Path.home" => object(Value::text("~")),
        "pathlib.Path.cwd" => object(Value::text(WORKING)),
        _ => return None,
    })
}

/// What a call of a method of a `pathlib.Path` is; nothing where it is no other path.
pub(super) fn method(named: &Named, given: &Given) -> Option<Value> {
    let own = || named.about.clone().map_or(Value::Unknown, Value::Text);
    Some(match named.path.strip_prefix("pathlib.Path().")? {
        "joinpath" => {
            let all: Vec<_> = std::iter::once(own()).chain(given.positional.iter().cloned()).collect();
            object(joined(&all))
        }
        "resolve" | "absolute" | "expanduser" | "with_suffix" => object(own()),
        "with_name" | "with_stem" => object(Value::about("", beginning(named.about.as_ref()))),
        "glob" | "rglob" | "iterdir" => Value::sequence(vec![object(below(&own()))]),
        "as_posix" | "__str__" | "__fspath__" => own(),
        _ => return None,
    })
}

/// A member of a `pathlib.Path`.
pub(super) fn member_of_path(named: &Named, name: &str) -> Value {
    match name {
        "parent" | "parents" => Value::about("pathlib.Path()", beginning(named.about.as_ref())),
        "name" | "stem" | "suffix" => Value::Unknown,
        _ => Value::about(format!("pathlib.Path().{name}"), named.about.clone()),
    }
}

/// What lies below a directory, or matches a pattern: paths of which the beginning is known.
fn below(path: &Value) -> Value {
    as_text(path).map(|path| match path {
        Value::Text(text) => Value::prefix(text.text.split(['*', '?', '[']).next().unwrap_or_default()),
        _ => Value::Unknown,
    })
}

/// The directory a path is in, of which the rest is open.
fn beginning(path: Option<&Text>) -> Option<Text> {
    let path = path?;
    let (directory, _) = path.text.rsplit_once('/')?;
    Some(Text { text: format!("{directory}/").into(), whole: false })
}

/// `left / right` of a path.
pub(super) fn joined_by_slash(left: &Value, right: &Value) -> Value {
    match left {
        Value::Named(named) if &*named.path == "pathlib.Path()" => object(joined(&[left.clone(), right.clone()])),
        _ => Value::Unknown,
    }
}

/// A `pathlib.Path` of that text.
fn object(text: Value) -> Value {
    text.map(|text| match as_text(text) {
        Value::Text(text) => Value::about("pathlib.Path()", Some(text)),
        _ => Value::about("pathlib.Path()", None),
    })
}

/// An open file of that path.
pub(super) fn opened(path: &Value) -> Value {
    path.map(|path| match as_text(path) {
        Value::Text(text) => Value::about("open()", Some(text)),
        _ => Value::named("open()"),
    })
}

/// The text of a path, which may be one of `pathlib`.
fn as_text(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Named(Named { about: Some(about), .. }) => Value::Text(about.clone()),
        Value::Text(_) => value.clone(),
        _ => Value::Unknown,
    })
}

/// Paths put together: what is absolute leaves out what is before it.
fn joined(parts: &[Value]) -> Value {
    let Some((first, rest)) = parts.split_first() else { return Value::text(WORKING) };
    rest.iter().fold(as_text(first), |whole, part| {
        let part = as_text(part);
        if let Some(text) = part.whole_text()
            && text.starts_with(['/', '~'])
        {
            return part;
        }
        let ends_with_slash = whole.whole_text().is_none_or(|text| text.is_empty() || text.ends_with('/'));
        let whole = if ends_with_slash { whole } else { whole.plus(&Value::text("/")) };
        whole.plus(&part)
    })
}
