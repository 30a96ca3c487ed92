use std::time::Instant;

use llm_sandbox_core::policy::{GaveUp, Language, SecurityPolicy, security_policy};

use crate::{
    Trouble,
    report::{Line, Section},
    statistics::Samples,
    target::Target,
};

/// Programs of each language as models write them, below headings that say whether they are safe.
const SNIPPETS: [(Language, &str); 7] = [
    (Language::Python, include_str!("../../crates/policy/tests/corpus/blind/python.txt")),
    (Language::JavaScript, include_str!("../../crates/policy/tests/corpus/blind/javascript.txt")),
    (Language::Java, include_str!("../../crates/policy/tests/corpus/blind/java.txt")),
    (Language::Cpp, include_str!("../../crates/policy/tests/corpus/blind/cpp.txt")),
    (Language::Go, include_str!("../../crates/policy/tests/corpus/blind/go.txt")),
    (Language::R, include_str!("../../crates/policy/tests/corpus/blind/r.txt")),
    (Language::Ruby, include_str!("../../crates/policy/tests/corpus/blind/ruby.txt")),
];

/// Lines of an ordinary program, and what judging them may take in milliseconds.
const ORDINARY: (usize, f64) = (200, 5.0);

/// Bytes of a large one, and what judging them may take in milliseconds.
const LARGE: (usize, f64) = (1 << 20, 1000.0);

/// Judging code by the policy for production.
pub(crate) async fn measure() -> Result<Section, Trouble> {
    let policy = security_policy("production")?;
    let mut section = Section::new("policy", "Judging code by the policy «production», seen to its end");
    for (language, snippets) in SNIPPETS {
        let safe = safe_lines(snippets);
        let ordinary: String = safe.iter().cycle().take(ORDINARY.0).copied().collect();
        let repeated = LARGE.0 / safe.iter().map(|line| line.len()).sum::<usize>().max(1) + 1;
        let large: String = safe.iter().copied().collect::<String>().repeat(repeated);
        for (what, code, runs, most) in [("200 lines", ordinary, 200, ORDINARY.1), ("1 MiB", large, 5, LARGE.1)] {
            section = match judged(&policy, language, &code, runs) {
                Ok(samples) => {
                    let line = Line::duration(format!("{language}, {what}"), &samples);
                    section.line(line.target(Target::AtMost(most)))
                }
                Err(why) => section.note(format!("{language}, {what}: not seen to its end: {why}")),
            };
        }
    }
    Ok(section)
}

/// How long it takes, or why it gave up.
fn judged(policy: &SecurityPolicy, language: Language, code: &str, runs: usize) -> Result<Samples, GaveUp> {
    let mut samples = Samples::default();
    for _ in 0..runs {
        let begun = Instant::now();
        let report = policy.scan(code, language);
        samples.push(begun.elapsed());
        if let Some(why) = report.gave_up {
            return Err(why);
        }
    }
    Ok(samples)
}

/// The lines of what is safe.
fn safe_lines(snippets: &str) -> Vec<&str> {
    let mut is_safe = false;
    let mut lines = Vec::new();
    for line in snippets.split_inclusive('\n') {
        match line.strip_prefix("### ") {
            Some(heading) => is_safe = heading.starts_with("safe"),
            // What follows this is no code of Ruby's.
            None if is_safe && line.trim() != "__END__" => lines.push(line),
            None => {}
        }
    }
    lines
}
