//! Paths of files, as far as they are known.

use super::kernel;
use crate::flow::value::{Given, Named, Text, Value};

/// The directory that programs run in.
const WORKING: &str = ".";

/// What a call of a method on paths is; nothing where it is no such method.
pub(super) fn compute(named: &Named, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match &*named.path {
        "File.join" => joined(&given.positional),
        "File.expand_path" | "File.absolute_path" | "File.realpath" => {
            match (first.whole_text(), given.positional.get(1)) {
                (Some(text), Some(base)) if !text.starts_with(['/', '~']) => joined(&[base.clone(), first]),
                _ => as_text(&first),
            }
        }
        "Dir.pwd" => Value::text(WORKING),
        "Dir.home" => Value::text("~"),
        "Dir.tmpdir" | "Dir.mktmpdir" => Value::text("/tmp"),
        "Dir.glob" | "Find.find" => Value::sequence(vec![below(&first)]),
        "Pathname.glob" => Value::sequence(vec![object(below(&first))]),
        "Dir.each_child" | "Dir.children" | "Dir.entries" | "Dir.foreach" => Value::Unknown,
        "Pathname" | "Pathname.new" => object(as_text(&first)),
        "Pathname.pwd" | "Pathname.getwd" => object(Value::text(WORKING)),
        path => return method(path.strip_prefix("Pathname.new().")?, named, given),
    })
}

/// What a call of a method of a `Pathname` is; nothing where it is no other path.
fn method(name: &str, named: &Named, given: &Given) -> Option<Value> {
    let own = named.about.clone().map_or(Value::Unknown, Value::Text);
    let with_given = || {
        let parts: Vec<_> = std::iter::once(own.clone()).chain(given.positional.iter().cloned()).collect();
        joined(&parts)
    };
    Some(match name {
        "join" | "+" | "/" => object(with_given()),
        "expand_path" | "realpath" | "cleanpath" => object(own),
        "to_s" | "to_str" | "to_path" => own,
        "children" | "glob" | "each_child" | "entries" => Value::sequence(vec![object(below(&own))]),
        "parent" | "dirname" | "basename" | "extname" => Value::Unknown,
        _ => return None,
    })
}

/// What an object is made of that a call gives: the path of a file.
pub(super) fn about(named: &Named, given: &Given) -> Option<Text> {
    let of_path = matches!(&*named.path, "File.open" | "open" | "Dir.new" | "Dir.open");
    match (of_path, as_text(&given.get(0))) {
        (true, Value::Text(text)) => Some(text),
        _ => named.about.clone(),
    }
}

/// Whether what is opened is a program: `open("|ls")`.
pub(super) fn is_pipe(path: &str, given: &Given) -> bool {
    let opens = matches!(path, "open" | "IO.read" | "IO.readlines" | "IO.foreach" | "IO.write" | "URI.open");
    let begins = |one: &Value| matches!(one, Value::Text(text) if text.text.trim_start().starts_with('|'));
    opens && given.get(0).alternatives().iter().any(begins)
}

/// `left / right` and `left + right` of a path.
pub(super) fn joined_by_operator(left: &Value, operator: &str, right: &Value) -> Option<Value> {
    let named = left.as_named().filter(|named| &*named.path == "Pathname.new()")?;
    let given = Given { positional: vec![right.clone()], ..Given::default() };
    method(operator, named, &given)
}

fn object(text: Value) -> Value {
    text.map(|text| match text {
        Value::Text(text) => Value::about("Pathname.new()", Some(text.clone())),
        _ => Value::named(kernel::canonical("Pathname.new()")),
    })
}

/// The text of a path, which may be a `Pathname`.
fn as_text(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Named(Named { about: Some(about), .. }) => Value::Text(about.clone()),
        Value::Text(_) => value.clone(),
        _ => Value::Unknown,
    })
}

/// What lies below a directory, or matches a pattern: paths of which the beginning is known.
fn below(path: &Value) -> Value {
    as_text(path).map(|path| match path {
        Value::Text(text) => Value::prefix(text.text.split(['*', '?', '[', '{']).next().unwrap_or_default()),
        _ => Value::Unknown,
    })
}

fn joined(parts: &[Value]) -> Value {
    let Some((first, rest)) = parts.split_first() else { return Value::text("") };
    rest.iter().fold(as_text(first), |whole, part| {
        let part = as_text(part);
        // A slash at the end of what is known would make the root of nothing.
        if part.is_unknown() {
            return whole.plus(&part);
        }
        let whole = if whole.whole_text().is_none_or(|text| text.ends_with('/')) {
            whole
        } else {
            whole.plus(&Value::text("/"))
        };
        match part.whole_text() {
            Some(text) => whole.plus(&Value::text(text.trim_start_matches('/'))),
            None => whole.plus(&part),
        }
    })
}
