//! Macros: how they are defined, and what may be defined where that depends on what is not known.

use std::collections::HashMap;
use std::rc::Rc;

use super::lex::Lexer;
use super::token::{Kind, Token};

/// Definitions that one name may have at once.
const MOST_ALTERNATIVES: usize = 4;

/// What compilers and common headers define that matters here.
const PREDEFINED: &str = "\
#define __CONCAT(x, y) x ## y
#define __STRING(x) #x
#define BOOST_PP_CAT(x, y) x ## y
#define BOOST_JOIN(x, y) x ## y
#define BOOST_PP_STRINGIZE(x) #x
#define QT_STRINGIFY(x) #x
#define TEXT(x) x
#define _T(x) x
#define __extension__
#define __restrict
#define __restrict__
#define __inline inline
#define __inline__ inline
#define __volatile__ volatile
#define __volatile volatile
#define __const const
#define __const__ const
#define __signed__ signed
#define __asm__ asm
#define __asm asm
#define __attribute __attribute__
#define __typeof__ decltype
#define __typeof decltype
#define typeof decltype
#define __auto_type auto
#define _Noreturn
#define __THROW
#define __BEGIN_DECLS
#define __END_DECLS
#define EXTERN_C extern \"C\"
";

pub(super) struct Macro<'s> {
    pub(super) name: Rc<[u8]>,
    /// Those of a macro that is called.
    pub(super) parameters: Option<Vec<Vec<u8>>>,
    /// Whether the last parameter takes all that is left.
    pub(super) open_ended: bool,
    pub(super) body: Vec<Token<'s>>,
}

impl<'s> Macro<'s> {
    /// Reads what follows `#define`, to the end of the line.
    pub(super) fn read(lexer: &mut Lexer<'s>) -> Option<Macro<'s>> {
        let mut line = lexer.rest_of_line().into_iter().peekable();
        let name = line.next().filter(|token| token.kind == Kind::Name)?;
        let mut found = Macro { name: name.bytes().into(), parameters: None, open_ended: false, body: Vec::new() };
        if line.peek().is_some_and(|next| next.is(b"(") && !next.spaced) {
            let (mut parameters, mut after_name) = (Vec::new(), false);
            for token in line.by_ref().skip(1).take_while(|token| !token.is(b")")) {
                found.open_ended |= token.is(b"...");
                // `more...` is GNU's.
                if token.is(b"...") && !after_name {
                    parameters.push(b"__VA_ARGS__".to_vec());
                } else if token.kind == Kind::Name {
                    parameters.push(token.bytes().to_vec());
                }
                after_name = token.kind == Kind::Name;
            }
            found.parameters = Some(parameters);
        }
        found.body = line.collect();
        Some(found)
    }

    pub(super) fn parameter(&self, token: &Token<'_>) -> Option<usize> {
        let parameters = self.parameters.as_ref().filter(|_| token.kind == Kind::Name)?;
        parameters.iter().position(|parameter| parameter == token.bytes())
    }
}

/// The macros that are defined where the source is being read.
pub(super) struct Macros<'s> {
    by_name: HashMap<Rc<[u8]>, Vec<Option<Rc<Macro<'s>>>>>,
    /// Which of several definitions is taken.
    choice: usize,
    /// How many definitions a name has had that was looked up.
    pub(super) most_alternatives: usize,
}

impl<'s> Macros<'s> {
    pub(super) fn new(choice: usize) -> Self {
        let mut macros = Macros { by_name: HashMap::new(), choice, most_alternatives: 1 };
        for line in PREDEFINED.lines() {
            let definition =
                line.strip_prefix("#define ").and_then(|rest| Macro::read(&mut Lexer::new(rest.as_bytes())));
            if let Some(definition) = definition {
                macros.by_name.insert(definition.name.clone(), vec![Some(Rc::new(definition))]);
            }
        }
        macros
    }

    /// Defines a macro. Where that is not `certain`, what was before may hold as well.
    pub(super) fn define(&mut self, found: Macro<'s>, certain: bool) {
        let name = found.name.clone();
        self.add(name, Some(Rc::new(found)), certain);
    }

    pub(super) fn undefine(&mut self, name: &[u8], certain: bool) {
        if self.by_name.contains_key(name) {
            self.add(name.into(), None, certain);
        }
    }

    fn add(&mut self, name: Rc<[u8]>, definition: Option<Rc<Macro<'s>>>, certain: bool) {
        let alternatives = self.by_name.entry(name).or_insert_with(|| vec![None]);
        if certain {
            *alternatives = vec![definition];
        } else if alternatives.len() < MOST_ALTERNATIVES {
            alternatives.push(definition);
        }
    }

    /// Says that a name that is defined may have been undefined before.
    pub(super) fn may_be_undefined(&mut self, name: &[u8]) {
        if let Some(alternatives) = self.by_name.get_mut(name).filter(|alternatives| alternatives[0].is_some()) {
            alternatives.insert(0, None);
        }
    }

    /// The macro of that name, as far as this reading of the source goes.
    pub(super) fn look_up(&mut self, name: &[u8]) -> Option<Rc<Macro<'s>>> {
        let alternatives = self.by_name.get(name)?;
        self.most_alternatives = self.most_alternatives.max(alternatives.len());
        alternatives.get(self.choice.min(alternatives.len() - 1))?.clone()
    }

    /// Whether a name is a macro's, where that is certain.
    pub(super) fn is_defined(&self, name: &[u8]) -> Option<bool> {
        let alternatives = self.by_name.get(name)?;
        let defined = alternatives.iter().filter(|definition| definition.is_some()).count();
        match defined {
            0 => Some(false),
            all if all == alternatives.len() => Some(true),
            _ => None,
        }
    }
}
