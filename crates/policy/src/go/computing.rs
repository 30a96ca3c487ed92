//! Functions that compute texts, numbers, lists and paths.

use super::literals::as_shown;
use crate::flow::encodings::decoded;
use crate::flow::texts::{formatted, joined, letter, repeated, replaced, split};
use crate::flow::value::{Given, Named, Text, Value};

/// The directory that programs run in.
const WORKING: &str = "/sandbox";

/// What a function gives that needs no package; nothing where `path` is none.
pub(super) fn builtin(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "string" => of_letters(&first),
        "append" => {
            let more = Value::sequence(given.positional.get(1..).unwrap_or_default().to_vec());
            first.map(|one| if matches!(one, Value::Sequence(_)) { one.plus(&more) } else { Value::Unknown })
        }
        "make" => match &first {
            // What a channel or a map is made with is how much there is room for.
            Value::Mapping(_) => first,
            channel if super::channels::is_channel(channel) => first,
            Value::Unknown if given.get(1) == Value::Number(0) => Value::sequence(Vec::new()),
            _ => Value::Unknown,
        },
        "new" | "rune" | "byte" | "int" | "int32" | "int64" | "uint8" | "uint16" | "uint32" => first,
        "len" => {
            let length = match &first {
                Value::Text(text) if text.whole => Some(text.text.len()),
                Value::Sequence(elements) => Some(elements.len()),
                _ => None,
            };
            length.and_then(|length| i64::try_from(length).ok()).map_or(Value::Unknown, Value::Number)
        }
        "panic" | "print" | "println" => Value::Unknown,
        _ => return None,
    })
}

/// A text of what may be its letters.
pub(super) fn of_letters(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Sequence(letters) => joined(letters.iter(), &Value::text(""), |one| one.map(letter)),
        other => letter(other),
    })
}

/// What a call of a function that computes is; nothing where it is no such function.
pub(super) fn compute(named: &Named, given: &Given) -> Option<Value> {
    let first = given.get(0);
    let with_text = |change: &dyn Fn(&str) -> Value| first.map(|one| one.whole_text().map_or(Value::Unknown, change));
    Some(match &*named.path {
        "fmt.Sprintf" => match first.whole_text() {
            Some(format) => formatted(format, given, 1, as_shown),
            None => Value::Unknown,
        },
        "fmt.Sprint" => joined(given.positional.iter(), &Value::text(""), as_shown),
        "strings.Builder.String" | "bytes.Buffer.String" | "bytes.Buffer.Bytes" => {
            named.about.clone().map_or_else(|| Value::text(""), Value::Text)
        }
        "strconv.Itoa" => as_shown(&first),
        "strconv.Atoi" => with_text(&|text| text.parse().map_or(Value::Unknown, Value::Number)),
        "encoding/hex.DecodeString" => with_text(&|text| decoded(text, "hex")),
        path if path.starts_with("encoding/base64.") && path.ends_with(".DecodeString") => {
            with_text(&|text| decoded(text, "base64"))
        }
        path => return compute_strings(path, given).or_else(|| compute_path(path, given)),
    })
}

/// The same of the package `strings`.
fn compute_strings(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    let argument = |at: usize| given.positional.get(at).and_then(Value::whole_text);
    let with_text = |change: &dyn Fn(&str) -> Value| first.map(|one| one.whole_text().map_or(Value::Unknown, change));
    Some(match path {
        "strings.Join" => match &first {
            Value::Sequence(elements) => joined(elements.iter(), &given.get(1), as_shown),
            _ => Value::Unknown,
        },
        "strings.ReplaceAll" => with_text(&|text| replaced(text, argument(1), argument(2), usize::MAX)),
        "strings.Replace" => {
            let times = match given.get(3) {
                Value::Number(times) => usize::try_from(times).unwrap_or(usize::MAX),
                _ => usize::MAX,
            };
            with_text(&|text| replaced(text, argument(1), argument(2), times))
        }
        "strings.Repeat" => with_text(&|text| repeated(text, &given.get(1))),
        "strings.Split" => with_text(&|text| split(text, argument(1))),
        "strings.Fields" => with_text(&|text| split(text.trim(), Some(" "))),
        "strings.ToLower" => with_text(&|text| Value::text(text.to_lowercase())),
        "strings.ToUpper" => with_text(&|text| Value::text(text.to_uppercase())),
        "strings.TrimSpace" => with_text(&|text| Value::text(text.trim())),
        "strings.TrimPrefix" => {
            with_text(&|text| Value::text(text.strip_prefix(argument(1).unwrap_or_default()).unwrap_or(text)))
        }
        "strings.TrimSuffix" => {
            with_text(&|text| Value::text(text.strip_suffix(argument(1).unwrap_or_default()).unwrap_or(text)))
        }
        "strings.Title" | "strings.Clone" | "strings.NewReader" | "bytes.TrimSpace" => first,
        _ => return None,
    })
}

/// The same of paths.
fn compute_path(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "path/filepath.Join" => joined(given.positional.iter(), &Value::text("/"), as_shown),
        "path/filepath.Abs" => first.map(absolute),
        "path/filepath.Clean" | "path.Clean" | "path/filepath.FromSlash" | "path/filepath.EvalSymlinks" => first,
        "path/filepath.Glob" => Value::sequence(vec![first]),
        "path/filepath.Dir" | "path.Dir" => first.map(|path| match path {
            Value::Text(Text { text, whole: true }) => match text.rsplit_once('/') {
                Some(("", _)) => Value::text("/"),
                Some((parent, _)) => Value::text(parent),
                None => Value::text("."),
            },
            _ => Value::Unknown,
        }),
        "os.UserHomeDir" => Value::text("~"),
        "os.UserConfigDir" => Value::text("~/.config"),
        "os.UserCacheDir" => Value::text("~/.cache"),
        "os.TempDir" => Value::text("/tmp"),
        "os.Getwd" => Value::text(WORKING),
        _ => return None,
    })
}

/// A path, seen from the root.
fn absolute(path: &Value) -> Value {
    match path {
        Value::Text(Text { text, whole }) if !text.starts_with(['/', '~']) && (*whole || !text.is_empty()) => {
            let below = text.trim_start_matches("./");
            let path = if matches!(below, "" | ".") { WORKING.to_owned() } else { format!("{WORKING}/{below}") };
            Value::Text(Text { text: path.into(), whole: *whole })
        }
        other => other.clone(),
    }
}
