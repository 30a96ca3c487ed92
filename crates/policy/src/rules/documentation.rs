use std::fmt::Write;

use super::{Rule, RuleKind, rules};
use crate::language::Language;
use crate::preset::Preset;

/// The rules of a language as a table of Markdown, a row for each.
pub fn rules_as_markdown(language: Language) -> String {
    let mut text = String::from("| rule | about | is against | instead |");
    for preset in Preset::ALL {
        text += " ";
        text += preset.name();
        text += " |";
    }
    text += "\n|";
    text += &" --- |".repeat(4 + Preset::ALL.len());
    for rule in rules(language) {
        text.push('\n');
        text += &row(rule);
    }
    text.push('\n');
    text
}

fn row(rule: &Rule) -> String {
    let kind = match rule.kind {
        RuleKind::Module => "loading",
        RuleKind::Use => "use of",
        RuleKind::Call => "some calls of",
        RuleKind::Dynamic => "what cannot be told of",
    };
    let paths: Vec<_> = rule.paths.iter().map(|path| format!("`{}`", path.replace('|', "\\|"))).collect();
    let instead = rule.instead.as_deref().unwrap_or_default();
    let mut row = format!("| {} | {kind} {} | {} | {instead} |", rule.id, paths.join(", "), rule.description);
    for preset in Preset::ALL {
        let severity = rule.severity.get(&preset).map_or("", |severity| severity.name());
        // Writing to a string does not fail.
        let _ = write!(row, " {severity} |");
    }
    row
}

#[cfg(test)]
mod tests {
    use super::{Language, rules, rules_as_markdown};

    #[test]
    fn every_rule_has_a_row() {
        for language in Language::ALL {
            let table = rules_as_markdown(language);
            assert_eq!(table.lines().count(), rules(language).len() + 2);
            let columns = table.lines().next().map(|line| line.matches('|').count());
            assert_eq!(columns, Some(11));
        }
    }
}
