//! C++ and C: what a program does, read off the syntax tree of what its preprocessor leaves, in two passes. The first
//! learns what names stand for, so that the second sees in a function what is bound after it.

mod calls;
mod canonical;
mod casts;
mod classes;
mod collections;
mod computing;
mod declarations;
mod fields;
mod handing;
mod leave;
mod literals;
mod loops;
mod members;
mod names;
mod objects;
mod parameters;
mod preprocess;
mod references;
mod streams;
mod types;
mod vexing;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use tree_sitter::Tree;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::parse::parse;
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::wanted::Wanted;
use classes::Opened;
use objects::Class;
use preprocess::{Output, Preprocessed, preprocess};

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
    /// The classes of the program, by their scopes.
    classes: HashMap<usize, Class>,
    /// The methods of classes.
    methods: HashSet<usize>,
    /// Where among the fields of its class a field is; nothing where it depends on the class.
    places: HashMap<Rc<str>, Option<usize>>,
    /// How many arguments any call of a function gives at least.
    fewest: HashMap<usize, usize>,
    /// How many declarations without a block of their own there were.
    alone: usize,
    /// What each function, class and namespace has opened that is open.
    opened: Vec<Opened>,
}

/// The grammar of C++, which C is read by as well.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_cpp::LANGUAGE.into()
}

/// The syntax tree of what the preprocessor leaves of a source, and what the program does.
pub(crate) fn tree_and_facts(source: &[u8], wanted: Wanted, spending: &mut Spending) -> (Option<Tree>, Vec<Found>) {
    let Preprocessed { output, found, alternatives, mut words } = preprocess(source, 0, spending);
    let mut all = found;
    let tree = parse(&output.text, &grammar(), spending);
    if let Some(tree) = &tree {
        all.extend(found_in(&output, tree, wanted, spending));
    }
    for choice in 1..alternatives.min(MOST_READINGS) {
        let Preprocessed { output, found, words: new, .. } = preprocess(source, choice, spending);
        all.extend(found);
        // What says nothing new is not read again.
        if new.is_subset(&words) {
            continue;
        }
        words.extend(new);
        let Some(tree) = parse(&output.text, &grammar(), spending) else { break };
        all.extend(found_in(&output, &tree, wanted, spending));
    }
    (tree, all)
}

fn found_in(output: &Output, tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let found = read(&mut Cpp::of(&output.text, wanted), tree, spending);
    found.into_iter().map(|found| Found { span: output.origin(&found.span), ..found }).collect()
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
    fn of(source: &[u8], wanted: Wanted) -> Self {
        Cpp {
            reading: Reading::of(source, wanted),
            used_namespaces: Vec::new(),
            used_scopes: Vec::new(),
            own_functions: HashSet::new(),
            classes: HashMap::new(),
            methods: HashSet::new(),
            places: HashMap::new(),
            fewest: HashMap::new(),
            alone: 0,
            opened: Vec::new(),
        }
    }
}
