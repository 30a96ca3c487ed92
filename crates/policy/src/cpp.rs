//! C++ and C: what a program does, read off the syntax tree of what its preprocessor leaves, in two passes. The first
//! learns what names stand for, so that the second sees in a function what is bound after it.

mod calls;
mod canonical;
mod casts;
mod classes;
mod computing;
mod declarations;
mod leave;
mod literals;
mod members;
mod names;
mod preprocess;
mod references;
mod types;
mod vexing;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::parse::parse;
use crate::flow::reading::{FrontEnd, Reading, read};
use preprocess::{Preprocessed, preprocess};

/// Readings of one source, where macros may be one thing or another.
const MOST_READINGS: usize = 4;

/// The front-end at work on one source.
pub(crate) struct Cpp {
    reading: Reading,
    /// Namespaces whose names are used without them.
    used_namespaces: Vec<Rc<str>>,
    /// Namespaces of the program itself, by their scopes, whose names are used without them.
    used_scopes: Vec<usize>,
    /// Functions of the program itself that hide those of libraries.
    own_functions: HashSet<Rc<str>>,
    /// What the classes of the program are made from.
    bases: HashMap<Rc<str>, Vec<Rc<str>>>,
    /// How many scopes each function, class and namespace has opened that is open.
    opened: Vec<usize>,
}

/// The grammar of C++, which C is read by as well.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_cpp::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], spending: &mut Spending) -> Vec<Found> {
    let mut all = Vec::new();
    let mut readings = 1;
    let mut choice = 0;
    while choice < readings && spending.gave_up().is_none() {
        let Preprocessed { output, found, alternatives } = preprocess(source, choice, spending);
        all.extend(found);
        let Some(tree) = parse(&output.text, &grammar(), spending) else { break };
        for found in read(&mut Cpp::of(&output.text), &tree, spending) {
            all.push(Found { span: output.origin(&found.span), ..found });
        }
        readings = alternatives.min(MOST_READINGS);
        choice += 1;
    }
    all
}

impl FrontEnd for Cpp {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}

impl Cpp {
    fn of(source: &[u8]) -> Self {
        Cpp {
            reading: Reading::of(source),
            used_namespaces: Vec::new(),
            used_scopes: Vec::new(),
            own_functions: HashSet::new(),
            bases: HashMap::new(),
            opened: Vec::new(),
        }
    }
}
