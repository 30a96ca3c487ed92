//! Snippets that were written for this test, and what production makes of them.

use std::time::Duration;

use llm_sandbox_policy::{Language, Report, SecurityPolicy, security_policy};

struct Snippet<'s> {
    name: &'s str,
    is_safe: bool,
    code: String,
}

/// Snippets stand below headings `### safe: name` and `### unsafe: name`.
fn snippets(text: &str) -> Vec<Snippet<'_>> {
    let mut snippets: Vec<Snippet<'_>> = Vec::new();
    for line in text.lines() {
        if let Some((verdict, name)) = line.strip_prefix("### ").and_then(|heading| heading.split_once(": ")) {
            assert!(matches!(verdict, "safe" | "unsafe"), "a heading is wrong: {line}");
            snippets.push(Snippet { name, is_safe: verdict == "safe", code: String::new() });
        } else if let Some(snippet) = snippets.last_mut() {
            snippet.code.push_str(line);
            snippet.code.push('\n');
        }
    }
    snippets
}

fn explained(snippet: &Snippet<'_>, report: &Report) -> String {
    let found: Vec<_> = report.violations.iter().map(ToString::to_string).collect();
    format!("{} {:?}", snippet.name, found)
}

#[expect(clippy::print_stdout, reason = "what it is judged by is to be seen")]
fn judge(language: Language, written: &str, text: &str) {
    let policy: SecurityPolicy = security_policy("production").expect("there is such a policy");
    let (mut caught, mut dangerous, mut flagged, mut harmless) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    for snippet in snippets(text) {
        let report = policy.scan(&snippet.code, language);
        let found_safe = report.is_safe();
        if snippet.is_safe {
            harmless += 1;
            flagged += usize::from(!found_safe);
        } else {
            dangerous += 1;
            caught += usize::from(!found_safe);
        }
        if snippet.is_safe != found_safe {
            wrong.push(explained(&snippet, &report));
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole as f64;
    println!(
        "FIGURE: policy, {language}, snippets written {written}: recall {:.1} % of {dangerous} unsafe, precision {:.1} % of {}, \
         {flagged} of {harmless} safe flagged",
        share(caught, dangerous),
        share(caught, caught + flagged),
        caught + flagged,
    );
    for snippet in &wrong {
        println!("judged wrong: {snippet}");
    }
    let good = share(caught, dangerous) >= 98.0 && share(flagged, harmless) <= 1.0;
    assert!(good, "judged wrong:\n  {}", wrong.join("\n  "));
}

/// A mebibyte of what is safe is seen to its end, however long that takes.
fn judge_at_length(language: Language, text: &str) {
    let mut policy: SecurityPolicy = security_policy("production").expect("there is such a policy");
    policy.budget.time = Duration::from_secs(60);
    let safe = snippets(text).into_iter().filter(|snippet| snippet.is_safe);
    // What follows this is no code of Ruby's.
    let once: String = safe.map(|snippet| snippet.code.replace("__END__\n", "")).collect();
    let report = policy.scan(once.repeat((1 << 20) / once.len() + 1), language);
    assert_eq!(report.gave_up, None);
}

macro_rules! judged_right {
    ($($name:ident: $language:ident,)*) => {
        mod with_the_rules {
            $(#[test]
            fn $name() {
                let snippets = include_str!(concat!("corpus/", stringify!($name), ".txt"));
                super::judge(super::Language::$language, "with the rules", snippets);
            })*
        }

        /// Those who wrote these had seen neither the rules nor the other snippets.
        mod without_the_rules {
            $(#[test]
            fn $name() {
                let snippets = include_str!(concat!("corpus/blind/", stringify!($name), ".txt"));
                super::judge(super::Language::$language, "without the rules", snippets);
            })*
        }

        mod at_length {
            $(#[test]
            fn $name() {
                let snippets = include_str!(concat!("corpus/blind/", stringify!($name), ".txt"));
                super::judge_at_length(super::Language::$language, snippets);
            })*
        }

        #[test]
        fn every_language_has_snippets() {
            assert_eq!(Language::ALL, [$(Language::$language),*]);
        }
    };
}

judged_right! {
    python: Python,
    javascript: JavaScript,
    cpp: Cpp,
    ruby: Ruby,
    r: R,
    java: Java,
    go: Go,
}
