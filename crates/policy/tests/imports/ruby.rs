use std::process::Command;

use llm_sandbox_policy::Language;

use super::{hold_against, listed, not_run, printed};

#[test]
fn the_same_libraries_are_found_as_by_ripper() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/imports/ruby.rb");
    let Some(lines) = printed(Command::new("ruby").arg(script)) else {
        return not_run("the_same_libraries_are_found_as_by_ripper", "there is no ruby that works");
    };
    let files = listed(&lines);
    if files.len() < 300 {
        return not_run("the_same_libraries_are_found_as_by_ripper", "the standard library has only few files");
    }
    hold_against("Ripper", Language::Ruby, &files);
}
