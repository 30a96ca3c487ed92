//! Go: what a program does, read off its syntax tree in two passes, as with the other languages.
//!
//! A name is the path of its package, a dot, and what the package calls it: `os/exec.Command`. A type and a value of it
//! have one name, methods and fields hang on it: `os/exec.Cmd.Run`. `os/exec.Cmd{}` is a literal of a struct.

mod calls;
mod channels;
mod computing;
mod declarations;
mod imports;
mod leave;
mod literals;
mod names;
mod results;
mod statements;
mod structs;

use std::collections::HashMap;
use std::rc::Rc;

use tree_sitter::Tree;

use crate::budget::Spending;
use crate::facts::Found;
use crate::flow::reading::{FrontEnd, Reading, read};
use crate::wanted::Wanted;

/// The front-end at work on one source.
pub(crate) struct Go {
    reading: Reading,
    /// Packages whose names are taken as the file's own.
    dots: Vec<Rc<str>>,
    /// Whether the file may be a part of a package in which names are that it does not show.
    is_part: bool,
    /// The types that the code declares: of structs the fields, in order, of others none.
    types: HashMap<Rc<str>, Vec<Rc<str>>>,
    /// How many loops are open.
    loops: usize,
}

/// The grammar of Go.
pub(crate) fn grammar() -> tree_sitter::Language {
    tree_sitter_go::LANGUAGE.into()
}

/// What the program does.
pub(crate) fn facts(source: &[u8], tree: &Tree, wanted: Wanted, spending: &mut Spending) -> Vec<Found> {
    let reading = Reading::of(source, wanted);
    let mut go = Go { reading, dots: Vec::new(), is_part: false, types: HashMap::new(), loops: 0 };
    read(&mut go, tree, spending)
}

impl FrontEnd for Go {
    fn reading(&mut self) -> &mut Reading {
        &mut self.reading
    }

    fn grammar() -> tree_sitter::Language {
        grammar()
    }
}
