//! What the program says about itself.

use crate::support::{finish, llm_sandbox};

#[test]
fn the_version_is_told() {
    let ended = finish(llm_sandbox(["--version"]));
    assert_eq!((ended.status, ended.stdout), (Some(0), format!("llm-sandbox {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn help_has_examples_and_statuses() {
    for arguments in [["help", "run"], ["run", "--help"]] {
        let ended = finish(llm_sandbox(arguments));
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
        let parts =
            ["Usage: llm-sandbox run [OPTIONS]", "The code sees no network", "Examples:", "Exit status:", "141"];
        for part in parts {
            assert!(ended.stdout.contains(part), "{part}\n{}", ended.stdout);
        }
    }
}

#[test]
fn short_help_is_short() {
    let ended = finish(llm_sandbox(["run", "-h"]));
    assert!(ended.stdout.lines().count() < 40, "{}", ended.stdout);
    assert!(ended.stdout.contains("See --help for examples"), "{}", ended.stdout);
}

#[test]
fn every_example_is_understood() {
    let help = finish(llm_sandbox(["run", "--help"])).stdout;
    let (_, examples) = help.split_once("Examples:\n").expect("examples");
    let (examples, _) = examples.split_once("\n\n").expect("an end");
    assert_eq!(examples.lines().count(), 7);
    for option in examples.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2) {
        let known = help.contains(&format!("{option} <")) || help.contains(&format!("{option}\n"));
        assert!(known || option == "--fast", "{option}");
    }
}

#[test]
fn nothing_to_do_shows_the_help() {
    let ended = finish(llm_sandbox([""; 0]));
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("Usage: llm-sandbox <COMMAND>"), "{ended:?}");
}
