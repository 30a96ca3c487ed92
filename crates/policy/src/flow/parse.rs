use std::ops::ControlFlow;

use tree_sitter::{Language, ParseOptions, Parser, Tree};

use crate::budget::{GaveUp, Spending};

/// Bytes that the parser is handed at a time.
const PIECE: usize = 64 << 10;

/// The syntax tree of `source`, unless the time is over before.
pub(crate) fn parse(source: &[u8], language: &Language, spending: &mut Spending) -> Option<Tree> {
    let mut parser = Parser::new();
    if parser.set_language(language).is_err() {
        spending.give_up(GaveUp::Parser);
        return None;
    }
    let mut pieces = |from: usize, _| {
        let rest = source.get(from..).unwrap_or_default();
        &rest[..rest.len().min(PIECE)]
    };
    let mut watch = |_: &tree_sitter::ParseState| match spending.is_late() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    };
    let options = ParseOptions::new().progress_callback(&mut watch);
    let tree = parser.parse_with_options(&mut pieces, None, Some(options));
    if tree.is_none() {
        spending.give_up(GaveUp::Time);
    }
    tree
}
