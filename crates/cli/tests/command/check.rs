//! `check`, and policies of `run`, `batch` and sessions.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::support::{Finished, directory, finish, llm_sandbox};

const UNSAFE: &str = "import os\nos.system('id')\n";

fn in_place(place: &Path, arguments: &[&str]) -> Command {
    let mut command = llm_sandbox(arguments);
    command.current_dir(place).env("XDG_RUNTIME_DIR", place);
    command
}

fn ended(place: &Path, arguments: &[&str]) -> Finished {
    finish(in_place(place, arguments))
}

fn json(place: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&ended(place, arguments).stdout).expect("JSON")
}

/// A directory with code that production blocks, and some that it does not.
fn place(test: &str) -> std::path::PathBuf {
    let place = directory(test);
    fs::write(place.join("bad.py"), UNSAFE).expect("a file");
    fs::write(place.join("good.js"), "console.log('require(\"child_process\")')").expect("a file");
    place
}

#[test]
fn the_status_tells_whether_anything_blocks() {
    let place = place("check_status");
    let status = |arguments: &[&str]| ended(&place, arguments).status;
    assert_eq!(status(&["check", "good.js"]), Some(0));
    assert_eq!(status(&["check", "bad.py"]), Some(1));
    assert_eq!(status(&["check", "good.js", "bad.py", "good.js"]), Some(1));
    assert_eq!(status(&["check", "--policy", "minimal", "bad.py"]), Some(0));
    assert_eq!(status(&["check", "."]), Some(2));
    let mut standard_input = in_place(&place, &["check", "--language", "python", "-"]);
    standard_input.stdin(fs::File::open(place.join("bad.py")).expect("it is there"));
    let found = finish(standard_input);
    assert_eq!(found.status, Some(1));
    assert!(found.stdout.starts_with("-:2:1: high: os.system: "), "{}", found.stdout);
}

#[test]
fn a_policy_of_ones_own_says_what_blocks() {
    let place = place("check_own");
    let policy = "severity_threshold = \"high\"\n[[patterns]]\npattern = 'os\\.(sys|nope)'\ndescription = \"so\"\n\
        severity = \"high\"\n[[restricted_modules]]\nname = \"os\"\nseverity = \"low\"\n";
    fs::write(place.join("own.toml"), policy).expect("a file");
    let found = json(&place, &["check", "--json", "--policy-file", "own.toml", "bad.py", "good.js"]);
    let violations = &found["files"][0]["violations"];
    assert_eq!(
        (violations[0]["cause"]["module"].as_str(), violations[0]["severity"].as_str()),
        (Some("os"), Some("low"))
    );
    assert_eq!(
        (violations[1]["cause"]["pattern"].as_str(), violations[1]["line"].as_u64()),
        (Some(r"os\.(sys|nope)"), Some(2))
    );
    assert_eq!((&found["files"][0]["safe"], &found["files"][1]["safe"]), (&Value::Bool(false), &Value::Bool(true)));
}

#[test]
fn findings_go_to_those_who_read_sarif() {
    let place = place("check_sarif");
    fs::rename(place.join("bad.py"), place.join("ä b.py")).expect("it is there");
    let log = json(&place, &["check", "--format", "sarif", "ä b.py"]);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!((result["ruleId"].as_str(), result["level"].as_str()), (Some("system-command"), Some("error")));
    assert_eq!(place["artifactLocation"]["uri"], "%C3%A4%20b.py");
    assert_eq!((place["region"]["startLine"].as_u64(), place["region"]["startColumn"].as_u64()), (Some(2), Some(1)));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.iter().any(|rule| rule["id"] == "system-command"), "{rules:?}");
}

#[test]
fn what_is_refused_does_not_run() {
    let place = place("check_enforced");
    let refused = ended(&place, &["run", "--policy", "production", "--enforce", "bad.py"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(126), ""));
    assert!(
        refused.stderr.starts_with("llm-sandbox: the policy refuses the code\n  2:1: high: os.system: "),
        "{refused:?}"
    );
    let told = json(&place, &["run", "--json", "--policy", "production", "--enforce", "bad.py"]);
    assert_eq!(
        (told["error"]["kind"].as_str(), told["error"]["violations"][0]["line"].as_u64()),
        (Some("unsafe-code"), Some(2))
    );
    let helper = ["run", "--policy", "production", "--enforce", "--file", "bad.py:helper.py", "-c", "import helper"];
    let refused = ended(&place, &helper);
    assert_eq!(refused.status, Some(126));
    assert!(refused.stderr.contains("the policy refuses helper.py\n"), "{refused:?}");
    // What is said in the config file binds as well.
    fs::write(place.join("config.toml"), "[defaults]\npolicy = \"production\"\nenforce = true\n").expect("a file");
    let mut command = in_place(&place, &["run", "bad.py"]);
    command.env("LLM_SANDBOX_CONFIG", "config.toml");
    assert_eq!(finish(command).status, Some(126));
    let mut command = in_place(&place, &["run", "--policy", "minimal", "bad.py"]);
    command.env("LLM_SANDBOX_CONFIG", "config.toml");
    assert_eq!(finish(command).status, Some(0), "the nearer policy decides");
}

#[test]
fn a_policy_that_does_not_bind_is_advice() {
    let place = place("check_advice");
    let advised = ended(&place, &["run", "--policy", "production", "bad.py"]);
    assert_eq!(advised.status, Some(0));
    assert!(advised.stderr.starts_with("llm-sandbox: the policy: 2:1: high: os.system: "), "{advised:?}");
    assert!(advised.stdout.starts_with("uid="), "{advised:?}");
    let told = json(&place, &["run", "--json", "--policy", "production", "bad.py"]);
    assert_eq!((told["exit_code"].as_u64(), told["violations"][0]["found"].as_str()), (Some(0), Some("os.system")));
    assert_eq!(ended(&place, &["run", "--quiet", "--policy", "production", "bad.py"]).stderr, "");
}

#[test]
fn jobs_and_sessions_are_bound() {
    let place = place("check_bound");
    fs::write(place.join("jobs"), "{\"id\": 1, \"code\": \"import os; os.system('id')\"}\n").expect("a file");
    let done = ended(&place, &["batch", "--policy", "production", "--enforce", "jobs"]);
    let line: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!((done.status, line["error"]["kind"].as_str()), (Some(125), Some("unsafe-code")));
    let opened = ended(&place, &["open", "--name", "work", "--policy", "production", "--enforce"]);
    assert_eq!(opened.status, Some(0), "{opened:?}");
    let refused = ended(&place, &["exec", "work", "-c", UNSAFE]);
    assert_eq!(refused.status, Some(126), "{refused:?}");
    let command = ended(&place, &["exec", "work", "ls"]);
    assert_eq!(command.status, Some(125));
    assert!(command.stderr.contains("a policy reads code, and a command is none"), "{command:?}");
    assert_eq!(ended(&place, &["cp", "bad.py", "work:later.py"]).status, Some(126));
    assert_eq!(ended(&place, &["exec", "work", "-c", "print(1)"]).stdout, "1\n");
    assert_eq!(ended(&place, &["kill", "work"]).status, Some(0));
}
