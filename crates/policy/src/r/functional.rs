//! Functions that call functions.

use std::ops::Range;

use super::R;
use super::arguments::{argument, from_list};
use crate::flow::sequences::elements_of;
use crate::flow::value::{Given, Text, Value};
use crate::flow::walk::Seen;

/// Where such a function takes the function that it calls, and whose elements that one gets.
struct Shape {
    function: usize,
    names: &'static [&'static str],
    elements: usize,
}

/// Functions that make a function of another, which does the same.
const ADAPTING: [&str; 15] = [
    "match.fun",
    "Vectorize",
    "purrr::partial",
    "partial",
    "memoise::memoise",
    "purrr::safely",
    "purrr::possibly",
    "rlang::as_function",
    "Negate",
    "purrr::compose",
    "compose",
    "functional::Curry",
    "functional::Compose",
    "compiler::cmpfun",
    "cmpfun",
];

/// The shape of the function `path`, if it is one.
fn shape(path: &str) -> Option<Shape> {
    let name = path.rsplit("::").next().unwrap_or(path).trim_start_matches(':');
    const FUN: &[&str] = &["FUN", "f", ".f", "fun", "what"];
    let of = |function, elements| Some(Shape { function, names: FUN, elements });
    match name {
        "lapply" | "sapply" | "vapply" | "rapply" | "eapply" | "mclapply" | "pbapply" | "pblapply"
        | "future_lapply" | "future_map" | "imap" | "walk" | "map2" | "pmap" | "iwalk" | "map_if" | "keep"
        | "discard" | "detect" | "reduce" | "accumulate" => of(1, 0),
        "map" => of(1, 0),
        _ if name.starts_with("map_") || path.starts_with("purrr::") => of(1, 0),
        "Map" | "mapply" | "Reduce" | "Filter" | "Find" | "Position" => of(0, 1),
        "apply" | "tapply" | "outer" | "aggregate" | "parLapply" | "parSapply" | "clusterApply" | "sweep" | "by" => {
            of(2, 0)
        }
        "clusterCall" => of(1, 2),
        _ => None,
    }
}

impl R {
    /// What a call of such a function gives; nothing where it is another.
    pub(super) fn call_functions(
        &mut self,
        path: &str,
        given: &Given,
        span: &Range<usize>,
        depth: usize,
    ) -> Option<Value> {
        match path {
            "do.call" | "rlang::exec" | "purrr::invoke" | "rlang::invoke" => {
                let function = argument(given, 0, if path == "rlang::exec" { ".fn" } else { "what" });
                let list = from_list(&argument(given, 1, "args"));
                let function = self.as_function(&function);
                return Some(self.called_within(&function, &list, span, depth + 1));
            }
            _ if ADAPTING.contains(&path) => {
                let all = given.positional.iter().chain(given.named.iter().map(|(_, value)| value));
                let functions: Vec<_> = all.map(|value| self.as_function(value)).collect();
                let function = functions.first().cloned().unwrap_or_default();
                if path.ends_with("partial") {
                    let rest = super::arguments::without_first(given);
                    functions.iter().take(1).for_each(|function| {
                        self.called_within(function, &rest, span, depth + 1);
                    });
                }
                let taken = if path.ends_with("ompose") { functions.len() } else { 1 };
                functions.iter().take(taken).for_each(|function| self.reading.collected.use_of(function, span));
                return Some(function);
            }
            "switch" | "ifelse" | "dplyr::if_else" => {
                let named = given.named.iter().map(|(_, value)| value.clone());
                return Some(Value::either(given.positional.iter().skip(1).cloned().chain(named)));
            }
            _ => {}
        }
        self.call_with_elements(path, given, span, depth)
    }

    /// Calls the methods of a generic function with what that one was given.
    pub(super) fn dispatch(&mut self, generic: &Value, span: &Range<usize>, depth: usize) -> Value {
        let (Some(generic), Some(function)) = (generic.whole_text(), self.reading.scopes.function()) else {
            return Value::Unknown;
        };
        let methods = self.reading.scopes.bound_beginning(&format!("{generic}."));
        let given = Given { positional: self.reading.scopes.given_from(function, 0), ..Given::default() };
        Value::each(methods.iter().map(|method| self.called_within(method, &given, span, depth + 1)))
    }

    /// Keeps the members that a class of R6, or a reference class, is declared with.
    pub(super) fn keep_members(&mut self, path: &str, given: &Given) {
        if !matches!(path, "R6::R6Class" | "R6Class" | "setRefClass") {
            return;
        }
        for members in given.named.iter().map(|(_, members)| members) {
            let Value::Mapping(members) = members else { continue };
            for (name, member) in members.iter() {
                if let Some(name) = name.whole_text() {
                    self.reading.scopes.keep_field(name, member.clone());
                }
            }
        }
    }

