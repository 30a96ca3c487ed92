//! Java: what a program does, read off its syntax tree in two passes, as with the other languages.
//!
//! A class and an object of it have one name, `java.lang.Runtime`, and members of both hang on it:
//! `java.lang.Runtime.exec`. A constructor is `java.lang.ProcessBuilder.new`. Every class counts as an import that is
//! named in an import, written out with its package, or found in a package of which all is imported, `java.lang` among
//! them.

mod calls;
mod classes;
mod collections;
mod computing;
mod declarations;
mod imports;
mod leave;
mod literals;
mod methods;
mod names;
mod objects;
mod paths;
mod reflection;
mod results;
mod unfinished;
mod unicode;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use tree_sitter::Tree;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::parse::parse;
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::wanted::Wanted;

/// The front-end at work on one source.
pub(crate) struct Java {
    reading: Reading,
    /// Classes of which it was said that they are loaded.
    loaded: HashSet<Rc<str>>,
    /// Packages of the platform of which all classes are imported.
    packages: Vec<Rc<str>>,
    /// Other packages of which all classes are imported.
    others: Vec<Rc<str>>,
    /// Whether a class that is neither declared nor imported is one of the platform: snippets leave imports out.
    takes_platform: bool,
    /// Fields that classes of the code declare.
    declared: HashSet<Rc<str>>,
    /// The fields of objects that constructors of the code make, each with the place of what it is given.
    made_of: HashMap<usize, Vec<(Rc<str>, usize)>>,
    /// How many loops are open.
    loops: usize,
    /// Classes of which all static members are imported.
    statics: Vec<Rc<str>>,
}

/// The grammar of Java.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_java::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let Some(plain) = unicode::translated(source) else { return facts_of(source, tree, wanted, spending) };
    let Some(tree) = parse(&plain.bytes, &grammar(), spending) else { return Vec::new() };
    let mut found = facts_of(&plain.bytes, &tree, wanted, spending);
    for found in &mut found {
        found.span = plain.origin(found.span.start)..plain.origin(found.span.end);
    }
    found
}

fn facts_of(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let reading = Reading::of(source, wanted);
    let mut java = Java {
        reading,
        loaded: HashSet::new(),
        packages: Vec::new(),
        others: Vec::new(),
        takes_platform: false,
        declared: HashSet::new(),
        made_of: HashMap::new(),
        loops: 0,
        statics: Vec::new(),
    };
    read(&mut java, tree, spending)
}

impl FrontEnd for Java {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}
