//! Lines that begin with `#`.

use super::condition::{evaluate, is_defined, with_defined};
use super::macros::Macro;
use super::token::{Kind, Token};
use super::{Lexer, Preprocessor};

impl<'s> Preprocessor<'s> {
    /// Obeys a directive, its `#` passed.
    pub(super) fn directive(&mut self, start: usize) {
        let Some(name) = self.directive_name() else { return };
        match name.bytes() {
            b"include" | b"include_next" | b"import" => self.include(start, false),
            b"embed" => self.include(start, true),
            b"define" => self.define(),
            b"undef" => {
                let name = self.name_and_rest();
                self.macros.undefine(&name, self.groups.are_certain());
            }
            b"pragma" => {
                let line = self.lexer.rest_of_line();
                self.pragma(&line);
            }
            b"if" | b"ifdef" | b"ifndef" => {
                let (condition, guard) = self.condition(name.bytes());
                if !self.groups.open(condition, guard) {
                    self.skip();
                }
            }
            b"elif" | b"elifdef" | b"elifndef" | b"else" => {
                let (condition, _) = self.condition(name.bytes());
                if !self.groups.next(condition) {
                    self.skip();
                }
            }
            b"endif" => {
                self.lexer.rest_of_line();
                self.groups.close();
            }
            _ => {
                self.lexer.rest_of_line();
            }
        }
    }

    /// The directive's name; nothing, with the line passed, where there is none.
    fn directive_name(&mut self) -> Option<Token<'s>> {
        let token = self.lexer.next()?;
        if token.kind == Kind::Name {
            return Some(token);
        }
        if token.kind != Kind::Line {
            self.lexer.rest_of_line();
        }
        None
    }

    fn name_and_rest(&mut self) -> Vec<u8> {
        self.lexer.rest_of_line().first().map(|token| token.bytes().to_vec()).unwrap_or_default()
    }

    fn define(&mut self) {
        let Some(found) = Macro::read(&mut self.lexer) else { return };
        let certain = self.groups.are_certain() || self.groups.are_guarded_by(&found.name);
        self.macros.define(found, certain);
    }

    /// What the rest of the line asks, and the macro it asks not to be defined.
    fn condition(&mut self, directive: &[u8]) -> (Option<bool>, Option<Vec<u8>>) {
        match directive {
            b"else" => {
                self.lexer.rest_of_line();
                (Some(true), None)
            }
            b"ifdef" | b"elifdef" => {
                let name = self.name_and_rest();
                (is_defined(&self.macros, &name), None)
            }
            b"ifndef" | b"elifndef" => {
                let name = self.name_and_rest();
                (is_defined(&self.macros, &name).map(|defined| !defined), Some(name))
            }
            _ => {
                let tokens = self.lexer.rest_of_line();
                let guard = match tokens.as_slice() {
                    [not, defined, .., name, close]
                        if not.is(b"!") && defined.bytes() == b"defined" && close.is(b")") =>
                    {
                        Some(name.bytes().to_vec())
                    }
                    _ => None,
                };
                let tokens = with_defined(&self.macros, tokens);
                (evaluate(&self.expanded(&tokens)), guard)
            }
        }
    }

    /// Passes over what is not compiled, to the next branch that is or to the group's end.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        while let Some(first) = self.lexer.next() {
            if first.kind == Kind::Line {
                continue;
            }
            let Some(name) = Some(first).filter(|first| first.is(b"#")).and_then(|_| self.directive_name()) else {
                self.pass_line();
                continue;
            };
            match name.bytes() {
                b"if" | b"ifdef" | b"ifndef" => depth += 1,
                b"endif" if depth > 0 => depth -= 1,
                b"endif" => {
                    self.lexer.rest_of_line();
                    return self.groups.close();
                }
                b"elif" | b"elifdef" | b"elifndef" | b"else" if depth == 0 => {
                    let (condition, _) = self.condition(name.bytes());
                    if self.groups.next(condition) {
                        return;
                    }
                    continue;
                }
                _ => {}
            }
            self.lexer.rest_of_line();
        }
    }

    fn pass_line(&mut self) {
        while self.lexer.next().is_some_and(|token| token.kind != Kind::Line) {}
    }

    /// `_Pragma("…")`.
    pub(super) fn pragma_in_line(&mut self) {
        let (_, text, _) = (self.next(), self.next(), self.next());
        let Some(content) = text.as_ref().and_then(Token::content) else { return };
        let content: Vec<u8> = content.iter().copied().filter(|byte| *byte != b'\\').collect();
        let names: Vec<_> = Lexer::new(&content).rest_of_line().iter().map(|token| token.bytes().to_vec()).collect();
        if let [pragma, _, name, ..] = names.as_slice()
            && pragma == b"pop_macro"
        {
            self.macros.may_be_undefined(unquoted(name));
        }
    }

    /// Pragmas that change what a name is.
    fn pragma(&mut self, line: &[Token<'s>]) {
        let names: Vec<_> = line.iter().map(|token| token.bytes().to_vec()).collect();
        match names.iter().map(Vec::as_slice).collect::<Vec<_>>().as_slice() {
            [b"pop_macro", _, name, ..] => self.macros.may_be_undefined(unquoted(name)),
            [b"redefine_extname", _, _] => self.rename(&line[1], &line[2]),
            [b"weak", _, b"=", _] => self.rename(&line[1], &line[3]),
            _ => {}
        }
    }

    fn rename(&mut self, own: &Token<'s>, other: &Token<'s>) {
        let (name, body) = (own.bytes().into(), vec![other.clone()]);
        self.macros.define(Macro { name, parameters: None, open_ended: false, body }, self.groups.are_certain());
    }
}

fn unquoted(name: &[u8]) -> &[u8] {
    name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name)
}
