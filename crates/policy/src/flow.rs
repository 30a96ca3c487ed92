//! What all front-ends share: values as far as they are known, names and their scopes, and the walk over a syntax tree.

mod alternatives;
pub(crate) mod classes;
pub(crate) mod collect;
pub(crate) mod commands;
pub(crate) mod encodings;
pub(crate) mod escapes;
pub(crate) mod memory;
pub(crate) mod parse;
pub(crate) mod reading;
pub(crate) mod scopes;
pub(crate) mod sequences;
pub(crate) mod templates;
pub(crate) mod texts;
pub(crate) mod value;
pub(crate) mod walk;
