//! Functions that compute texts, numbers and lists.

use super::literals::as_shown;
use crate::flow::encodings::decoded;
use crate::flow::sequences::mapping_of;
use crate::flow::texts::{code, formatted, joined, letter};
use crate::flow::value::{Given, Value};

/// What a call of a function that computes is; nothing where `path` is no such function.
pub(super) fn compute(path: &str, given: &Given) -> Option<Value> {
    let path = path.strip_prefix("java.lang.").or_else(|| path.strip_prefix("java.util."))?;
    let first = given.get(0);
    Some(match path {
        "String.new" | "StringBuilder.new" | "StringBuffer.new" => new_text(given),
        "String.valueOf" | "String.copyValueOf" | "Integer.toString" | "Long.toString" | "Objects.toString" => {
            of_letters(&first)
        }
        "Character.toString" | "Character.valueOf" | "Character.toChars" | "Character.getName" => first.map(letter),
        "Character.getNumericValue" => Value::Unknown,
        "Integer.parseInt" | "Integer.valueOf" | "Long.parseLong" | "Byte.parseByte" | "Byte.valueOf" => {
            parsed(&first, &given.get(1))
        }
        "String.join" => join(given),
        "String.format" => match first.whole_text() {
            Some(format) => formatted(format, given, 1, as_shown),
            None => Value::Unknown,
        },
        "System.getProperty" => property(&first, given),
        "System.lineSeparator" => Value::text("\n"),
        "Base64.Decoder.decode" => with_text(&first, |text| decoded(text, "base64")),
        "HexFormat.parseHex" => with_text(&first, |text| decoded(text, "hex")),
        _ => return compute_list(path, given),
    })
}

/// The same of lists.
fn compute_list(path: &str, given: &Given) -> Option<Value> {
    let first = given.get(0);
    Some(match path {
        "List.of"
        | "Set.of"
        | "Arrays.asList"
        | "stream.Stream.of"
        | "Optional.of"
        | "Optional.ofNullable"
        | "Collections.singletonList"
        | "Arrays.stream"
        | "List.copyOf"
        | "Collections.singleton" => elements(given),
        "ArrayList.new" | "LinkedList.new" | "Vector.new" | "ArrayDeque.new" | "Stack.new" => match first {
            Value::Sequence(_) => first,
            Value::Unknown if !given.positional.is_empty() => Value::Unknown,
            _ => Value::sequence(Vec::new()),
        },
        "HashMap.new"
        | "LinkedHashMap.new"
        | "TreeMap.new"
        | "Hashtable.new"
        | "Properties.new"
        | "concurrent.ConcurrentHashMap.new" => match first {
            Value::Mapping(_) => first,
            Value::Unknown if !given.positional.is_empty() => Value::Unknown,
            _ => Value::mapping(Vec::new()),
        },
        "Map.of" => {
            let pairs = given.positional.chunks_exact(2);
            Value::mapping(pairs.map(|pair| (pair[0].clone(), pair[1].clone())).collect())
        }
        "Map.entry" => Value::sequence(given.positional.clone()),
        "Map.ofEntries" => mapping_of(&Value::sequence(given.positional.clone())),
        "Objects.requireNonNull"
        | "Objects.requireNonNullElse"
        | "Arrays.copyOf"
        | "Collections.unmodifiableList"
        | "Collections.unmodifiableMap"
        | "Map.copyOf" => first,
        _ => return None,
    })
}

/// `new String(…)` and `new StringBuilder(…)`.
fn new_text(given: &Given) -> Value {
    match given.positional.first() {
        None => Value::text(""),
        // How much there is to be room for.
        Some(Value::Number(_)) => Value::text(""),
        Some(first) => of_letters(first),
    }
}

/// A text of what may be its letters.
pub(super) fn of_letters(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Sequence(letters) => joined(letters.iter(), &Value::text(""), |one| one.map(letter)),
        other => as_shown(other),
    })
}

fn parsed(value: &Value, radix: &Value) -> Value {
    let radix = match radix {
        Value::Number(radix @ 2..=36) => u32::try_from(*radix).unwrap_or(10),
        _ => 10,
    };
    value.map(|value| match value.whole_text() {
        Some(text) => i64::from_str_radix(text, radix).map_or(Value::Unknown, Value::Number),
        None => code(value),
    })
}

fn join(given: &Given) -> Value {
    match given.positional.get(1) {
        Some(Value::Sequence(elements)) => joined(elements.iter(), &given.get(0), as_shown),
        _ => joined(given.positional.iter().skip(1), &given.get(0), as_shown),
    }
}

/// What the machine says of itself.
fn property(name: &Value, given: &Given) -> Value {
    match name.whole_text() {
        Some("user.home") => Value::text("~"),
        Some("user.dir") => Value::text(super::paths::WORKING),
        Some("java.io.tmpdir") => Value::text("/tmp"),
        Some("file.separator") => Value::text("/"),
        Some("line.separator") => Value::text("\n"),
        _ => given.get(1),
    }
}

/// Given one by one or as one sequence.
fn elements(given: &Given) -> Value {
    match given.positional.as_slice() {
        [one @ Value::Sequence(_)] => one.clone(),
        all => Value::sequence(all.to_vec()),
    }
}

fn with_text(value: &Value, change: impl Fn(&str) -> Value) -> Value {
    value.map(|one| one.whole_text().map_or(Value::Unknown, &change))
}
