//! Findings as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format).

use std::collections::BTreeMap;

use llm_sandbox::{Severity, Violation, policy::Cause};
use serde_json::{Value, json};

use super::checked::Checked;

/// The whole log: one run of this program.
pub(super) fn log(files: &[Checked]) -> Value {
    let findings = || files.iter().flat_map(|file| file.violations.iter().map(move |found| (file, found)));
    let rules: BTreeMap<String, Value> = findings().map(|(_, found)| (id(found), rule(found))).collect();
    let results: Vec<Value> = findings().map(|(file, found)| result(&file.file, found)).collect();
    let unseen = files.iter().filter_map(|file| Some((file, file.gave_up.as_ref()?)));
    let notifications: Vec<Value> = unseen.map(|(file, why)| notification(&file.file, why)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "llm-sandbox",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
            "results": results,
        }],
    })
}

fn id(found: &Violation) -> String {
    match &found.cause {
        Cause::Rule(id) => (*id).to_owned(),
        Cause::Pattern(pattern) => format!("pattern/{}", pattern.pattern.as_str()),
        Cause::Module(module) => format!("module/{}", module.name),
        _ => "other".to_owned(),
    }
}

fn rule(found: &Violation) -> Value {
    json!({ "id": id(found), "shortDescription": { "text": described(found) } })
}

fn result(file: &str, found: &Violation) -> Value {
    let instead = found.instead.as_ref().map(|instead| format!(" Instead: {instead}.")).unwrap_or_default();
    json!({
        "ruleId": id(found),
        "level": level(found.severity),
        "message": { "text": format!("{}: {}.{instead}", found.found, described(found)) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(file) },
            "region": {
                "startLine": found.line,
                "startColumn": found.column,
                "snippet": { "text": found.source_line },
            },
        }}],
    })
}

fn notification(file: &str, why: &str) -> Value {
    json!({
        "level": "error",
        "message": { "text": format!("not all of it was looked at: {why}") },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(file) } } }],
    })
}

/// A rule needs words, which a caller's own pattern may not have.
fn described(found: &Violation) -> &str {
    if found.description.is_empty() { "the policy is against it" } else { &found.description }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Safe => "note",
    }
}

/// A path as a relative reference (RFC 3986): what is not plain is escaped.
fn uri(file: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    file.bytes().map(escaped).collect()
}
