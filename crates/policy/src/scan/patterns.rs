use std::collections::HashSet;

use tree_sitter::Tree;

use super::Findings;
use crate::blank::blank;
use crate::budget::{GaveUp, Spending};
use crate::flow::parse::parse;
use crate::language::Language;
use crate::pattern::MatchLimit;
use crate::policy::SecurityPolicy;
use crate::scan::grammar;
use crate::violation::{Cause, Violation};

/// Characters of what a pattern matched that are shown.
const LONGEST_SHOWN: usize = 100;

impl Findings<'_> {
    /// Looks for a policy's patterns in the code, its comments left aside.
    pub(super) fn check_patterns(
        &mut self,
        policy: &SecurityPolicy,
        code: &[u8],
        language: Language,
        tree: &Tree,
        spending: &mut Spending,
    ) {
        if policy.patterns.is_empty() {
            return;
        }
        let whole = (language == Language::Cpp).then(|| parse(code, &grammar(language), spending));
        let Some(tree) = whole.as_ref().map_or(Some(tree), Option::as_ref) else { return };
        // What is replaced where the code is no UTF-8 may move what follows; comments are kept then.
        let text = match std::str::from_utf8(code) {
            Ok(code) => blank(code, tree, spending),
            Err(_) => String::from_utf8_lossy(code).into_owned(),
        };
        for (number, pattern) in policy.patterns.iter().enumerate() {
            let limit = MatchLimit::until(spending.end());
            let Ok(spans) = pattern.pattern.find_all(&text, &limit) else {
                spending.give_up(GaveUp::Pattern);
                continue;
            };
            let mut lines = HashSet::new();
            for span in spans {
                if !lines.insert(self.lines.line(span.start)) {
                    continue;
                }
                let Some(place) = self.place(&format!("pattern {number}"), span.start) else { break };
                self.violations.push(Violation {
                    cause: Cause::Pattern(pattern.clone()),
                    description: pattern.description.clone(),
                    severity: pattern.severity,
                    line: place.line,
                    column: place.column,
                    source_line: place.source_line,
                    found: text[span].chars().take(LONGEST_SHOWN).collect(),
                    instead: None,
                });
            }
        }
    }
}
