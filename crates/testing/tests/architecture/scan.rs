//! Reads Rust source far enough to tell code from comments and literals.

use std::ops::Range;
use std::path::Path;

/// One file.
pub(crate) struct Source {
    /// From the root of the workspace, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with comments and the insides of literals blanked, line by line as before.
    pub(crate) code: String,
    pub(crate) literals: Vec<Literal>,
}

/// The inside of a string literal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// What is left of a file without its modules under `#[cfg(test)]`.
pub(crate) struct Product {
    tests: Vec<Range<usize>>,
}

impl Source {
    pub(crate) fn read(workspace: &Path, file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let path = file.strip_prefix(workspace).expect("the file is in the workspace");
        let (code, literals) = split(&text);
        Self { path: path.to_str().expect("our names are UTF-8").replace('\\', "/"), text, code, literals }
    }

    /// Whether the whole file is test code.
    pub(crate) fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        self.path.starts_with("crates/testing/")
            || parts.any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples" | "fuzz"))
    }

    /// The documentation of the crate whose root this is: its `//!` lines and the files it includes.
    pub(crate) fn documentation(&self, workspace: &Path) -> String {
        let mut documentation = String::new();
        for line in self.text.lines().take_while(|line| line.is_empty() || line.starts_with(['/', '#'])) {
            if let Some(line) = line.strip_prefix("//!") {
                documentation.push_str(line.strip_prefix(' ').unwrap_or(line));
            } else if let Some(included) = line.strip_prefix("#![doc = include_str!(\"") {
                let here = workspace.join(&self.path);
                let name = included.trim_end_matches("\")]");
                let file = here.parent().expect("a file has a directory").join(name);
                documentation.push_str(&std::fs::read_to_string(file).expect("the included file is readable"));
            }
            documentation.push('\n');
        }
        documentation
    }
}

impl Product {
    pub(crate) fn of(code: &str) -> Self {
        const ATTRIBUTE: &str = "#[cfg(test)]";
        let mut tests = Vec::new();
        for (at, _) in code.match_indices(ATTRIBUTE) {
            let end = at + ATTRIBUTE.len();
            let end = end + item(&code[end..]);
            tests.push(line_at(code, at)..line_at(code, end) + 1);
        }
        Self { tests }
    }

    pub(crate) fn has(&self, literal: &Literal) -> bool {
        !self.tests.iter().any(|lines| lines.contains(&literal.line))
    }
}

/// Separates code from string literals and drops comments. Lines stay where they were.
pub(crate) fn split(text: &str) -> (String, Vec<Literal>) {
    let mut rest = text;
    let mut code = String::with_capacity(text.len());
    let mut literals = Vec::new();
    while let Some(first) = rest.chars().next() {
        let in_word = code.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some((inside, length)) = string(rest, in_word) {
            let line = line_at(&code, code.len());
            literals.push(Literal { line, text: rest[inside].to_owned() });
            length
        } else if let Some(length) = character(rest) {
            length
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        code.push(' ');
        code.extend(rest[..length].chars().filter(|c| *c == '\n'));
        rest = &rest[length..];
    }
    (code, literals)
}

/// How long the comment is that starts here; comments nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

/// The inside of the string literal that starts here, and how long it is in all. The `b` of `b""` is left as code.
fn string(text: &str, in_word: bool) -> Option<(Range<usize>, usize)> {
    if text.starts_with('"') {
        let mut escaped = false;
        for (at, c) in text.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Some((1..at, at + 1)),
                _ => {}
            }
        }
        return Some((1..text.len(), text.len()));
    }
    let prefix = ["r", "br", "cr"].iter().find(|prefix| !in_word && text.starts_with(**prefix))?;
    let hashes = text[prefix.len()..].chars().take_while(|c| *c == '#').count();
    let open = prefix.len() + hashes + 1;
    if text.as_bytes().get(open - 1) != Some(&b'"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let close = text[open..].find(&end).map_or(text.len(), |at| open + at);
    Some((open..close, (close + end.len()).min(text.len())))
}

/// How long the character literal is that starts here; `None` for a lifetime.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return Some(2 + first + escape[first..].find('\'')? + 1);
    }
    let first = inside.chars().next()?.len_utf8();
    inside[first..].starts_with('\'').then_some(1 + first + 1)
}

/// The lines of code in which `unsafe` stands or its lint is lowered.
pub(crate) fn unsafe_lines(code: &str) -> Vec<usize> {
    let found = words(code).filter(|(at, word)| match *word {
        "unsafe" => true,
        "unsafe_code" => {
            let opened = code[..*at].rfind('(').map_or("", |open| code[..open].trim_end());
            ["expect", "allow", "warn"].iter().any(|level| opened.ends_with(level))
        }
        _ => false,
    });
    found.map(|(at, _)| line_at(code, at)).collect()
}

fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// How long the item is that starts here: to its `;` or the end of its block.
fn item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Identifiers and keywords, each with its place.
fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    std::iter::from_fn(move || {
        let start = end + code[end..].find(is_part)?;
        end = start + code[start..].find(|c| !is_part(c)).unwrap_or(code.len() - start);
        Some((start, &code[start..end]))
    })
}

/// `DockerHost` and `docker_host` alike become `docker` and `host`.
pub(crate) fn parts_of_words(text: &str) -> impl Iterator<Item = String> {
    words(text).flat_map(|(_, word)| {
        let mut parts = vec![String::new()];
        let mut lower = false;
        for c in word.chars() {
            if c == '_' || (c.is_uppercase() && lower) {
                parts.push(String::new());
            }
            if c != '_' {
                parts.last_mut().expect("there is a first").extend(c.to_lowercase());
            }
            lower = c.is_lowercase();
        }
        parts
    })
}

/// The program that a command line in a literal would start: `sh` in `/bin/sh -c …`.
pub(crate) fn program(text: &str) -> &str {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.rsplit('/').next().unwrap_or_default()
}

/// Whether documentation holds a fenced block that rustdoc compiles.
pub(crate) fn has_rust_example(documentation: &str) -> bool {
    let fences = documentation.lines().filter_map(|line| line.trim_start().strip_prefix("```"));
    fences.step_by(2).any(|info| {
        info.split([',', ' ']).all(|word| matches!(word, "" | "rust" | "no_run" | "should_panic" | "edition2024"))
    })
}

#[cfg(test)]
mod tests;