    /// Gives a function that stands in the call of such a function its parameter, before its body is seen.
    pub(super) fn give_elements(&mut self, function: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let [.., call, arguments, argument] = ancestors else { return };
        if call.kind != "call" || arguments.kind != "arguments" || argument.kind != "argument" {
            return;
        }
        let called = call.value("function");
        let shapes = called.alternatives().iter().filter_map(Value::as_named).filter_map(|named| shape(&named.path));
        let Some(shape) = shapes.into_iter().next() else { return };
        let elements = match arguments.parts.get(shape.elements).map(|part| &part.value) {
            Some(Value::Given(given)) => given.named.first().map(|(_, value)| elements_of(value)).unwrap_or_default(),
            Some(value) => elements_of(value),
            None => return,
        };
        if !elements.is_unknown() {
            self.reading.scopes.give(self.reading.scope_id(function.node), 0, elements);
        }
    }

    /// Calls the function that such a function is given, with the elements that it is given for it.
    fn call_with_elements(&mut self, path: &str, given: &Given, span: &Range<usize>, depth: usize) -> Option<Value> {
        let shape = shape(path)?;
        let by_name = given.named.iter().find(|(name, _)| shape.names.contains(&&**name));
        let has_elements_by_name = given.named.iter().any(|(name, _)| matches!(&**name, "X" | ".x" | "x"));
        let position = if has_elements_by_name { shape.function.saturating_sub(1) } else { shape.function };
        let function = by_name.map(|(_, value)| value.clone()).unwrap_or_else(|| given.get(position));
        let elements = given.named.iter().find(|(name, _)| matches!(&**name, "X" | ".x" | "x"));
        let at = if by_name.is_some() && shape.elements > shape.function { shape.elements - 1 } else { shape.elements };
        let elements = elements.map(|(_, value)| value.clone()).unwrap_or_else(|| given.get(at));
        let function = self.as_function(&function);
        Some(self.call_each(path, &function, &elements, given, span, depth))
    }

    /// Calls a function with each element, and with what else is given.
    fn call_each(
        &mut self,
        path: &str,
        function: &Value,
        elements: &Value,
        given: &Given,
        span: &Range<usize>,
        depth: usize,
    ) -> Value {
        let is_fold = matches!(path.rsplit(':').next(), Some("Reduce" | "reduce" | "accumulate"));
        let all = match elements {
            Value::Sequence(all) => all.to_vec(),
            Value::Mapping(entries) => entries.iter().map(|(_, value)| value.clone()).collect(),
            one => one.alternatives().to_vec(),
        };
        if is_fold {
            let Some((first, rest)) = all.split_first() else { return Value::Unknown };
            let rest = if rest.is_empty() { &all } else { rest };
            return rest.iter().take(256).fold(first.clone(), |whole, one| {
                let given = Given { positional: vec![whole, one.clone()], ..Given::default() };
                self.called_within(function, &given, span, depth + 1)
            });
        }
        let further = matches!(path, "Map" | "mapply" | "purrr::map2").then(|| given.positional.iter().skip(2));
        let mut positional = vec![Value::each(all)];
        positional.extend(further.into_iter().flatten().map(|more| match more {
            Value::Sequence(elements) => Value::each(elements.iter().cloned()),
            one => one.clone(),
        }));
        let named = given.named.iter().filter(|(name, _)| !matches!(&**name, "FUN" | "X" | "f" | ".f" | ".x")).cloned();
        let given = Given { positional, named: named.collect(), open_ended: false };
        match self.called_within(function, &given, span, depth + 1) {
            Value::Unknown => Value::Unknown,
            values => Value::sequence(values.alternatives().to_vec()),
        }
    }

    /// What is called where a function is wanted: a text is its name.
    fn as_function(&mut self, value: &Value) -> Value {
        Value::either(value.alternatives().iter().map(|one| match one {
            Value::Text(Text { text, whole: true }) => self.function(text),
            Value::Text(_) => Value::named("get()"),
            Value::Sequence(elements) if elements.len() == 1 => match elements[0].whole_text() {
                Some(text) => self.function(text),
                None => elements[0].clone(),
            },
            // What is read or put together is a text, and which cannot be told.
            Value::Named(named) if gives_text(&named.path) => Value::named("get()"),
            one => one.clone(),
        }))
    }
}

/// Whether what a call gives is a text, or several, of which no more is known.
pub(super) fn gives_text(path: &str) -> bool {
    matches!(
        path,
        "readline()"
            | "readLines()"
            | "scan()"
            | "commandArgs()"
            | "rawToChar()"
            | "intToUtf8()"
            | "Sys.getenv()"
            | "ls()"
            | "apropos()"
            | "grep()"
            | "names()"
    )
}
