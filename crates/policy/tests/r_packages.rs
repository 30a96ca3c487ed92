//! The packages that are named by `library`, `require` and `::`, held against what R's own parser finds in its functions.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use llm_sandbox_policy::{Budget, Fact, Language, facts};

fn named_packages(code: &[u8]) -> BTreeSet<String> {
    let patient = Budget { time: Duration::from_secs(60), ..Budget::default() };
    let found = facts(code, Language::R, &patient);
    assert_eq!(found.gave_up, None);
    let modules = found.found.into_iter().filter_map(|found| match found.fact {
        Fact::Import { module, by_statement: true, .. } => Some(module),
        _ => None,
    });
    modules.collect()
}

#[test]
fn the_same_packages_are_found_as_by_r() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/r_packages.R");
    let directory = concat!(env!("CARGO_TARGET_TMPDIR"), "/r_packages");
    let output = match Command::new("Rscript").args(["--vanilla", script, directory]).output() {
        Ok(output) if output.status.success() => output,
        _ => return println!("NOT RUN: the_same_packages_are_found_as_by_r: there is no Rscript that works"),
    };
    let lines = String::from_utf8(output.stdout).unwrap();
    let files: Vec<(&str, &str)> = lines.lines().filter_map(|line| line.split_once('\t')).collect();
    if files.len() < 500 {
        let few = files.len();
        return println!("NOT RUN: the_same_packages_are_found_as_by_r: R has only {few} functions of its own");
    }
    let mut different = Vec::new();
    for (path, packages) in &files {
        let expected: BTreeSet<String> = packages.split_whitespace().map(str::to_owned).collect();
        let found = named_packages(&std::fs::read(path).unwrap());
        if found != expected {
            let missed: Vec<_> = expected.difference(&found).collect();
            let invented: Vec<_> = found.difference(&expected).collect();
            different.push(format!("{path}: missed {missed:?}, invented {invented:?}"));
        }
    }
    println!("policy: r: the same packages as R in {} of {} files", files.len() - different.len(), files.len());
    assert!(different.is_empty(), "{}", different.join("\n"));
}
