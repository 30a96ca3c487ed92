//! Calls: what is called, with what, and what comes of it.

use std::ops::Range;
use std::rc::Rc;

use super::Go;
use super::declarations::single;
use super::literals::as_shown;
use super::names::typed;
use super::{computing, results};
use crate::facts::Dynamic;
use crate::flow::commands::with_command;
use crate::flow::sequences::gathered;
use crate::flow::texts::{MOST_PIECES, letter};
use crate::flow::value::{Given, Method, Named, Text, Value};
use crate::flow::walk::Seen;

/// What walks a directory and calls a function with each path in it.
const WALKING: [&str; 4] =
    ["path/filepath.Walk", "path/filepath.WalkDir", "io/fs.WalkDir", "github.com/karrick/godirwalk.Walk"];

/// How many calls of what calls give are followed.
const DEEPEST: usize = 4;

impl Go {
    pub(super) fn arguments(&self, node: &Seen<'_>) -> Value {
        let mut given = Given::default();
        for part in node.parts.iter().filter(|part| part.kind != "comment") {
            match (&part.value, part.kind) {
                (Value::Sequence(elements), "variadic_argument") => given.positional.extend(elements.iter().cloned()),
                (_, "variadic_argument") => given.open_ended = true,
                (value, _) => given.positional.push(value.clone()),
            }
        }
        Value::Given(Rc::new(given))
    }

    pub(super) fn call(&mut self, node: &Seen<'_>) -> Value {
        let given = match node.value("arguments") {
            Value::Given(given) => given,
            _ => Rc::default(),
        };
        let function = node.value("function");
        if let Some(converted) = self.converted(node, &function, &given) {
            return converted;
        }
        self.give_receiver(&function);
        let value = self.called(&function, &given, &node.node.byte_range(), 0);
        self.writes_to_builder(node, &function, &given);
        value
    }

    /// `T(x)`, which is what a call of one argument may be taken for.
    pub(super) fn conversion(&mut self, node: &Seen<'_>) -> Value {
        let (class, operand) = (node.value("type"), node.value("operand"));
        let is_name = node.part("type").is_some_and(|part| matches!(part.kind, "qualified_type" | "type_identifier"));
        if !is_name {
            return typed(&operand, &class);
        }
        let given = Given { positional: vec![operand], ..Given::default() };
        let result = self.called(&class, &given, &node.node.byte_range(), 0);
        Value::either([result].into_iter().chain(class.may_be_named().then_some(class)))
    }

    /// What `T(x)` is for a type of the code's own: `x` itself.
    fn converted(&self, node: &Seen<'_>, function: &Value, given: &Given) -> Option<Value> {
        let name = node.part("function").filter(|part| part.kind == "identifier" && function.is_unknown())?;
        let is_type = self.types.contains_key(&self.reading.text(name.node));
        (is_type && given.positional.len() == 1).then(|| given.get(0))
    }

    /// What comes of calling what `function` may be.
    fn called(&mut self, function: &Value, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let mut results = Vec::new();
        for one in function.alternatives() {
            results.push(match one {
                Value::Named(named) => self.call_named(named, given, span, depth),
                Value::Method(method) => self.call_method(method, given, span),
                Value::Local(function) => {
                    for (position, value) in given.positional.iter().enumerate() {
                        self.reading.scopes.give(*function, position, value.clone());
                    }
                    self.reading.scopes.returned_by(*function)
                }
                _ => Value::Unknown,
            });
        }
        gathered(results)
    }

    fn call_named(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) -> Value {
        let path = &*named.path;
        if let Some(known) = computing::builtin(path, given) {
            return known;
        }
        let arguments = || {
            let arguments = given.to_arguments(named.about.as_ref());
            if starts_program(path) { with_command(given, arguments) } else { arguments }
        };
        self.reading.collected.call_of(path, arguments, span);
        self.reads_directory(named, given, span);
        if WALKING.contains(&path) && depth < DEEPEST {
            let root = given.get(0).known_text().map(|root| Value::prefix(format!("{root}/")));
            let each = Given { positional: root.into_iter().collect(), ..Given::default() };
            self.called(&given.get(1), &each, span, depth + 1);
        }
        if let Some(known) = self.reflect(named, given, span, depth) {
            return known;
        }
        computing::compute(named, given).unwrap_or_else(|| results::of(named, given))
    }

    /// `os.DirFS(directory).Open(file)`, `fs.ReadFile(os.DirFS(directory), file)`.
    fn reads_directory(&mut self, named: &Named, given: &Given, span: &Range<usize>) {
        let (directory, function, file) = match named.path.strip_prefix("io/fs.") {
            Some(function) => (given.get(0), function, given.get(1)),
            None => match named.path.strip_prefix("os.DirFS().") {
                Some(function) => (Value::about("os.DirFS()", named.about.clone()), function, given.get(0)),
                None => return,
            },
        };
        let Some(Named { about: Some(directory), .. }) = directory.as_named().filter(|one| &*one.path == "os.DirFS()")
        else {
            return;
        };
        let path = Value::Text(directory.clone()).plus(&Value::text("/")).plus(&file);
        let read = Given { positional: vec![path], ..Given::default() };
        self.reading.collected.call_of(&format!("os.{function}"), || read.to_arguments(None), span);
    }

