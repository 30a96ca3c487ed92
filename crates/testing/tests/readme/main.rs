//! Runs every command of README.md and compares what it prints with what README.md says it prints.
//!
//! The convention is in CONTRIBUTING.md. Rust blocks are doc tests of the facade, those of Python are run by
//! `python/tests/docs`.

mod block;
mod engine;
mod expected;
mod shell;

use block::{Block, Expectation};
use std::path::PathBuf;

fn repository() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    directory.canonicalize().expect("the workspace is two directories up")
}

fn readme() -> Vec<Block> {
    let text = std::fs::read_to_string(repository().join("README.md")).expect("README.md is readable");
    block::read(&text).unwrap_or_else(|problem| panic!("README.md:{problem}"))
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let blocks = readme();
    let commands: Vec<_> = blocks.iter().filter(|block| block.language == "sh").collect();
    assert!(!commands.is_empty(), "README.md has no ```sh block");
    let problems: Vec<_> = commands.iter().filter_map(|block| problem(block)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// What is wrong with a block of commands.
fn problem(block: &Block) -> Option<String> {
    let place = format!("README.md:{}", block.line);
    let Expectation { status, needs, norun, engine } = match block.expectation() {
        Ok(expectation) => expectation,
        Err(problem) => return Some(format!("{place}: {problem}")),
    };
    if let Some(program) = needs.iter().find(|program| !shell::is_installed(program)) {
        not_run(&place, &format!("{program} is not installed"));
        return None;
    }
    if norun {
        not_run(&place, "marked norun");
        return None;
    }
    if let Some(engine) = engine.as_deref().filter(|engine| !engine::is_named(engine)) {
        not_run(&place, &format!("LLM_SANDBOX_TEST_BACKENDS does not name {engine}"));
        return None;
    }
    if let Some(targets) = shell::make_targets(block.text()) {
        not_run(&place, "make would run this test again; its targets exist");
        let unknown = shell::unknown_target(&repository(), &targets)?;
        return Some(format!("{place}: the Makefile has no target {unknown}"));
    }
    if !shell::is_ours(block.text()) {
        return Some(format!("{place}: runs neither llm-sandbox nor cargo run; if that is meant, mark it ```sh norun"));
    }
    let run = match shell::run(&repository(), block.text(), engine.as_deref()) {
        Ok(run) => run,
        Err(problem) => return Some(format!("{place}: {problem}")),
    };
    if run.status != Some(status) {
        let ended = run.status.map_or("was stopped".to_owned(), |code| format!("ended with status {code}"));
        return Some(format!("{place}: {ended}, not {status}; it printed:\n{}", run.output));
    }
    let expected = block.output.as_deref()?;
    expected::difference(expected, &run.output).map(|difference| format!("{place}: {difference}"))
}

/// Read by `scripts/test-suites`.
#[expect(clippy::print_stderr, reason = "the way a test says that it did not run")]
fn not_run(place: &str, reason: &str) {
    eprintln!("NOT RUN: {place}: {reason}");
}

#[test]
fn rust_in_the_readme_is_compiled() {
    let has_rust = readme().iter().any(|block| block.language == "rust");
    let facade = repository().join("crates/llm-sandbox/src/lib.rs");
    let source = std::fs::read_to_string(&facade).expect("the facade is readable");
    assert!(
        !has_rust || source.contains("include_str!(\"../../../README.md\")"),
        "{}: include README.md as documentation, or its Rust blocks are never compiled",
        facade.display()
    );
}
