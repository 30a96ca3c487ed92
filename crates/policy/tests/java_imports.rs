//! The classes that statements import, held against what Java's own compiler finds in the sources of its platform.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use llm_sandbox_policy::{Budget, Fact, Language, facts};

#[derive(serde::Deserialize)]
struct File {
    path: String,
    modules: BTreeSet<String>,
}

fn imported_by_statements(code: &[u8]) -> BTreeSet<String> {
    let patient = Budget { time: Duration::from_secs(60), ..Budget::default() };
    let found = facts(code, Language::Java, &patient);
    assert_eq!(found.gave_up, None);
    let modules = found.found.into_iter().filter_map(|found| match found.fact {
        Fact::Import { module, by_statement: true, .. } => Some(module),
        _ => None,
    });
    modules.collect()
}

/// A Java that has the sources of its platform with it.
fn java_with_sources() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten().map(|entry| entry.path());
    let homes = std::env::var_os("JAVA_HOME").map(PathBuf::from).into_iter().chain(installed);
    homes.filter(|home| home.join("lib/src.zip").exists()).map(|home| home.join("bin/java")).find(|java| java.exists())
}

#[test]
fn the_same_classes_are_found_as_by_javac() {
    let Some(java) = java_with_sources() else {
        return println!("NOT RUN: the_same_classes_are_found_as_by_javac: no Java has its sources in lib/src.zip");
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/JavaImports.java");
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("java_imports");
    std::fs::create_dir_all(&directory).unwrap();
    let output = match Command::new(java).arg(script).arg(&directory).output() {
        Ok(output) if output.status.success() => output,
        _ => return println!("NOT RUN: the_same_classes_are_found_as_by_javac: there is no compiler with it"),
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
    println!("policy: java: the same imports as javac in {} of {} files", files.len() - different.len(), files.len());
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(different.is_empty() && files.len() > 1000, "{} files\n{}", files.len(), different.join("\n"));
}
