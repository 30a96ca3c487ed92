//! The page on the rules is written from the rules.

use std::{fmt::Write, fs, path::Path};

use llm_sandbox_policy::{Language, rules_as_markdown};

#[test]
fn the_page_says_what_the_rules_say() {
    let mut page =
        "# What the policies say\n\nWritten from the tables in `src/rules/`, which are what decides.\n".to_owned();
    for language in Language::ALL {
        let _ = write!(page, "\n## {language}\n\n{}", rules_as_markdown(language));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RULES.md");
    if std::env::var_os("LLM_SANDBOX_BLESS").is_some_and(|word| word == "1") {
        fs::write(&path, &page).expect("it can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "RULES.md is not what the rules say; LLM_SANDBOX_BLESS=1 writes it anew");
}
