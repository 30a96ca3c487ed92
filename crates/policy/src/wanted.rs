//! Facts that somebody asks for.

use crate::facts::Fact;
use crate::language::Language;
use crate::rules::Rules;
use crate::scan::written;

/// Which facts are worth being kept.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// All that there are.
    All,
    /// Those that a scan of code in this language may need.
    ByScan(Language),
}

impl Wanted {
    /// Whether it may matter what is done with what has that name.
    pub(crate) fn includes(self, path: &str) -> bool {
        match self {
            Wanted::All => true,
            Wanted::ByScan(language) => Rules::of(language).are_about(path) || written::writes(path),
        }
    }

    /// Whether a fact matters about what has such a name.
    pub(crate) fn keeps(self, fact: &Fact) -> bool {
        match (self, fact) {
            (Wanted::ByScan(language), Fact::Use { path, .. }) => {
                Rules::of(language).are_about(path) || written::code(fact, language).is_some()
            }
            _ => true,
        }
    }
}
