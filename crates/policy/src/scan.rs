//! A scan: the facts of the code, and what of a policy is against them.

mod modules;
mod patterns;
pub(crate) mod written;

use std::collections::HashSet;

use tree_sitter::Tree;

use crate::budget::{Budget, GaveUp, Spending};
use crate::facts::{Dynamic, Fact, Found};
use crate::flow::parse::parse;
use crate::language::{Language, is_data};
use crate::place::{Lines, Place};
use crate::policy::SecurityPolicy;
use crate::report::Report;
use crate::rules::Rules;
use crate::violation::{Cause, Violation};
use crate::wanted::Wanted;
use crate::{cpp, go, java, javascript, python, r, ruby};

/// Findings that are reported of one source.
const MOST_VIOLATIONS: usize = 1000;

/// Different pieces of code, written by the program for later, that are looked at.
const MOST_WRITTEN: usize = 64;

/// What code does, as far as reading it tells.
#[derive(Clone, Debug)]
pub struct Facts {
    /// In the order in which they were found.
    pub found: Vec<Found>,
    /// Why not all of the code was looked at, if it was not.
    pub gave_up: Option<GaveUp>,
}

/// What `code` does, without any policy on it.
pub fn facts(code: impl AsRef<[u8]>, language: Language, budget: &Budget) -> Facts {
    let code = code.as_ref();
    let mut spending = Spending::new(budget);
    let (_, found) = understand(code, language, Wanted::All, &mut spending);
    Facts { found, gave_up: spending.gave_up() }
}

pub(crate) fn grammar(language: Language) -> tree_sitter::Language {
    match language {
        Language::Python => python::grammar(),
        Language::JavaScript => javascript::grammar(),
        Language::Cpp => cpp::grammar(),
        Language::Ruby => ruby::grammar(),
        Language::R => r::grammar(),
        Language::Java => java::grammar(),
        Language::Go => go::grammar(),
    }
}

/// The syntax tree, and all that is found, in code that it writes for later, too.
fn understand(code: &[u8], language: Language, wanted: Wanted, spending: &mut Spending) -> (Option<Tree>, Vec<Found>) {
    let (tree, mut found) = understand_alone(code, language, wanted, spending);
    let (mut next, mut pieces) = (0, HashSet::new());
    while let Some(Found { fact, span }) = found.get(next) {
        next += 1;
        if let Some(fact) = disguised(fact, language) {
            let span = span.clone();
            found.push(Found { fact, span });
            continue;
        }
        let Some(text) = written::code(fact, language).map(str::to_owned) else { continue };
        let span = span.clone();
        if !pieces.insert(text.clone()) {
            continue;
        }
        if pieces.len() > MOST_WRITTEN {
            spending.give_up(GaveUp::NestedCode);
            break;
        }
        for Found { fact, .. } in understand_alone(text.as_bytes(), language, wanted, spending).1 {
            let fact = match fact {
                Fact::Import { module, name, .. } => Fact::Import { module, name, by_statement: false },
                other => other,
            };
            found.push(Found { fact, span: span.clone() });
        }
    }
    (tree, found)
}

/// What is said of a file that is called data and loaded as code.
fn disguised(fact: &Fact, language: Language) -> Option<Fact> {
    let Fact::Import { module, .. } = fact else { return None };
    let loads_any = match language {
        // It has a way of its own for that.
        Language::JavaScript => module.starts_with(['.', '/']) && !module.ends_with(".json"),
        Language::Cpp => true,
        _ => false,
    };
    (loads_any && is_data(module)).then(|| Fact::Dynamic { what: Dynamic::Disguise, path: module.clone() })
}

fn understand_alone(
    code: &[u8],
    language: Language,
    wanted: Wanted,
    spending: &mut Spending,
) -> (Option<Tree>, Vec<Found>) {
    let facts = match language {
        Language::Python => python::facts,
        Language::JavaScript => javascript::facts,
        // What of it is parsed is what its preprocessor leaves.
        Language::Cpp => return cpp::tree_and_facts(code, wanted, spending),
        Language::Ruby => ruby::facts,
        Language::R => r::facts,
        Language::Java => java::facts,
        Language::Go => go::facts,
    };
    let tree = parse(code, &grammar(language), spending);
    let found = tree.as_ref().map(|tree| facts(code, tree, wanted, spending)).unwrap_or_default();
    (tree, found)
}

pub(crate) fn scan(policy: &SecurityPolicy, code: &[u8], language: Language) -> Report {
    let mut spending = Spending::new(&policy.budget);
    let mut findings = Findings { lines: Lines::of(code), seen: HashSet::new(), violations: Vec::new() };
    let (tree, found) = understand(code, language, Wanted::ByScan(language), &mut spending);
    for Found { fact, span } in &found {
        findings.check_module(policy, fact, span.start);
        findings.check_rules(policy, fact, language, span.start);
    }
    if let Some(tree) = &tree {
        findings.check_patterns(policy, code, language, tree, &mut spending);
    }
    let mut violations = findings.violations;
    violations.sort_by_key(|violation| (violation.line, violation.column));
    let is_broken = tree.is_some_and(|tree| tree.root_node().has_error());
    Report { violations, gave_up: spending.gave_up(), is_broken, severity_threshold: policy.severity_threshold }
}

/// What has been found so far.
struct Findings<'s> {
    lines: Lines<'s>,
    /// What was reported of which line: once is enough.
    seen: HashSet<(String, usize)>,
    violations: Vec<Violation>,
}

impl Findings<'_> {
    fn check_rules(&mut self, policy: &SecurityPolicy, fact: &Fact, language: Language, at: usize) {
        let Some(preset) = policy.preset else { return };
        let Some((rule, severity)) = Rules::of(language).decide(fact, preset) else { return };
        // What matters little must not hide on its line what matters more.
        let Some(place) = self.place(&format!("{} {}", rule.id, severity.name()), at) else { return };
        self.violations.push(Violation {
            cause: Cause::Rule(&rule.id),
            description: rule.description.clone(),
            severity,
            line: place.line,
            column: place.column,
            source_line: place.source_line,
            found: shown(fact),
            instead: rule.instead.clone(),
        });
    }

    /// Where a finding is reported; nowhere if the same was of that line already, or there are too many.
    fn place(&mut self, cause: &str, at: usize) -> Option<Place> {
        let is_new = self.seen.insert((cause.to_owned(), self.lines.line(at)));
        (is_new && self.violations.len() < MOST_VIOLATIONS).then(|| self.lines.place(at))
    }
}

/// What in the code a fact is about.
fn shown(fact: &Fact) -> String {
    match fact {
        Fact::Import { module, .. } => module.clone(),
        Fact::Use { path, .. } | Fact::Dynamic { path, .. } => path.replace("[]", "[…]"),
    }
}
