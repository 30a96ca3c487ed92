//! What the program prints, word for word: files in `tests/snapshots`, written anew where `LLM_SANDBOX_BLESS=1` is set.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    manual::commands,
    support::{directory, finish, llm_sandbox},
};

/// Wrong usage of every command, with what makes it wrong.
const MISUSES: &[(&str, &[&str])] = &[
    ("no-such-command", &["rnu"]),
    ("run-nothing", &["run"]),
    ("run-unknown-option", &["run", "--tiemout", "1", "-c", "1"]),
    ("run-code-and-file", &["run", "-c", "1", "a.py"]),
    ("run-option-without-value", &["run", "-c", "1", "--memory"]),
    ("run-profile", &["run", "--profile", "no-such", "-c", "1"]),
    ("batch-nothing", &["batch"]),
    ("batch-file", &["batch", "no/such"]),
    ("batch-option", &["batch", "--job", "2", "-"]),
    ("check-nothing", &["check"]),
    ("check-file", &["check", "no/such.py"]),
    ("check-language", &["check", "answer.py", "--language", "klingon"]),
    ("check-policy", &["check", "answer.py", "--policy", "productoin"]),
    ("check-policy-file", &["check", "answer.py", "--policy-file", "config.toml"]),
    ("check-form", &["check", "answer.py", "--format", "sarfi"]),
    ("run-enforce", &["run", "--enforce", "answer.py"]),
    ("batch-policy", &["batch", "--policy", "strict", "-"]),
    ("open-option", &["open", "--naem", "a"]),
    ("open-argument", &["open", "work"]),
    ("open-name", &["open", "--name", "a b"]),
    ("open-idle-timeout", &["open", "--idle-timeout", "soon"]),
    ("exec-nothing", &["exec"]),
    ("exec-no-program", &["exec", "work"]),
    ("exec-session", &["exec", "work", "ls"]),
    ("exec-detached-terminal", &["exec", "-dt", "work", "ls"]),
    ("wait-nothing", &["wait", "work"]),
    ("wait-run", &["wait", "work", "first"]),
    ("shell-nothing", &["shell"]),
    ("shell-session", &["shell", "work"]),
    ("ps-session", &["ps", "work"]),
    ("cp-nothing", &["cp", "a"]),
    ("cp-sides", &["cp", "a", "b"]),
    ("kill-nothing", &["kill"]),
    ("kill-run", &["kill", "work", "first"]),
    ("languages-argument", &["languages", "python"]),
    ("config-argument", &["config", "paht"]),
    ("config-profile", &["config", "--profile", "cafeful"]),
    ("config-path-argument", &["config", "path", "here"]),
    ("doctor-option", &["doctor", "--jsno"]),
    ("selftest-option", &["selftest", "--quiet"]),
    ("gc-backend", &["gc", "--backend", "native"]),
    ("completions-nothing", &["completions"]),
    ("completions-shell", &["completions", "fihs"]),
    ("man-command", &["man", "confg"]),
    ("man-directory", &["man", "--directory", "/dev/null/here"]),
    ("man-both", &["man", "run", "--directory", "here"]),
];

