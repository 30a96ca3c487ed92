//! Functions that run code which they are given as a text, and those that make code of a text.

use std::ops::Range;

use super::R;
use super::arguments::{argument, from_list};
use super::names::global;
use crate::facts::Dynamic;
use crate::flow::value::{Given, Named, Text, Value};

/// What code is that was made of a text.
const PARSED: &str = "parse()";

impl R {
    /// What a call of such a function gives; nothing where it is another.
    pub(super) fn run_code(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        Some(match path {
            "parse" => {
                let text = given.named.iter().find(|(name, _)| &**name == "text").map(|(_, text)| text.clone());
                parsed(&text.unwrap_or_else(|| connection(&argument(given, 0, "file"))))
            }
            "str2lang" | "str2expression" | "rlang::parse_expr" | "rlang::parse_exprs" | "rlang::parse_quo" => {
                parsed(&argument(given, 0, if path.starts_with("rlang") { "x" } else { "s" }))
            }
            "eval" | "evalq" | "eval.parent" | "rlang::eval_tidy" | "rlang::eval_bare" | "withVisible" => {
                let code = argument(given, 0, "expr");
                self.run_parsed(path, &code, span);
                match code {
                    Value::Named(named) if &*named.path == PARSED => self.evaluated(named.about.as_ref()),
                    code => code,
                }
            }
            "source" | "sys.source" => {
                let file = argument(given, 0, "file");
                if let Value::Named(Named { path, about: Some(text) }) = &file
                    && &**path == "textConnection()"
                {
                    self.reading.run("source", &Value::Text(text.clone()), span);
                }
                self.run_parsed(path, &argument(given, usize::MAX, "exprs"), span);
                Value::Unknown
            }
            "glue::glue" | "glue" | "stringr::str_glue" | "str_glue" | "glue::glue_data" => {
                for text in &given.positional {
                    self.reading.run_pieces(text, ["{", "}"], span);
                }
                return None;
            }
            "stringr::str_interp" | "str_interp" => {
                self.reading.run_pieces(&given.get(0), ["${", "}"], span);
                return None;
            }
            "knitr::knit" | "knitr::knit2html" | "knitr::knit_child" => {
                self.reading.run_pieces(&argument(given, usize::MAX, "text"), ["`r ", "`"], span);
                return None;
            }
            _ => return self.make_call(path, given, span),
        })
    }

    /// The same of calls that are put together: what they would call is said.
    fn make_call(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        Some(match path {
            "call" | "rlang::call2" | "call2" => {
                let rest = super::arguments::without_first(given);
                let function = argument(given, 0, "name");
                self.called_within(&function, &rest, span, 1)
            }
            "as.call" => {
                let mut list = from_list(&argument(given, 0, "x"));
                if list.positional.is_empty() {
                    return Some(Value::Unknown);
                }
                let function = list.positional.remove(0);
                self.called_within(&function, &list, span, 1)
            }
            "as.name" | "as.symbol" | "rlang::sym" | "rlang::ensym" => match argument(given, 0, "x").whole_text() {
                Some(name) => {
                    let function = self.function(name);
                    if path.starts_with("as.") {
                        self.reading.collected.use_of(&function, span);
                    }
                    function
                }
                None => Value::Unknown,
            },
            _ => return None,
        })
    }

    /// Looks later into code that was made of a text; says so where the text is not known.
    pub(super) fn run_parsed(&mut self, path: &str, code: &Value, span: &Range<usize>) {
        for one in code.alternatives().iter().filter_map(Value::as_named).filter(|named| &*named.path == PARSED) {
            match &one.about {
                Some(text) => self.reading.run(path, &Value::Text(text.clone()), span),
                None => self.reading.collected.dynamic(Dynamic::Code, path, span.clone()),
            }
        }
    }

    /// What code gives that does nothing but name something.
    fn evaluated(&self, code: Option<&Text>) -> Value {
        let name = code.filter(|code| code.whole).map(|code| code.text.trim().trim_matches('`').to_owned());
        match name.filter(|name| name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'))) {
            Some(name) => self.reading.scopes.look_up(&name, global(&name)),
            None => Value::Unknown,
        }
    }
}

/// Code made of a text; lines are one text.
fn parsed(text: &Value) -> Value {
    let text = match text {
        Value::Sequence(lines) => lines.iter().enumerate().fold(Value::text(""), |whole, (at, line)| {
            let whole = if at > 0 { whole.plus(&Value::text("\n")) } else { whole };
            whole.plus(line)
        }),
        one => one.clone(),
    };
    Value::either(text.alternatives().iter().map(|one| match one {
        Value::Text(text) => Value::about(PARSED, Some(text.clone())),
        _ => Value::named(PARSED),
    }))
}

/// The text that a connection reads.
fn connection(file: &Value) -> Value {
    match file {
        Value::Named(Named { path, about: Some(text) }) if &**path == "textConnection()" => Value::Text(text.clone()),
        _ => Value::Unknown,
    }
}
