use std::path::{Path, PathBuf};
use std::process::Command;

use llm_sandbox_policy::Language;

use super::{hold_against, listed, not_run, printed};

/// A Java that has the sources of its platform with it.
fn java_with_sources() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten().map(|entry| entry.path());
    let homes = std::env::var_os("JAVA_HOME").map(PathBuf::from).into_iter().chain(installed);
    homes.filter(|home| home.join("lib/src.zip").exists()).map(|home| home.join("bin/java")).find(|java| java.exists())
}

#[test]
fn the_same_classes_are_found_as_by_javac() {
    let test = "the_same_classes_are_found_as_by_javac";
    let Some(java) = java_with_sources() else {
        return not_run(test, "no Java has its sources in lib/src.zip");
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/imports/JavaImports.java");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("java_imports");
    std::fs::create_dir_all(&directory).expect("a directory");
    let Some(lines) = printed(Command::new(java).arg(script).arg(&directory)) else {
        return not_run(test, "there is no compiler with it");
    };
    let files = listed(&lines);
    assert!(files.len() > 1000, "{} files", files.len());
    hold_against("javac", Language::Java, &files);
    std::fs::remove_dir_all(&directory).expect("it is there");
}
