use std::path::PathBuf;
use std::process::Command;

use llm_sandbox_policy::Language;

use super::{hold_against, listed, not_run, printed};

/// Every Go there may be: on the path, and where sandboxes keep theirs.
fn compilers() -> Vec<PathBuf> {
    let kept = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/llm-sandbox/go-standard-library"));
    let kept = kept.and_then(|kept| std::fs::read_dir(kept).ok()).into_iter().flatten().flatten();
    [PathBuf::from("go")].into_iter().chain(kept.map(|entry| entry.path().join("bin/go"))).collect()
}

fn run(go: &PathBuf) -> Option<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/imports/go.go");
    printed(Command::new(go).args(["run", script]).env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0"))
}

#[test]
fn the_same_packages_are_found_as_by_go() {
    let Some(lines) = compilers().iter().find_map(run) else {
        return not_run("the_same_packages_are_found_as_by_go", "there is no go that works");
    };
    let files = listed(&lines);
    assert!(files.len() > 500, "{} files", files.len());
    hold_against("go/parser", Language::Go, &files);
}
