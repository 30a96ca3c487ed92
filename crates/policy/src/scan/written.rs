//! Code that a program writes into files that its language loads.

use crate::facts::{Argument, Fact};
use crate::language::Language;

/// The text of `fact` that may be loaded as code later, if it writes such.
pub(crate) fn code(fact: &Fact, language: Language) -> Option<&str> {
    let Fact::Use { path, call: Some(arguments) } = fact else { return None };
    if !writes(path) {
        return None;
    }
    let named = arguments.named.iter().map(|(_, argument)| argument);
    let given = arguments.positional.iter().chain(named).chain([&arguments.receiver]);
    let texts: Vec<&str> = given.flat_map(Argument::alternatives).filter_map(Argument::text).collect();
    let file = texts.iter().position(|text| is_source(text, language))?;
    let contents = texts.iter().enumerate().filter(|(at, _)| *at != file).map(|(_, text)| *text);
    contents.max_by_key(|text| text.len())
}

/// Whether a function of this name puts text into a file.
pub(crate) fn writes(path: &str) -> bool {
    let name = path.rsplit(['.', ':', '/', '#']).next().unwrap_or(path).to_ascii_lowercase();
    name.contains("write") || name.contains("append") || matches!(name.as_str(), "cat" | "puts" | "print" | "dump")
}

fn is_source(text: &str, language: Language) -> bool {
    let is_name = text.len() < 256 && !text.contains('\n');
    let ending = text.rsplit_once('.').map(|(_, ending)| ending);
    is_name && ending.is_some_and(|ending| language.endings().contains(&ending))
}
