//! The packages that files import, held against what Go's own parser finds in its sources.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use llm_sandbox_policy::{Budget, Fact, Language, facts};

#[derive(serde::Deserialize)]
struct File {
    path: String,
    modules: BTreeSet<String>,
}

fn imported_by_statements(code: &[u8]) -> BTreeSet<String> {
    let patient = Budget { time: Duration::from_secs(60), ..Budget::default() };
    let found = facts(code, Language::Go, &patient);
    assert_eq!(found.gave_up, None);
    let modules = found.found.into_iter().filter_map(|found| match found.fact {
        Fact::Import { module, by_statement: true, .. } => Some(module),
        _ => None,
    });
    modules.collect()
}

/// Every Go there may be: on the path, and where sandboxes keep theirs.
fn compilers() -> Vec<PathBuf> {
    let kept = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/llm-sandbox/go-standard-library"));
    let kept = kept.and_then(|kept| std::fs::read_dir(kept).ok()).into_iter().flatten().flatten();
    [PathBuf::from("go")].into_iter().chain(kept.map(|entry| entry.path().join("bin/go"))).collect()
}

fn run(go: &PathBuf) -> Option<Output> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go_imports.go");
    let output = Command::new(go).args(["run", script]).env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0").output();
    output.ok().filter(|output| output.status.success())
}

#[test]
fn the_same_packages_are_found_as_by_go() {
    let Some(output) = compilers().iter().find_map(run) else {
        return println!("NOT RUN: the_same_packages_are_found_as_by_go: there is no go that works");
    };
    let lines = String::from_utf8(output.stdout).unwrap();
    let files: Vec<File> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut different = Vec::new();
    for file in &files {
        let found = imported_by_statements(&std::fs::read(&file.path).unwrap());
        if found != file.modules {
            let missed: Vec<_> = file.modules.difference(&found).collect();
            let invented: Vec<_> = found.difference(&file.modules).collect();
            different.push(format!("{}: missed {missed:?}, invented {invented:?}", file.path));
        }
    }
    println!("policy: go: the same imports as go/parser in {} of {} files", files.len() - different.len(), files.len());
    assert!(different.is_empty() && files.len() > 500, "{} files\n{}", files.len(), different.join("\n"));
}
