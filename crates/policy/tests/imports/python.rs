use std::process::Command;

use llm_sandbox_policy::Language;

use super::{hold_against, listed, not_run, printed};

#[test]
fn the_same_modules_are_found_as_by_python() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/imports/python.py");
    let Some(lines) = printed(Command::new("python3").arg(script)) else {
        return not_run("the_same_modules_are_found_as_by_python", "there is no python3 that works");
    };
    let files = listed(&lines);
    if files.len() < 500 {
        return not_run("the_same_modules_are_found_as_by_python", "the standard library has only few files");
    }
    hold_against("ast", Language::Python, &files);
}
