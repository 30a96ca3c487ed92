//! The libraries that are loaded by name, held against what Ruby's own `Ripper` finds in its standard library.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use llm_sandbox_policy::{Budget, Fact, Language, facts};

#[derive(serde::Deserialize)]
struct File {
    path: String,
    modules: BTreeSet<String>,
}

fn loaded_by_literals(code: &[u8]) -> BTreeSet<String> {
    let patient = Budget { time: Duration::from_secs(60), ..Budget::default() };
    let found = facts(code, Language::Ruby, &patient);
    assert_eq!(found.gave_up, None);
    let modules = found.found.into_iter().filter_map(|found| match found.fact {
        Fact::Import { module, by_statement: true, .. } => Some(module),
        _ => None,
    });
    modules.collect()
}

#[test]
fn the_same_libraries_are_found_as_by_ripper() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ruby_imports.rb");
    let output = match Command::new("ruby").arg(script).output() {
        Ok(output) if output.status.success() => output,
        _ => return println!("NOT RUN: the_same_libraries_are_found_as_by_ripper: there is no ruby that works"),
    };
    let lines = String::from_utf8(output.stdout).unwrap();
    let files: Vec<File> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    if files.len() < 300 {
        let few = files.len();
        return println!(
            "NOT RUN: the_same_libraries_are_found_as_by_ripper: the standard library has only {few} files"
        );
    }
    let mut different = Vec::new();
    for file in &files {
        let found = loaded_by_literals(&std::fs::read(&file.path).unwrap());
        if found != file.modules {
            let missed: Vec<_> = file.modules.difference(&found).collect();
            let invented: Vec<_> = found.difference(&file.modules).collect();
            different.push(format!("{}: missed {missed:?}, invented {invented:?}", file.path));
        }
    }
    println!(
        "policy: ruby: the same libraries as Ripper in {} of {} files",
        files.len() - different.len(),
        files.len()
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
}