/// Ordinary outputs that are the same everywhere.
const OUTPUTS: &[(&str, &[&str])] = &[
    ("run", &["run", "-c", "print(6 * 7)"]),
    ("run-status", &["run", "-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"]),
    ("run-timeout", &["run", "--timeout", "0.1", "-c", "while True: pass"]),
    ("run-memory", &["run", "--memory", "64m", "-c", "bytearray(200 << 20)"]),
    ("run-signal", &["run", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"]),
    ("run-output", &["run", "--output", "8", "-c", "print('a' * 20)"]),
    ("run-json-error", &["run", "--json", "--memory", "12x", "-c", "1"]),
    ("run-policy", &["run", "--policy", "production", "-c", "import os; print(len(os.environ) > 0)"]),
    ("run-enforced", &["run", "--policy", "production", "--enforce", "answer.py"]),
    ("check", &["check", "answer.py"]),
    ("check-safe", &["check", "--policy", "minimal", "answer.py"]),
    ("check-json", &["check", "--json", "answer.py"]),
    ("check-sarif", &["check", "--format", "sarif", "answer.py"]),
    ("config", &["config"]),
    ("config-profile", &["config", "--profile", "careful"]),
    ("config-json", &["config", "--json"]),
    ("config-path", &["config", "path"]),
];

const CONFIG: &str = "[defaults]
timeout = 10
env = { LANG = \"C.UTF-8\" }

[profiles.careful]
memory = \"64m\"
require = [\"memory-limit\", \"network-none\"]
";

/// What a model may have answered.
const ANSWER: &str = "from os import system as s  # os.system
s('id')
print(\"os.remove('/etc/passwd')\")
";

/// The file's text: the call, the status, and each stream that has something.
fn taken(arguments: &[&str], command: Command) -> String {
    let ended = finish(command);
    let mut text = format!("$ llm-sandbox {}\n", arguments.join(" "));
    for (stream, words) in [("stdout", &ended.stdout), ("stderr", &ended.stderr)] {
        if !words.is_empty() {
            text += &format!("--- {stream}\n{words}");
        }
    }
    text + &format!("--- status {}\n", ended.status.expect("an end of its own"))
}

/// Compares every file of a folder with what was taken; no file may be left over.
fn compare(folder: &str, taken: &BTreeMap<String, String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(folder);
    if env::var_os("LLM_SANDBOX_BLESS").is_some_and(|word| word == "1") {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a directory");
        for (name, text) in taken {
            fs::write(folder.join(name), text).expect("a file");
        }
    }
    let mut wrong = Vec::new();
    for (name, text) in taken {
        let kept = fs::read_to_string(folder.join(name)).unwrap_or_default();
        if kept != *text {
            wrong.push(format!("{name} was\n{kept}\nand is\n{text}"));
        }
    }
    for file in fs::read_dir(&folder).into_iter().flatten().flatten() {
        let name = file.file_name().into_string().expect("text");
        if !taken.contains_key(&name) {
            wrong.push(format!("{name} is of nothing any more"));
        }
    }
    let remedy = "look whether it should be so; LLM_SANDBOX_BLESS=1 writes the files anew";
    assert!(wrong.is_empty(), "{}: {remedy}\n{}", folder.display(), wrong.join("\n"));
}

/// A directory in which the config file is.
fn place(test: &str) -> PathBuf {
    let directory = directory(test);
    fs::write(directory.join("config.toml"), CONFIG).expect("a file");
    fs::write(directory.join("answer.py"), ANSWER).expect("a file");
    directory
}

fn all(cases: &[(&str, &[&str])], place: &Path) -> BTreeMap<String, String> {
    let case = |(name, arguments): &(&str, &[&str])| {
        let mut command = llm_sandbox(*arguments);
        command.current_dir(place).env("LLM_SANDBOX_CONFIG", "config.toml").env("XDG_RUNTIME_DIR", place);
        (format!("{name}.txt"), taken(arguments, command))
    };
    cases.iter().map(case).collect()
}

#[test]
fn help_is_as_it_was() {
    let mut found = BTreeMap::new();
    let commands = commands();
    for command in ["", "config path"].into_iter().chain(commands.iter().map(String::as_str)) {
        let name = if command.is_empty() { "llm-sandbox".to_owned() } else { command.replace(' ', "-") };
        for (option, form) in [("-h", "short"), ("--help", "long")] {
            let arguments: Vec<_> = command.split_whitespace().chain([option]).collect();
            let text = taken(&arguments, llm_sandbox(&arguments));
            assert!(form == "long" || text.lines().count() < 43, "the short help of {name} has 40 lines or more");
            found.insert(format!("{name}.{form}.txt"), text);
        }
    }
    compare("help", &found);
}

#[test]
fn outputs_are_as_they_were() {
    compare("output", &all(OUTPUTS, &place("snapshots-output")));
}

#[test]
fn errors_are_as_they_were() {
    let found = all(MISUSES, &place("snapshots-misuse"));
    for (name, text) in &found {
        assert!(text.ends_with("--- status 2\n") && !text.contains("--- stdout"), "{name}\n{text}");
        let is_helpful = ["llm-sandbox: hint: ", "  tip: ", "For more information, try '--help'."];
        assert!(is_helpful.iter().any(|words| text.contains(words)), "{name} says nothing to do\n{text}");
    }
    compare("misuse", &found);
}

#[test]
fn every_command_is_misused() {
    for command in commands() {
        assert!(MISUSES.iter().any(|(_, arguments)| arguments[0] == command), "{command}");
    }
}
