//! Headers and modules that are loaded.

use std::ops::Range;

use super::Preprocessor;
use super::substitute::as_header;
use super::token::{Kind, Token, joined};
use crate::facts::{Argument, Arguments, Dynamic, Fact, Found};

/// Where compilers look for headers.
const PLACES: [&str; 3] = ["/usr/include/", "/usr/local/include/", "./"];

impl<'s> Preprocessor<'s> {
    /// `#include` and its like, or `#embed`, which takes the bytes of a file.
    pub(super) fn include(&mut self, start: usize, embeds: bool) {
        let header = match self.lexer.header() {
            Some(header) => {
                self.lexer.rest_of_line();
                Some(header)
            }
            None => {
                let tokens = self.lexer.rest_of_line();
                let tokens = self.expanded(&tokens);
                as_header(&tokens).or_else(|| of_freetype(&tokens))
            }
        };
        let span = start..self.lexer.at();
        match header {
            Some(header) if embeds => self.takes_file("#embed", &String::from_utf8_lossy(&header), span),
            Some(header) => {
                let name = canonical(&String::from_utf8_lossy(&header));
                self.loads(&name, span.clone());
                self.takes_file("#include", &name, span);
            }
            None => {
                let fact = Fact::Dynamic { what: Dynamic::Import, path: "#include".to_owned() };
                self.found.push(Found { fact, span });
            }
        }
    }

    /// `import std;`, `export import <x>;`, `module m;`: whether the line that `first` begins is one.
    pub(super) fn module_line(&mut self, first: &Token<'_>) -> bool {
        let before = self.lexer;
        let passed = match first.bytes() {
            b"import" => self.import(first.span.start),
            b"export" => match self.lexer.next() {
                Some(next) if next.bytes() == b"import" => self.import(first.span.start),
                Some(next) if next.bytes() == b"module" => self.module(),
                _ => false,
            },
            b"module" => self.module(),
            _ => return false,
        };
        if !passed {
            self.lexer = before;
        }
        passed
    }

    fn import(&mut self, start: usize) -> bool {
        if self.macros.is_defined(b"import").is_some() {
            return false;
        }
        let name = match self.lexer.header() {
            Some(header) => canonical(&String::from_utf8_lossy(&header)),
            None => {
                let Some(tokens) = self.until_semicolon() else { return false };
                String::from_utf8_lossy(&joined(&self.expanded(&tokens))).into_owned()
            }
        };
        let is_own = name.starts_with(':');
        if name.is_empty() || name.contains([' ', '(', '=']) {
            return false;
        }
        if !is_own {
            self.loads(&name, start..self.lexer.at());
        }
        true
    }

    fn module(&mut self) -> bool {
        self.until_semicolon().is_some_and(|tokens| tokens.iter().all(|token| !token.is(b"=") && !token.is(b"(")))
    }

    /// Names and dots up to a semicolon; nothing where there is something else.
    fn until_semicolon(&mut self) -> Option<Vec<Token<'s>>> {
        let mut tokens = Vec::new();
        loop {
            let token = self.lexer.next()?;
            match token.kind {
                Kind::Sign if token.is(b";") => return Some(tokens),
                Kind::Sign if !token.is(b".") && !token.is(b":") => return None,
                Kind::Name | Kind::Sign => tokens.push(token),
                _ => return None,
            }
        }
    }

    fn loads(&mut self, name: &str, span: Range<usize>) {
        let fact = Fact::Import { module: name.to_owned(), name: None, by_statement: true };
        self.found.push(Found { fact, span });
    }

    fn takes_file(&mut self, how: &str, path: &str, span: Range<usize>) {
        let call = Arguments { positional: vec![Argument::Text(path.to_owned())], ..Arguments::default() };
        self.found.push(Found { fact: Fact::Use { path: how.to_owned(), call: Some(call) }, span });
    }
}

/// The header that FreeType has under a macro of its own: `FT_FREETYPE_H`.
fn of_freetype(tokens: &[Token<'_>]) -> Option<Vec<u8>> {
    let [name] = tokens else { return None };
    let name = name.bytes().strip_prefix(b"FT_")?.strip_suffix(b"_H")?;
    Some([b"freetype/", name.to_ascii_lowercase().as_slice(), b".h"].concat())
}

/// A header's name without where compilers look for it, and without `.` and `..`.
fn canonical(name: &str) -> String {
    let name = name.trim();
    let short = PLACES.iter().find_map(|place| name.strip_prefix(place)).unwrap_or(name);
    let mut parts: Vec<&str> = Vec::new();
    for part in short.split('/').filter(|part| *part != ".") {
        if part == ".." && parts.last().is_some_and(|last| *last != ".." && !last.is_empty()) {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}
