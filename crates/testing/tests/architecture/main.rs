//! Keeps the shape of the workspace: which crate may use which, where `unsafe` may stand, where a shell may be named,
//! that every crate is documented and no file grows without end.
//!
//! Where a rule has an exception, it is a line in a list here, with its reason.

mod rules;
mod scan;
mod workspace;

use rules::{ARROWS, ENGINES, LONG_FILES, LONGEST, SHELL_FILES, SHELLS, STARTS_NOTHING, UNSAFE_FENCE};
use scan::{Product, Source};
use workspace::{Kind, Workspace};

/// Fails with every violation at once and what to do about them.
fn none_of(violations: &[String], remedy: &str) {
    assert!(violations.is_empty(), "{remedy}:\n  {}", violations.join("\n  "));
}

#[test]
fn crates_use_each_other_only_along_the_arrows() {
    let workspace = Workspace::read();
    let mut violations = Vec::new();
    for package in &workspace.packages {
        let Some(arrow) = ARROWS.iter().find(|arrow| arrow.from == package.name) else {
            violations.push(format!("{} has no arrow", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            let along = arrow.to.contains(&dependency.name.as_str()) || arrow.may.contains(&dependency.name.as_str());
            let in_tests_only = dependency.development && dependency.name == "llm-sandbox-testing";
            if !along && !in_tests_only {
                violations.push(format!("{} must not use {}", package.name, dependency.name));
            }
        }
        for needed in arrow.to.iter().filter(|name| !package.uses(name)) {
            violations.push(format!("{} does not use {needed}", package.name));
        }
    }
    for arrow in ARROWS.iter().filter(|arrow| workspace.packages.iter().all(|package| package.name != arrow.from)) {
        violations.push(format!("{} has an arrow and no crate", arrow.from));
    }
    none_of(&violations, "change the dependency, or the arrows in rules.rs and ARCHITECTURE.md");
}

#[test]
fn every_crate_inherits_the_lints() {
    let workspace = Workspace::read();
    let violations: Vec<_> = workspace
        .packages
        .iter()
        .filter(|package| !workspace::inherits_lints(&package.manifest_text()))
        .map(|package| package.name.clone())
        .collect();
    none_of(&violations, "add `[lints] workspace = true` to the manifest of");
}

#[test]
fn every_crate_opens_with_documentation() {
    let workspace = Workspace::read();
    let mut violations = Vec::new();
    for (package, kind, root) in workspace.roots() {
        let source = Source::read(&workspace.directory, &root);
        if !source.text.starts_with("//!") {
            violations.push(format!("{}: does not open with `//!`", source.path));
            continue;
        }
        let documentation = source.documentation(&workspace.directory);
        // An extension is used from its own language.
        let has_example = match package {
            "llm-sandbox-python" => documentation.contains("```python\n"),
            _ => kind != Kind::Library || scan::has_rust_example(&documentation),
        };
        if !has_example {
            violations.push(format!("{}: no example in the documentation of {package}", source.path));
        }
    }
    none_of(&violations, "document the crate at the top of its file, a library with an example");
}

#[test]
fn unsafe_stands_only_inside_the_fence() {
    let mut violations = Vec::new();
    for source in Workspace::read().sources().filter(|source| !source.path.starts_with(UNSAFE_FENCE)) {
        for line in scan::unsafe_lines(&source.code) {
            violations.push(format!("{}:{line}", source.path));
        }
    }
    none_of(&violations, &format!("`unsafe` belongs under {UNSAFE_FENCE} behind a safe function"));
}

#[test]
fn the_core_names_no_engine() {
    let mut violations = Vec::new();
    for source in Workspace::read().sources().filter(|source| source.path.starts_with("crates/core/src/")) {
        let literals = source.literals.iter().map(|literal| (literal.line, literal.text.as_str()));
        for (line, text) in source.code.lines().enumerate().map(|(at, line)| (at + 1, line)).chain(literals) {
            for engine in scan::parts_of_words(text).filter(|part| ENGINES.contains(&part.as_str())) {
                violations.push(format!("{}:{line}: {engine}", source.path));
            }
        }
    }
    none_of(&violations, "let the engine's own crate say it, through a trait of core");
}

#[test]
fn a_shell_is_named_only_where_the_caller_asked_for_one() {
    let mut violations = Vec::new();
    let workspace = Workspace::read();
    let sources = workspace.sources().filter(|source| !source.is_test());
    let sources: Vec<_> = sources.collect();
    let harmless = sources.iter().filter(|source| source.path.starts_with(STARTS_NOTHING));
    assert!(harmless.clone().count() > 0, "{STARTS_NOTHING} is gone");
    for source in harmless.filter(|source| source.code.contains("std::process")) {
        violations.push(format!("{}: it starts something", source.path));
    }
    let others = sources.iter().filter(|source| !source.path.starts_with(STARTS_NOTHING));
    for source in others.filter(|source| !SHELL_FILES.contains(&source.path.as_str())) {
        let product = Product::of(&source.code);
        for literal in source.literals.iter().filter(|literal| product.has(literal)) {
            if SHELLS.contains(&scan::program(&literal.text)) {
                violations.push(format!("{}:{}: {:?}", source.path, literal.line, literal.text));
            }
        }
    }
    none_of(&violations, "pass an argument vector; only Command::shell may name a shell (SHELL_FILES in rules.rs)");
}

#[test]
fn files_stay_short() {
    let violations: Vec<_> = Workspace::read()
        .sources()
        .filter(|source| !LONG_FILES.contains(&source.path.as_str()))
        .map(|source| (source.text.lines().count(), source.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    none_of(&violations, &format!("split what is longer than {LONGEST} lines"));
}

#[test]
fn the_lists_of_exceptions_name_files_that_exist() {
    let directory = Workspace::read().directory;
    let violations: Vec<_> = SHELL_FILES
        .iter()
        .chain(&LONG_FILES)
        .chain(&[UNSAFE_FENCE])
        .filter(|path| !directory.join(path).exists())
        .map(|path| (*path).to_owned())
        .collect();
    none_of(&violations, "remove from rules.rs what is gone");
}
