//! Environments, out of which functions can be taken by name.

use std::ops::Range;

use super::R;
use super::arguments::argument;
use super::names::canonical;
use crate::flow::value::{Given, Named, Text, Value};

impl R {
    /// What a call gives that reaches for something by its name; nothing where it is no such call.
    pub(super) fn reach(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        let environment = || {
            let named = given.named.iter().find(|(name, _)| matches!(&**name, "envir" | "pos" | "ns" | "env"));
            named.map(|(_, value)| value.clone()).unwrap_or_else(|| given.get(1))
        };
        let found = match path {
            "mget" => {
                let names = argument(given, 0, "x");
                let names = if let Value::Sequence(names) = names { names.to_vec() } else { vec![names] };
                let found = names.iter().map(|name| (name.clone(), self.by_name(&environment(), name)));
                return Some(Value::mapping(found.collect()));
            }
            "get" | "get0" | "dynGet" | "rlang::env_get" | "getElement" => {
                self.by_name(&environment(), &argument(given, 0, "x"))
            }
            "getFromNamespace" | "utils::getFromNamespace" | "getAnywhere" => {
                self.by_name(&environment(), &argument(given, 0, "x"))
            }
            "[[" | "[" | "$" if is_environment(&given.get(0)) => self.by_name(&given.get(0), &as_name(&given.get(1))),
            "::" | ":::" => self.by_name(&as_name(&given.get(0)), &as_name(&given.get(1))),
            "getExportedValue" => self.by_name(&argument(given, 0, "ns"), &argument(given, 1, "name")),
            ".Primitive" => self.by_name(&Value::named("baseenv()"), &given.get(0)),
            _ => return environment_of(path, given),
        };
        let functions =
            found.alternatives().iter().filter(|one| one.as_named().is_some_and(|n| !n.path.ends_with("()")));
        let functions = Value::either(functions.cloned());
        if !functions.is_unknown() {
            self.reading.collected.use_of(&functions, span);
        }
        Some(found)
    }

    /// What an environment has under a name. Where the name is not known, what it is matters when it is called.
    pub(super) fn by_name(&self, environment: &Value, name: &Value) -> Value {
        Value::either(name.alternatives().iter().map(|one| match one {
            Value::Text(Text { text, whole: true }) => self.member_of_environment(environment, text),
            Value::Text(Text { text, whole: false }) if !may_reach(text) => Value::Unknown,
            _ => Value::named("get()"),
        }))
    }

    pub(super) fn member_of_environment(&self, environment: &Value, name: &str) -> Value {
        let package = match environment {
            Value::Named(Named { path, .. }) if &**path == "baseenv()" => Some("base"),
            Value::Named(Named { path, .. }) => {
                path.strip_prefix("asNamespace(").map(|rest| rest.trim_end_matches(')'))
            }
            Value::Text(text) => Some(text.text.strip_prefix("package:").unwrap_or(&text.text)),
            _ => None,
        };
        match package {
            Some(package) => Value::named(canonical(&format!("{package}::{name}"))),
            None => {
                let kept = self.reading.scopes.field(name);
                Value::either([self.function(name)].into_iter().chain(kept))
            }
        }
    }
}

/// The environment that a call gives; nothing where it gives something else.
fn environment_of(path: &str, given: &Given) -> Option<Value> {
    Some(match path {
        "globalenv" | "environment" | "parent.frame" | "topenv" | "sys.frame" | "parent.env" | "new.env" => {
            Value::named("globalenv()")
        }
        "as.environment" => {
            let place = argument(given, 0, "x");
            let package = place.whole_text().and_then(|name| name.strip_prefix("package:"));
            package.map_or(place.clone(), |package| Value::named(format!("asNamespace({package})")))
        }
        "as.list" | "as.list.environment" | "list2env" if is_environment(&given.get(0)) => given.get(0),
        _ => return None,
    })
}

/// A name that stands for itself.
fn as_name(value: &Value) -> Value {
    match value.as_named() {
        Some(named) => Value::text(named.path.clone()),
        None => value.clone(),
    }
}

pub(super) fn is_environment(value: &Value) -> bool {
    value.as_named().is_some_and(|named| {
        matches!(&*named.path, "globalenv()" | "baseenv()" | "emptyenv()") || named.path.starts_with("asNamespace(")
    })
}

/// Whether a name that begins like this may be one of a function that reaches the system.
fn may_reach(beginning: &str) -> bool {
    const REACHING: [&str; 12] = [
        "system",
        "shell",
        "pipe",
        "eval",
        "unlink",
        "file.remove",
        "source",
        "Sys.getenv",
        "Sys.setenv",
        "dyn.load",
        ".Call",
        "install.packages",
    ];
    REACHING.iter().any(|name| name.starts_with(beginning))
}
