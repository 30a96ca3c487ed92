//! Words with `{NAMES}` in them, as a language's compiler and program are started by.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use super::{LanguageSpec, nearest::nearest};
use crate::Error;

/// What stands for nothing but a part of a word.
const PARTS: [&str; 8] = ["source", "source-directory", "directory", "build", "class", "memory", "heap", "cpus"];

/// What stands for any number of words.
const LISTS: [&str; 3] = ["sources", "compiler-options", "runtime-options"];

const VARIABLE: &str = "env:";

/// What names stand for in one run.
pub(crate) struct Values<'a> {
    pub(crate) spec: &'a LanguageSpec,
    /// By the spec's tools.
    pub(crate) tools: &'a [PathBuf],
    pub(crate) source: &'a Path,
    pub(crate) sources: Vec<OsString>,
    pub(crate) directory: &'a Path,
    pub(crate) build: &'a Path,
    pub(crate) class: &'a str,
    pub(crate) compiler_options: &'a [OsString],
    pub(crate) runtime_options: &'a [OsString],
    /// Bytes.
    pub(crate) memory: u64,
    pub(crate) cpus: f64,
    pub(crate) environment: &'a [(OsString, OsString)],
}

impl Values<'_> {
    /// Words with every name replaced.
    pub(crate) fn words(&self, templates: &[String]) -> Vec<OsString> {
        templates.iter().flat_map(|template| self.list(template).unwrap_or_else(|| vec![self.word(template)])).collect()
    }

    fn list(&self, template: &str) -> Option<Vec<OsString>> {
        match template {
            "{sources}" => Some(self.sources.clone()),
            "{compiler-options}" => Some(self.compiler_options.to_vec()),
            "{runtime-options}" => Some(self.runtime_options.to_vec()),
            _ => None,
        }
    }

    /// One word with every name replaced.
    pub(crate) fn word(&self, template: &str) -> OsString {
        let mut word = OsString::new();
        for piece in pieces(template) {
            match piece {
                Piece::Text(text) => word.push(text),
                Piece::Name(name) => word.push(self.value(name)),
            }
        }
        word
    }

    fn value(&self, name: &str) -> OsString {
        match name {
            "source" => self.source.into(),
            "source-directory" => self.source.parent().unwrap_or(self.directory).into(),
            "directory" => self.directory.into(),
            "build" => self.build.into(),
            "class" => self.class.into(),
            "memory" => self.memory.to_string().into(),
            "heap" => (self.memory / 5 * 4).to_string().into(),
            "cpus" => self.cpus.ceil().max(1.0).to_string().into(),
            _ => match name.strip_prefix(VARIABLE) {
                Some(variable) => self.variable(variable),
                None => self.spec.tool(name).map(|at| self.tools[at].clone()).unwrap_or_default().into(),
            },
        }
    }

    fn variable(&self, name: &str) -> OsString {
        let given = self.environment.iter().rev().find(|(given, _)| given == OsStr::new(name));
        given.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// A template in its pieces; a brace that is never closed is text.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        pieces.push(Piece::Text(before));
        let doubled = from.starts_with("{{") || from.starts_with("}}");
        let name = from.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        rest = match name {
            _ if doubled => {
                pieces.push(Piece::Text(&from[..1]));
                &from[2..]
            }
            Some((name, behind)) => {
                pieces.push(Piece::Name(name));
                behind
            }
            None => {
                pieces.push(Piece::Text(&from[..1]));
                &from[1..]
            }
        };
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// Whether every name in a language's templates is known.
pub(super) fn check(spec: &LanguageSpec) -> Result<(), Error> {
    let values = spec.environment.iter().map(|(_, value)| value);
    let projects = spec.project.iter().flat_map(|project| &project.sources);
    for template in spec.compile.iter().chain(&spec.run).chain(projects).chain(values) {
        for piece in pieces(template) {
            let Piece::Name(name) = piece else { continue };
            let is_list = LISTS.contains(&name);
            if is_list && template.len() != name.len() + 2 {
                return Err(Error::invalid(
                    "language",
                    format!("{{{name}}} stands for words, but in {template:?} for a part"),
                )
                .with_remedy("make it a word of its own"));
            }
            if !is_list && !PARTS.contains(&name) && !name.starts_with(VARIABLE) && spec.tool(name).is_none() {
                let tools = spec.tools.iter().map(|tool| tool.name.as_str());
                let known: Vec<&str> = PARTS.into_iter().chain(LISTS).chain(tools).collect();
                let remedy = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean {{{near}}}?"),
                    None => format!("there are: {}", known.join(", ")),
                };
                return Err(
                    Error::invalid("language", format!("{{{name}}} in {template:?} is unknown")).with_remedy(remedy)
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn spec(run: &[&str]) -> LanguageSpec {
        LanguageSpec { run: super::super::spec::words(run), ..(*Language::Ruby.spec()).clone() }
    }

    fn expanded(run: &[&str]) -> Vec<OsString> {
        let spec = spec(run);
        let values = Values {
            spec: &spec,
            tools: &["/usr/bin/ruby".into()],
            source: Path::new("/sandbox/a b.rb"),
            sources: vec!["a".into(), "b".into()],
            directory: Path::new("/sandbox"),
            build: Path::new("/b"),
            class: "p.C",
            compiler_options: &[],
            runtime_options: &["-w".into(), "{source}".into()],
            memory: 1000,
            cpus: 1.5,
            environment: &[("A".into(), "1".into()), ("A".into(), "2".into())],
        };
        values.words(&spec.run)
    }

    #[test]
    fn names_are_replaced_and_what_replaces_them_is_not() {
        let given = [
            "{ruby}",
            "{runtime-options}",
            "{sources}",
            "-x{source}",
            "{source-directory}",
            "{heap}/{cpus}/{class}",
            "{env:A}{env:B}:",
        ];
        let words = ["/usr/bin/ruby", "-w", "{source}", "a", "b", "-x/sandbox/a b.rb", "/sandbox", "800/2/p.C", "2:"];
        assert_eq!(expanded(&given), words);
        assert_eq!(expanded(&["{{source}}", "a}b{", "{compiler-options}"]), ["{source}", "a}b{"]);
    }

    #[test]
    fn names_that_are_unknown_are_told() {
        let error = check(&spec(&["{sorce}"])).unwrap_err();
        assert!(error.to_string().contains("{sorce}") && error.hint().is_some_and(|hint| hint.contains("{source}")));
        assert!(check(&spec(&["-I{sources}"])).unwrap_err().to_string().contains("for a part"));
        for language in Language::ALL {
            language.spec().check().unwrap();
        }
    }
}
