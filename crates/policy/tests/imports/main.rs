//! What statements load, held against what each language's own parser finds.

mod go;
mod java;
mod python;
mod r;
mod ruby;

use std::collections::BTreeSet;
use std::process::{Command, Output};
use std::time::Duration;

use llm_sandbox_policy::{Budget, Fact, Language, facts};

/// A file, and the modules that its language's parser finds in it.
#[derive(serde::Deserialize)]
struct File {
    path: String,
    modules: BTreeSet<String>,
}

/// What a script of these tests prints, where it works.
fn printed(command: &mut Command) -> Option<String> {
    let Output { status, stdout, .. } = command.output().ok()?;
    status.success().then(|| String::from_utf8(stdout).expect("text"))
}

/// The files that a script lists, an object of JSON for each.
fn listed(lines: &str) -> Vec<File> {
    lines.lines().map(|line| serde_json::from_str(line).expect("a file")).collect()
}

#[expect(clippy::print_stdout, reason = "the way a test says that it did not run")]
fn not_run(test: &str, reason: &str) {
    println!("NOT RUN: {test}: {reason}");
}

/// The same modules are found in every file, by statements alone.
#[expect(clippy::print_stdout, reason = "how many files there were is to be seen")]
fn hold_against(parser: &str, language: Language, files: &[File]) {
    let mut different = Vec::new();
    for File { path, modules } in files {
        let found = by_statements(&std::fs::read(path).expect("it is there"), language);
        if found != *modules {
            let missed: Vec<_> = modules.difference(&found).collect();
            let invented: Vec<_> = found.difference(modules).collect();
            different.push(format!("{path}: missed {missed:?}, invented {invented:?}"));
        }
    }
    let (same, all) = (files.len() - different.len(), files.len());
    println!("FIGURE: policy, {language}: what is loaded is the same as by {parser} in {same} of {all} files");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn by_statements(code: &[u8], language: Language) -> BTreeSet<String> {
    let patient = Budget { time: Duration::from_secs(60), ..Budget::default() };
    let found = facts(code, language, &patient);
    assert_eq!(found.gave_up, None);
    let modules = found.found.into_iter().filter_map(|found| match found.fact {
        Fact::Import { module, by_statement: true, .. } => Some(module),
        _ => None,
    });
    modules.collect()
}
