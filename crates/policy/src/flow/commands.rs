//! Commands that calls are given word by word.

use super::value::{Given, Value};
use crate::facts::{Argument, Arguments};

/// Words of a command that are looked at.
const MOST_WORDS: usize = 64;

/// What rules see of a call that starts a program. The words of its command, written as one text, are what it is given
/// by the name `command`.
pub(crate) fn with_command(given: &Given, mut arguments: Arguments) -> Arguments {
    let mut words: Vec<&str> = Vec::new();
    for value in given.positional.iter().flat_map(Value::alternatives) {
        let elements = match value {
            Value::Sequence(elements) => elements,
            one => std::slice::from_ref(one),
        };
        words.extend(elements.iter().flat_map(Value::alternatives).filter_map(Value::known_text).take(MOST_WORDS));
    }
    words.truncate(MOST_WORDS);
    arguments.named.push(("command".to_owned(), Argument::Text(words.join(" "))));
    arguments
}
