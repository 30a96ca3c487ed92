use serde::Deserialize;

use super::inside;
use crate::facts::{Argument, Arguments};
use crate::language::is_data;

/// What some arguments of a call must be like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    /// Arguments that are looked at, by position from 0.
    #[serde(default)]
    at: Vec<usize>,
    /// And by name.
    #[serde(default)]
    named: Vec<String>,
    /// And what the receiver of the method was made of.
    #[serde(default)]
    receiver: bool,
    /// What one of them must be.
    is: Likeness,
    /// The words that some of these are about.
    #[serde(default)]
    words: Vec<String>,
}

/// What an argument is like.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Likeness {
    /// A path that does not lie in the working directory.
    Outside,
    /// The same, said from the root on, as no path within one program is.
    AbsoluteOutside,
    /// A path without which the system does not run.
    System,
    /// A path of credentials.
    Secret,
    /// A path under which the environment can be read.
    Environment,
    /// A path of what is called data.
    Data,
    /// A mode of opening that writes.
    Writing,
    /// A text in which one of the words stands.
    Containing,
    /// One of the words, by name, text or number.
    Among,
    /// Absent, or none of the words.
    NotAmong,
    /// Given, and not known.
    Unknown,
    /// A command in place of a file's name: `|ls`.
    Piped,
    /// A statement or an address of a database that lies, or is written, outside the working directory.
    DatabaseOutside,
}

impl Condition {
    pub(super) fn holds(&self, arguments: &Arguments) -> bool {
        let by_position = self.at.iter().filter_map(|at| arguments.positional.get(*at));
        let is_named = |name: &String| self.named.contains(name);
        let by_name = arguments.named.iter().filter(|(name, _)| is_named(name)).map(|(_, argument)| argument);
        let receiver = self.receiver.then_some(&arguments.receiver);
        let mut looked_at = by_position.chain(by_name).chain(receiver).flat_map(Argument::alternatives);
        match self.is {
            Likeness::NotAmong => !looked_at.any(|argument| self.is_among(argument)),
            likeness => looked_at.any(|argument| self.is_like(likeness, argument)),
        }
    }

    fn is_like(&self, likeness: Likeness, argument: &Argument) -> bool {
        let text = argument.text();
        let path_is = |test: fn(&str) -> bool| text.is_some_and(test);
        match likeness {
            Likeness::Outside => path_is(inside::is_outside),
            Likeness::AbsoluteOutside => path_is(|path| inside::is_outside(path) && !path.starts_with('.')),
            Likeness::System => path_is(inside::is_system),
            Likeness::Secret => path_is(inside::is_secret),
            Likeness::Environment => path_is(inside::is_environment),
            Likeness::Data => path_is(is_data),
            Likeness::Writing => path_is(is_writing),
            Likeness::Containing => text.is_some_and(|text| {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                self.words.iter().any(|word| text.contains(word.as_str()))
            }),
            Likeness::Among => self.is_among(argument),
            Likeness::NotAmong => !self.is_among(argument),
            Likeness::DatabaseOutside => path_is(inside::is_database_outside),
            Likeness::Piped => text.is_some_and(|text| text.trim_start().starts_with('|')),
            Likeness::Unknown => matches!(argument, Argument::Unknown | Argument::Named(_)),
        }
    }

    fn is_among(&self, argument: &Argument) -> bool {
        match argument {
            Argument::Text(text) | Argument::Named(text) => self.words.contains(text),
            Argument::Number(number) => self.words.contains(&number.to_string()),
            _ => false,
        }
    }
}

/// Whether a mode of opening a file writes. Anything else is no mode.
fn is_writing(mode: &str) -> bool {
    mode.len() <= 4 && mode.contains(['w', 'a', 'x', '+'])
}