    fn call_method(&mut self, method: &Method, given: &Given, span: &Range<usize>) -> Value {
        if matches!(method.receiver, Value::Unknown | Value::Mapping(_)) {
            self.reading.collected.call_of(&format!("?.{}", method.name), || given.to_arguments(None), span);
        }
        Value::Unknown
    }

    /// Members that are reached by their names, and functions that are called as values.
    fn reflect(&mut self, named: &Named, given: &Given, span: &Range<usize>, depth: usize) -> Option<Value> {
        let about = named.about.as_ref().map(|about| about.text.clone());
        Some(match &*named.path {
            "reflect.ValueOf" | "reflect.TypeOf" | "reflect.Indirect" => match given.get(0) {
                Value::Named(object) => {
                    Value::about("reflect.Value", Some(Text { text: object.path.clone(), whole: true }))
                }
                Value::Local(_) => given.get(0),
                Value::Text(text) => Value::about("reflect.Value", Some(text)),
                _ => Value::named("reflect.Value"),
            },
            "reflect.Value.MethodByName" | "reflect.Value.FieldByName" => {
                let owner = about.unwrap_or_else(|| "reflect.Value".into());
                match given.get(0).whole_text() {
                    Some(name) => {
                        let path = format!("{owner}.{name}");
                        self.reading.collected.use_of(&Value::named(path.as_str()), span);
                        Value::about("reflect.Value", Some(Text { text: path.into(), whole: true }))
                    }
                    None => {
                        self.reading.collected.dynamic(Dynamic::Attribute, &owner, span.clone());
                        Value::named("reflect.Value")
                    }
                }
            }
            "reflect.Value.Call" if depth < DEEPEST => {
                let target = Named { path: about?, about: None };
                let elements = match given.get(0) {
                    Value::Sequence(elements) => elements.iter().map(reflected_text).collect(),
                    _ => Vec::new(),
                };
                self.call_named(&target, &Given { positional: elements, ..Given::default() }, span, depth + 1)
            }
            "reflect.Value.Interface" | "reflect.Value.Elem" | "reflect.Value.Addr" => Value::Named(named.clone()),
            _ => return None,
        })
    }

    /// `builder.WriteString(x)` changes a variable.
    fn writes_to_builder(&mut self, node: &Seen<'_>, function: &Value, given: &Given) {
        let Some(method) = function.as_named() else { return };
        let Some((owner, name)) = method.path.rsplit_once('.') else { return };
        let is_builder = matches!(owner, "strings.Builder" | "bytes.Buffer");
        let written = match name {
            "WriteString" | "Write" => computing::of_letters(&given.get(0)),
            "WriteByte" | "WriteRune" => given.get(0).map(letter),
            _ => return,
        };
        let variable = node.node.child_by_field_name("function").and_then(|f| f.child_by_field_name("operand"));
        let Some(variable) = variable.filter(|variable| is_builder && variable.kind() == "identifier") else { return };
        let before = method.about.clone().map_or_else(|| Value::text(""), Value::Text);
        let name = self.reading.text(variable);
        let text = appended(&before, &written, self.loops > 0);
        let owner = owner.to_owned();
        let value = text.map(|text| match text {
            Value::Text(text) => Value::about(owner.as_str(), Some(text.clone())),
            _ => Value::named(owner.as_str()),
        });
        self.reading.scopes.assign(&name, value);
    }
}

/// A text with another put after it; in a loop all that it runs through, where that is known.
pub(super) fn appended(text: &Value, more: &Value, in_loop: bool) -> Value {
    match (text, more) {
        (Value::Number(_), _) => Value::Unknown,
        (Value::Text(_), Value::OneOf(pieces)) if in_loop && pieces.len() <= MOST_PIECES => {
            pieces.iter().fold(text.clone(), |whole, piece| whole.plus(&as_shown(piece)))
        }
        (Value::Text(_), _) if in_loop => text.plus(&Value::Unknown),
        _ => text.plus(&single(more)),
    }
}

/// Whether a call starts a program that its arguments name.
fn starts_program(path: &str) -> bool {
    path.starts_with("os/exec.Command") || matches!(path, "os.StartProcess" | "syscall.Exec" | "syscall.ForkExec")
}

/// What a value of reflection was made of.
fn reflected_text(value: &Value) -> Value {
    match value.as_named().and_then(|named| named.about.clone()) {
        Some(about) => Value::Text(about),
        None => value.clone(),
    }
}
