//! Bytes that claim to be code, with a pattern to be looked for in it: the first says in which language.

#![no_main]

use std::time::{Duration, Instant};

use llm_sandbox_policy::{Language, SecurityPattern, Severity, security_policy};

/// What a scan may take, and how much later it may be back on a busy machine.
const BUDGET: Duration = Duration::from_millis(500);
const LATE: Duration = Duration::from_secs(5);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let language = Language::ALL[usize::from(*first) % Language::ALL.len()];
    let mut parts = rest.splitn(2, |byte| *byte == 0);
    let (code, pattern) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Ok(mut policy) = security_policy("strict") else { return };
    policy.budget.time = BUDGET;
    let pattern = String::from_utf8_lossy(pattern);
    if let Ok(pattern) = SecurityPattern::new(&pattern, "made up", Severity::High) {
        policy.add_pattern(pattern);
    }
    let begun = Instant::now();
    let report = policy.scan(code, language);
    assert!(begun.elapsed() < BUDGET + LATE, "it took {:?}", begun.elapsed());
    let lines = code.iter().filter(|byte| **byte == b'\n').count() + 1;
    for violation in &report.violations {
        assert!((1..=lines).contains(&violation.line) && violation.column > 0, "{violation}");
    }
});
