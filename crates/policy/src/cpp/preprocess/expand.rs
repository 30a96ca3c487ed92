//! Macros are expanded, as GCC does it: a macro is not expanded again within its own expansion.

use std::collections::HashMap;
use std::rc::Rc;

use super::Preprocessor;
use super::macros::Macro;
use super::substitute::substitute;
use super::token::{Kind, Token};

/// Tokens that macros may make of a source.
const MOST_MADE: usize = 300_000;

/// How deep calls of macros within the arguments of macros are expanded before they are put in.
const DEEPEST: usize = 24;

/// What is being expanded.
#[derive(Default)]
pub(super) struct Expansion<'s> {
    /// What stands before the rest of the source, the last first.
    contexts: Vec<Context<'s>>,
    /// Macros that are not expanded now, and how often that was said.
    disabled: HashMap<Rc<[u8]>, usize>,
    /// How many arguments within arguments are being expanded, which end where they end.
    sealed: usize,
    made: usize,
}

struct Context<'s> {
    tokens: std::vec::IntoIter<Token<'s>>,
    /// The macro whose expansion it is.
    of: Option<Rc<[u8]>>,
}

impl Expansion<'_> {
    /// Counts tokens that are made; false where there are too many.
    pub(super) fn spend(&mut self, tokens: usize) -> bool {
        self.made = self.made.saturating_add(tokens);
        self.made <= MOST_MADE
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.made > MOST_MADE
    }
}

impl<'s> Preprocessor<'s> {
    /// The next token, macros expanded.
    pub(super) fn next(&mut self) -> Option<Token<'s>> {
        loop {
            let mut token = self.take()?;
            if token.kind != Kind::Name || token.fixed || self.expansion.is_exhausted() {
                return Some(token);
            }
            let Some(found) = self.macros.look_up(token.bytes()) else { return Some(token) };
            if self.expansion.disabled.contains_key(&found.name) {
                token.fixed = true;
                return Some(token);
            }
            let given = match found.parameters {
                None => Vec::new(),
                Some(_) => match self.arguments(&found) {
                    Some(given) => given,
                    None => return Some(token),
                },
            };
            let made = substitute(self, &found, &given, &token);
            *self.expansion.disabled.entry(found.name.clone()).or_default() += 1;
            self.put_before(made, Some(found.name.clone()));
        }
    }

    /// All macros in some tokens expanded, but for what is too deep: that is expanded where it has been put in.
    pub(super) fn expanded(&mut self, tokens: &[Token<'s>]) -> Vec<Token<'s>> {
        if self.expansion.sealed >= DEEPEST || !self.expansion.spend(tokens.len()) {
            return tokens.to_vec();
        }
        let outer = std::mem::take(&mut self.expansion.contexts);
        self.expansion.sealed += 1;
        self.put_before(tokens.to_vec(), None);
        let made = std::iter::from_fn(|| self.next()).collect();
        self.expansion.sealed -= 1;
        self.expansion.contexts = outer;
        made
    }

    fn put_before(&mut self, tokens: Vec<Token<'s>>, of: Option<Rc<[u8]>>) {
        self.expansion.contexts.push(Context { tokens: tokens.into_iter(), of });
    }

    /// The next token, whatever it is.
    fn take(&mut self) -> Option<Token<'s>> {
        while let Some(context) = self.expansion.contexts.last_mut() {
            if let Some(token) = context.tokens.next() {
                return Some(token);
            }
            let of = self.expansion.contexts.pop().and_then(|context| context.of);
            if let Some(name) = of
                && let Some(times) = self.expansion.disabled.get_mut(&name)
            {
                *times -= 1;
                if *times == 0 {
                    self.expansion.disabled.remove(&name);
                }
            }
        }
        if self.expansion.sealed > 0 { None } else { self.source_token() }
    }

    /// What a macro is called with; nothing where it is not called.
    fn arguments(&mut self, found: &Macro<'s>) -> Option<Vec<Vec<Token<'s>>>> {
        let first = self.take()?;
        if !first.is(b"(") {
            self.put_before(vec![first], None);
            return None;
        }
        let (mut all, mut depth) = (vec![first], 1);
        while depth > 0 {
            match self.take() {
                Some(token) if self.expansion.spend(1) => {
                    depth += usize::from(token.is(b"("));
                    depth -= usize::from(token.is(b")"));
                    all.push(token);
                }
                token => {
                    all.extend(token);
                    self.put_before(all, None);
                    return None;
                }
            }
        }
        all.pop();
        Some(apart(all.split_off(1), found))
    }
}

/// Arguments at their commas, one for each parameter.
fn apart<'s>(tokens: Vec<Token<'s>>, found: &Macro<'s>) -> Vec<Vec<Token<'s>>> {
    let wanted = found.parameters.as_ref().map_or(0, Vec::len);
    let mut given: Vec<Vec<Token<'s>>> = vec![Vec::new()];
    let mut depth = 0_usize;
    for mut token in tokens {
        depth += usize::from(token.is(b"("));
        depth = depth.saturating_sub(usize::from(token.is(b")")));
        let is_rest = found.open_ended && given.len() == wanted;
        if depth == 0 && token.is(b",") && !is_rest {
            given.push(Vec::new());
            continue;
        }
        token.moved = true;
        if let Some(last) = given.last_mut() {
            last.push(token);
        }
    }
    given.resize_with(wanted.max(given.len()), Vec::new);
    given
}
