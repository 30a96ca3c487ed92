use std::process::Command;

use llm_sandbox_policy::Language;

use super::{File, hold_against, not_run, printed};

/// R has no sources of its packages with it: their functions are written out by R itself.
#[test]
fn the_same_packages_are_found_as_by_r() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/imports/r.R");
    let directory = concat!(env!("CARGO_TARGET_TMPDIR"), "/r_packages");
    let Some(lines) = printed(Command::new("Rscript").args(["--vanilla", script, directory])) else {
        return not_run("the_same_packages_are_found_as_by_r", "there is no Rscript that works");
    };
    let lines = lines.lines().filter_map(|line| line.split_once('\t'));
    let file = |(path, packages): (&str, &str)| File {
        path: path.to_owned(),
        modules: packages.split_whitespace().map(str::to_owned).collect(),
    };
    let files: Vec<File> = lines.map(file).collect();
    if files.len() < 500 {
        return not_run("the_same_packages_are_found_as_by_r", "R has only few functions of its own");
    }
    hold_against("R's parser", Language::R, &files);
}
