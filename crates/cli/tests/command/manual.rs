//! Completions and manual pages, judged by the programs they are for.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::{Finished, directory, finish, llm_sandbox, not_run};

/// A program that reads a text, and what it says; `None` where it is not on this machine.
fn judged(program: &str, arguments: &[&str], text: &str) -> Option<Finished> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    Some(child.wait_with_output().expect("an end").into())
}

/// The commands of this program, from its help.
pub(crate) fn commands() -> Vec<String> {
    let help = finish(llm_sandbox(["-h"])).stdout;
    let (_, listed) = help.split_once("Commands:\n").expect("commands");
    let lines = listed.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

#[test]
fn every_shell_is_served() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = finish(llm_sandbox(["completions", shell]));
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
        for command in commands() {
            assert!(ended.stdout.contains(&command), "{command} in the completions of {shell}");
        }
    }
}

#[test]
fn shells_understand_their_completions() {
    for (shell, arguments) in [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"])] {
        let script = finish(llm_sandbox(["completions", shell])).stdout;
        match judged(shell, arguments, &script) {
            Some(ended) => assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""), "{shell}"),
            None => not_run("manual::shells_understand_their_completions", &format!("there is no {shell}")),
        }
    }
}

#[test]
fn bash_completes_by_them() {
    let script = finish(llm_sandbox(["completions", "bash"])).stdout;
    let ask = "COMP_WORDS=(llm-sandbox run --time); COMP_CWORD=2; _llm_sandbox llm-sandbox --time run; echo ${COMPREPLY[@]}; complete -p llm-sandbox\n";
    match judged("bash", &[], &(script + ask)) {
        Some(ended) => {
            let is_right =
                ended.stdout.starts_with("--timeout\n") && ended.stdout.contains("-F _llm_sandbox llm-sandbox");
            assert!(is_right, "{ended:?}");
        }
        None => not_run("manual::bash_completes_by_them", "there is no bash"),
    }
}

#[test]
fn there_is_a_page_of_every_command() {
    let directory = directory("pages").join("man1");
    let ended = finish(llm_sandbox(["man", "--directory", directory.to_str().expect("text")]));
    assert_eq!((ended.status, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "", ""));
    let entries = fs::read_dir(&directory).expect("pages").flatten();
    let found: BTreeSet<_> = entries.map(|entry| entry.file_name().into_string().expect("text")).collect();
    let mut expected: BTreeSet<_> = commands().iter().map(|name| format!("llm-sandbox-{name}.1")).collect();
    expected.extend(["llm-sandbox.1".to_owned(), "llm-sandbox-config-path.1".to_owned()]);
    assert_eq!(found, expected);
    for page in &found {
        let words = page.trim_start_matches("llm-sandbox").trim_start_matches('-').trim_end_matches(".1");
        let words: Vec<_> = words.split('-').filter(|word| !word.is_empty()).collect();
        let printed = finish(llm_sandbox(["man"].iter().chain(&words))).stdout;
        let written = fs::read_to_string(directory.join(page)).expect("a page");
        assert!(printed == written, "{page} is printed as it is written");
    }
    typeset(&directory, &found);
}

/// Whether what sets manual pages finds nothing wrong in them.
fn typeset(directory: &Path, pages: &BTreeSet<String>) {
    let mut is_set = false;
    for (program, arguments) in
        [("groff", &["-man", "-Tutf8", "-ww", "-z"][..]), ("mandoc", &["-T", "lint", "-W", "error"])]
    {
        for page in pages {
            let text = fs::read_to_string(directory.join(page)).expect("a page");
            let Some(ended) = judged(program, arguments, &text) else { continue };
            assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""), "{program} on {page}");
            is_set = true;
        }
    }
    if !is_set {
        not_run("manual::there_is_a_page_of_every_command (typesetting)", "there is neither groff nor mandoc");
    }
}

#[test]
fn every_example_names_commands_and_options_that_exist() {
    let commands = commands();
    for command in commands.iter().map(String::as_str).chain(["config path"]) {
        let words: Vec<_> = command.split(' ').collect();
        let help = finish(llm_sandbox(words.iter().chain(&["--help"]))).stdout;
        let (_, examples) = help.split_once("Examples:\n").unwrap_or_else(|| panic!("{command} has no examples"));
        let examples: Vec<_> = examples.lines().take_while(|line| !line.is_empty()).collect();
        assert!(!examples.is_empty(), "{command}");
        for example in &examples {
            let mut calls = example.split("llm-sandbox ").skip(1).peekable();
            assert!(calls.peek().is_some(), "{example}");
            for call in calls.filter(|call| !call.starts_with('>')) {
                understood(call, &commands, example);
            }
        }
    }
}

/// One call of this program in an example, to the end of its options.
fn understood(call: &str, commands: &[String], example: &str) {
    let name = call.split_whitespace().next().expect("a command");
    assert!(name == "help" || commands.iter().any(|command| command == name), "{example}");
    let help = finish(llm_sandbox([name, "--help"])).stdout;
    let ours = call.split('|').next().unwrap_or(call).split(" -- ").next().unwrap_or(call);
    for option in ours.split_whitespace().filter(|word| word.starts_with("--")) {
        let is_known = help.contains(&format!("{option} <")) || help.contains(&format!("{option}\n"));
        assert!(is_known, "{option} in {example}");
    }
}

#[test]
fn languages_are_listed_with_what_runs_them() {
    let table = finish(llm_sandbox(["languages"])).stdout;
    let rows: Vec<_> = table.lines().collect();
    assert!(rows[0].starts_with("LANGUAGE") && rows[0].ends_with("PROGRAMS"), "{table}");
    let python = rows.iter().find(|row| row.starts_with("python ")).expect("python");
    assert!(python.contains(" .py ") && python.contains(" /"), "{python}");
    let mut command = llm_sandbox(["languages", "--json"]);
    command.env("LLM_SANDBOX_NODE", "/no/such");
    let found: serde_json::Value = serde_json::from_str(&finish(command).stdout).expect("one object");
    let languages = found["languages"].as_array().expect("a list");
    assert_eq!(languages.len(), rows.len() - 1);
    let of = |name: &str| languages.iter().find(|language| language["name"] == name).expect("a language");
    assert!(of("python")["programs"][0].is_string() && of("python")["remedy"].is_null());
    assert_eq!(of("javascript")["endings"], serde_json::json!(["js", "cjs", "mjs"]));
    assert!(of("javascript")["programs"] == serde_json::json!([]) && of("javascript")["remedy"].is_string(), "{found}");
}
