//! The rules of the presets: data, one table for each language.

mod condition;
mod documentation;
mod index;
mod inside;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::facts::{Dynamic, Fact};
use crate::language::Language;
use crate::preset::Preset;
use crate::severity::Severity;
use condition::Condition;
pub use documentation::rules_as_markdown;
use index::Index;

/// One rule of the tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rule {
    /// What the rule is called in reports. Rules that are one to users share it.
    pub id: String,
    /// What sort of fact it is about.
    pub kind: RuleKind,
    /// What stays open, for rules about what cannot be told.
    #[serde(default)]
    pub what: Option<Dynamic>,
    /// The names it is about; `*` stands for anything.
    pub paths: Vec<String>,
    /// What the arguments must be like besides, all of it.
    #[serde(default)]
    when: Vec<Condition>,
    /// What is wrong with it, to somebody who reads a report.
    pub description: String,
    /// What could be written instead.
    #[serde(default)]
    pub instead: Option<String>,
    /// How much it matters in each preset; nothing in those that are absent.
    #[serde(default)]
    pub severity: BTreeMap<Preset, Severity>,
}

/// What sort of fact a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RuleKind {
    /// A module is loaded.
    Module,
    /// Something is named, called or not.
    Use,
    /// Something is called.
    Call,
    /// Something cannot be told.
    Dynamic,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

/// The rules of one language, and where to find those on a name.
pub(crate) struct Rules {
    rules: Vec<Rule>,
    index: Index,
    /// Whether some of them are about whatever is used.
    are_about_all: bool,
}

/// The rules of a language, in the order of the table.
pub fn rules(language: Language) -> &'static [Rule] {
    &Rules::of(language).rules
}

impl Rules {
    pub(crate) fn of(language: Language) -> &'static Rules {
        static PYTHON: OnceLock<Rules> = OnceLock::new();
        static JAVASCRIPT: OnceLock<Rules> = OnceLock::new();
        static CPP: OnceLock<Rules> = OnceLock::new();
        static RUBY: OnceLock<Rules> = OnceLock::new();
        static R: OnceLock<Rules> = OnceLock::new();
        static JAVA: OnceLock<Rules> = OnceLock::new();
        static GO: OnceLock<Rules> = OnceLock::new();
        match language {
            Language::Python => PYTHON.get_or_init(|| Rules::read(include_str!("rules/python.toml"))),
            Language::JavaScript => JAVASCRIPT.get_or_init(|| Rules::read(include_str!("rules/javascript.toml"))),
            Language::Cpp => CPP.get_or_init(|| Rules::read(include_str!("rules/cpp.toml"))),
            Language::Ruby => RUBY.get_or_init(|| Rules::read(include_str!("rules/ruby.toml"))),
            Language::R => R.get_or_init(|| Rules::read(include_str!("rules/r.toml"))),
            Language::Java => JAVA.get_or_init(|| Rules::read(include_str!("rules/java.toml"))),
            Language::Go => GO.get_or_init(|| Rules::read(include_str!("rules/go.toml"))),
        }
    }

    /// Reads a table of this crate. A test reads all of them, so that one that is wrong does not get far.
    #[expect(
        clippy::panic,
        reason = "the tables are part of the program, and without one it would find everything safe"
    )]
    fn read(table: &str) -> Rules {
        let rules = match toml::from_str::<File>(table) {
            Ok(file) => file.rule,
            Err(error) => panic!("a table of rules is wrong: {error}"),
        };
        let index = Index::new(&rules);
        let is_used = |at: &usize| matches!(rules[*at].kind, RuleKind::Use | RuleKind::Call);
        let are_about_all = index.exactly("*").iter().any(is_used);
        Rules { rules, index, are_about_all }
    }

    /// Whether any of them may decide on something that is used by that name.
    pub(crate) fn are_about(&self, path: &str) -> bool {
        self.are_about_all || self.index.knows(path)
    }

    /// The rule that decides on a fact in a preset, if one does: of those that hold, the one that names it most
    /// exactly, and of equals the most severe.
    pub(crate) fn decide(&self, fact: &Fact, preset: Preset) -> Option<(&Rule, Severity)> {
        match fact {
            Fact::Import { module, name, .. } => {
                let member = name.as_ref().filter(|name| *name != "*").map(|name| format!("{module}.{name}"));
                let of_member = member.and_then(|member| self.decide_module(&member, preset));
                of_member.or_else(|| self.decide_module(module, preset))
            }
            Fact::Use { path, call } => self.decide_name(path, preset, |rule| match (rule.kind, call) {
                (RuleKind::Use, _) => rule.when.is_empty(),
                (RuleKind::Call, Some(arguments)) => rule.when.iter().all(|condition| condition.holds(arguments)),
                _ => false,
            }),
            Fact::Dynamic { what, path } => {
                self.decide_name(path, preset, |rule| rule.kind == RuleKind::Dynamic && rule.what == Some(*what))
            }
        }
    }

    fn decide_name(&self, path: &str, preset: Preset, holds: impl Fn(&Rule) -> bool) -> Option<(&Rule, Severity)> {
        self.index.levels(path).into_iter().find_map(|level| self.worst(&level, preset, &holds))?
    }

    /// A module is what the nearest rule says of it or of the packages it is in.
    fn decide_module(&self, module: &str, preset: Preset) -> Option<(&Rule, Severity)> {
        let parents =
            std::iter::successors(Some(module), |module| module.rsplit_once(['.', '/']).map(|(parent, _)| parent));
        let is_module = |rule: &Rule| rule.kind == RuleKind::Module;
        let named = parents.filter(|module| !module.is_empty()).map(|module| self.index.exactly(module));
        let named = named.map(<[usize]>::to_vec).chain(self.index.by_patterns(module));
        let mut levels = named.chain([self.index.exactly("*").to_vec()]);
        levels.find_map(|level| self.worst(&level, preset, &is_module))?
    }

    /// The most severe of the rules that hold; the outer nothing where none holds, the inner where none matters.
    fn worst(
        &self,
        level: &[usize],
        preset: Preset,
        holds: &impl Fn(&Rule) -> bool,
    ) -> Option<Option<(&Rule, Severity)>> {
        let holding = level.iter().map(|at| &self.rules[*at]).filter(|rule| holds(rule));
        let severities = holding.map(|rule| rule.severity.get(&preset).map(|severity| (rule, *severity)));
        severities.max_by_key(|found| found.map(|(_, severity)| severity))
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Rules, rules};

    #[test]
    fn the_tables_can_be_read() {
        for language in Language::ALL {
            assert!(!Rules::of(language).rules.is_empty(), "{language}");
        }
    }

    #[test]
    fn rules_explain_themselves() {
        for rule in Language::ALL.into_iter().flat_map(rules) {
            assert!(!rule.description.is_empty() && !rule.paths.is_empty(), "{}", rule.id);
            assert!(rule.severity.is_empty() || rule.instead.is_some(), "{} says nothing to do instead", rule.id);
        }
    }
}
