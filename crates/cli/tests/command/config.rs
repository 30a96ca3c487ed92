//! Settings by variables and by the config file: which counts, and what is said of those that are none.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{Finished, directory, finish, llm_sandbox};

/// A directory with a config file of this text.
fn written(test: &str, text: &str) -> PathBuf {
    let directory = directory(&format!("config-{test}"));
    fs::write(directory.join("config.toml"), text).expect("a file");
    directory
}

/// The program in that directory, its config file named.
fn named(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = llm_sandbox(arguments);
    command.current_dir(directory).env("LLM_SANDBOX_CONFIG", "config.toml");
    command
}

fn refused(text: &str, message: &str, hint: &str) {
    let directory = written("refused", text);
    let expected = format!("llm-sandbox: {message}\nllm-sandbox: hint: {hint}\n");
    for arguments in [&["run", "-c", "print(1)"][..], &["config"]] {
        let ended = finish(named(&directory, arguments));
        assert_eq!(ended, Finished { status: Some(2), stdout: String::new(), stderr: expected.clone() }, "{text}");
    }
}

/// The value and the origin that `config` shows of a setting.
fn shown(ended: &Finished, setting: &str) -> Vec<(String, String)> {
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
    let rows = ended.stdout.lines().filter(|line| line.split_whitespace().next() == Some(setting));
    let cells = rows.map(|row| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>());
    cells.map(|cells| (cells[1].to_owned(), cells[2].to_owned())).collect()
}

fn pair(value: &str, origin: &str) -> Vec<(String, String)> {
    vec![(value.to_owned(), origin.to_owned())]
}

const LAYERS: &str = "[defaults]
timeout = 41
memory = \"256m\"
pids = 0x20
env = { A = \"default\", B = \"default\" }

[profiles.other]
timeout = 42
env = { B = \"other\" }
";

#[test]
fn the_nearest_place_counts() {
    let directory = written("nearest", LAYERS);
    let of_defaults = finish(named(&directory, &["config"]));
    assert_eq!(shown(&of_defaults, "timeout"), pair("41", "config.toml:2"));
    assert_eq!(shown(&of_defaults, "pids"), pair("32", "config.toml:4"));
    assert_eq!(shown(&of_defaults, "cpus"), pair("1", "built in"));
    let of_profile = finish(named(&directory, &["config", "--profile", "other"]));
    assert_eq!(shown(&of_profile, "timeout"), pair("42", "config.toml:8"));
    assert_eq!(shown(&of_profile, "memory"), pair("256m", "config.toml:3"));
    let both = [("A=default", "config.toml:5"), ("B=other", "config.toml:9")];
    assert_eq!(shown(&of_profile, "env"), both.map(|(value, origin)| (value.to_owned(), origin.to_owned())));
    let mut command = named(&directory, &["config"]);
    command.env("LLM_SANDBOX_TIMEOUT", "43").env("LLM_SANDBOX_PROFILE", "other").env("LLM_SANDBOX_MEMORY", "");
    let of_variable = finish(command);
    assert_eq!(shown(&of_variable, "timeout"), pair("43", "LLM_SANDBOX_TIMEOUT"));
    assert_eq!(shown(&of_variable, "memory"), pair("256m", "config.toml:3"));
    assert!(of_variable.stdout.ends_with("profile: other\n"), "{}", of_variable.stdout);
}

#[test]
fn settings_reach_the_code() {
    let directory = written("reach", LAYERS);
    let code = "import os; print(os.environ['A'], os.environ['B'], os.environ.get('C'), sorted(os.listdir('/data')))";
    let mut command = named(&directory, &["run", "--profile", "other", "-e", "A=line", "-c", code]);
    command.env("LLM_SANDBOX_ENV", "C=variable\nB=variable").env("LLM_SANDBOX_MOUNT", ".:/data");
    let ended = finish(command);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("line variable variable ['config.toml']\n", ""));
}

#[test]
fn limits_of_every_place_are_held() {
    let directory = written("held", "[defaults]\ntimeout = 0.2\n[profiles.slow]\ntimeout = 1000\n");
    let endless = ["run", "-c", "while True: pass"];
    let ended = finish(named(&directory, &endless));
    assert_eq!(ended.status, Some(124), "{}", ended.stderr);
    assert!(ended.stderr.contains("0.2 s of wall time"), "{}", ended.stderr);
    let mut command = llm_sandbox(endless);
    command.env("LLM_SANDBOX_TIMEOUT", "0.3");
    assert!(finish(command).stderr.contains("0.3 s of wall time"));
    let code = "while True: pass";
    let ended = finish(named(&directory, &["run", "--profile", "slow", "--timeout", "0.4", "-c", code]));
    assert!(ended.stderr.contains("0.4 s of wall time"), "{}", ended.stderr);
}

#[test]
fn what_is_repeated_adds_up() {
    let directory =
        written("adds_up", "[defaults]\nrequire = [\"tree-kill\"]\n[profiles.p]\nrequire = [\"network-none\"]\n");
    let mut command = named(&directory, &["config", "--profile", "p", "--json"]);
    command.env("LLM_SANDBOX_REQUIRE", "memory-limit\ndisk-limit");
    let found: serde_json::Value = serde_json::from_str(&finish(command).stdout).expect("one object");
    let settings = found["settings"].as_array().expect("a list");
    let required: Vec<_> = settings.iter().filter(|setting| setting["name"] == "require").collect();
    let values: Vec<_> = required.iter().map(|setting| setting["value"].as_str().expect("a text")).collect();
    assert_eq!(values, ["tree-kill", "network-none", "memory-limit", "disk-limit"]);
    assert_eq!(required[1]["source"], serde_json::json!({ "kind": "file", "path": "config.toml", "line": 4 }));
    assert_eq!(required[2]["source"], serde_json::json!({ "kind": "variable", "name": "LLM_SANDBOX_REQUIRE" }));
}

#[test]
fn a_language_said_elsewhere_is_for_files_without_an_ending() {
    let directory = written("language", "[defaults]\nlanguage = \"no-such\"\n");
    fs::write(directory.join("a.py"), "print('python')").expect("a file");
    assert_eq!(finish(named(&directory, &["run", "a.py"])).stdout, "python\n");
    let ended = finish(named(&directory, &["run", "-c", "1"]));
    assert_eq!(ended.status, Some(2));
    assert!(ended.stderr.starts_with("llm-sandbox: config.toml:2: language: \"no-such\" is unknown"), "{ended:?}");
}

#[test]
fn container_options_keep_their_types() {
    let text =
        "[defaults]\ncontainer-option = { dns = [\"1.1.1.1\"], init = true, mem_limit = \"1g\", ports = { a = 1 } }\n";
    let ended = finish(named(&written("types", text), &["config"]));
    let words: Vec<_> = shown(&ended, "container-option").into_iter().map(|(value, _)| value).collect();
    assert_eq!(words, ["dns=[\"1.1.1.1\"]", "init=true", "mem_limit=\"1g\"", "ports={\"a\":1}"]);
}

#[test]
fn a_value_that_will_not_do_is_named_with_its_place() {
    let directory = written("blamed", "[defaults]\n\npids = 0\nmount = [\"/etc:/a\", \"/no/such:/b\"]\n");
    let ended = finish(named(&directory, &["run", "-c", "1"]));
    let message = "llm-sandbox: config.toml:4: mount of /no/such: its source cannot be used";
    let expected = "llm-sandbox: config.toml:3: processes: 0 processes are too few\n";
    assert!(ended.stderr.starts_with(message) || ended.stderr.starts_with(expected), "{}", ended.stderr);
    assert_eq!(ended.status, Some(2));
    let mut command = llm_sandbox(["run", "-c", "1"]);
    command.env("LLM_SANDBOX_MEMORY", "12x");
    let ended = finish(command);
    let message = "llm-sandbox: LLM_SANDBOX_MEMORY: memory: \"12x\" is not a size: \"x\" is no unit\n";
    assert!(ended.stderr.starts_with(message), "{}", ended.stderr);
    // What the command line says instead is to blame for itself.
    let ended = finish(named(&directory, &["run", "--pids", "1", "-c", "1"]));
    assert!(!ended.stderr.contains("config.toml:3"), "{}", ended.stderr);
}

#[test]
fn keys_and_values_that_are_none() {
    let all = "llm-sandbox config shows every setting";
    refused(
        "[defaults]\n\ntiemout = 1\n",
        "config.toml:3: setting \"tiemout\" is unknown",
        &format!("did you mean \"timeout\"? {all}"),
    );
    refused(
        "[defaults]\n[profiles.a]\n[profiles.b]\naccept_weaker = []\n",
        "config.toml:4: setting \"accept_weaker\" is unknown",
        &format!("did you mean \"accept-weaker\"? {all}"),
    );
    refused("[defaults]\njson = true\n", "config.toml:2: json is for the command line only", "remove it here");
    refused(
        "timeout = 1\n",
        "config.toml:1: \"timeout\" is none of defaults and profiles",
        "put timeout below [defaults] or [profiles.NAME]",
    );
    refused(
        "[default]\ntimeout = 1\n",
        "config.toml:1: \"default\" is none of defaults and profiles",
        "write [defaults] and [profiles.NAME]",
    );
    refused(
        "[defaults]\nmemory = true\n",
        "config.toml:2: memory cannot be a boolean",
        "write a text or a number, such as \"512m\" or 10",
    );
    refused(
        "[defaults]\nmount = \"a:/b\"\n",
        "config.toml:2: mount cannot be a string",
        "write a list of texts in [ ]",
    );
    refused("[defaults]\nmount = [\n1]\n", "config.toml:3: mount cannot be an integer", "write texts");
    refused(
        "[defaults]\nenv = [\"A=1\"]\n",
        "config.toml:2: env cannot be an array",
        "write a table, such as { NAME = \"value\" }",
    );
    refused(
        "[defaults]\nimage = \"a\"\ndockerfile = \"b\"\n",
        "config.toml:3: dockerfile stands beside image, and both say what the container is",
        "keep one of them, or move one to a profile",
    );
}

#[test]
fn files_that_are_no_toml() {
    let directory = written("no_toml", "[defaults]\ntimeout = \n");
    let ended = finish(named(&directory, &["run", "-c", "1"]));
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.starts_with("llm-sandbox: config.toml:2: "), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("\nllm-sandbox: hint: write TOML: [defaults] and [profiles.NAME]"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_named_file_must_be_there_and_the_usual_one_need_not() {
    let directory = directory("config-absent");
    let ended = finish(named(&directory, &["run", "-c", "1"]));
    let message = "llm-sandbox: config file config.toml: no such file or directory\n";
    assert_eq!((ended.status, ended.stderr.split_inclusive('\n').next()), (Some(2), Some(message)));
    let mut command = llm_sandbox(["run", "-c", "print(1)"]);
    command.env_remove("LLM_SANDBOX_CONFIG").env("XDG_CONFIG_HOME", &directory);
    assert_eq!(finish(command).stdout, "1\n");
}

#[test]
fn the_usual_places_are_looked_at() {
    let home = directory("config-home");
    let usual = |variable: &str, value: &Path| {
        let mut command = llm_sandbox(["config", "path"]);
        command.env_remove("LLM_SANDBOX_CONFIG").env_remove("XDG_CONFIG_HOME").env_remove("HOME").env(variable, value);
        finish(command)
    };
    let expected = |path: &str| format!("{}\n", home.join(path).display());
    assert_eq!(usual("HOME", &home).stdout, expected(".config/llm-sandbox/config.toml"));
    assert_eq!(usual("XDG_CONFIG_HOME", &home).stdout, expected("llm-sandbox/config.toml"));
    // Relative ones count for nothing, as the specification of these variables demands.
    let nowhere = usual("XDG_CONFIG_HOME", Path::new("here"));
    assert_eq!((nowhere.status, nowhere.stdout.as_str()), (Some(2), ""));
    fs::create_dir_all(home.join("llm-sandbox")).expect("a directory");
    fs::write(home.join("llm-sandbox/config.toml"), "[defaults]\nenv = { A = 7 }\n").expect("a file");
    let mut command = llm_sandbox(["run", "-c", "import os; print(os.environ['A'])"]);
    command.env_remove("LLM_SANDBOX_CONFIG").env("XDG_CONFIG_HOME", &home);
    assert_eq!(finish(command).stdout, "7\n");
}

#[test]
fn profiles_that_are_none() {
    let directory = written("no_profile", "[profiles.careful]\n[profiles.fast]\n");
    let ended = finish(named(&directory, &["run", "--profile", "carefull", "-c", "1"]));
    let hint = "llm-sandbox: hint: did you mean \"careful\"? There are: careful, fast\n";
    assert_eq!(ended.stderr, format!("llm-sandbox: profile: \"carefull\" is unknown\n{hint}"));
    assert_eq!(ended.status, Some(2));
    let mut command = llm_sandbox(["config", "--profile", "p"]);
    command.env_remove("LLM_SANDBOX_CONFIG").env("XDG_CONFIG_HOME", "/no/such");
    let ended = finish(command);
    let message = "llm-sandbox: profile: \"p\" is unknown, as there is no config file\n";
    let hint = "llm-sandbox: hint: write [profiles.p] into /no/such/llm-sandbox/config.toml\n";
    assert_eq!((ended.status, ended.stderr), (Some(2), format!("{message}{hint}")));
}

#[test]
fn a_file_that_everybody_can_write_to_is_refused() {
    let directory = written("writable", "[defaults]\ntimeout = 1\n");
    let path = directory.join("config.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("ours");
    let ended = finish(named(&directory, &["run", "-c", "1"]));
    let message =
        "llm-sandbox: config file config.toml: everybody can write to it, and so choose what code gets to see\n";
    let hint = "llm-sandbox: hint: chmod o-w config.toml\n";
    assert_eq!((ended.status, ended.stderr), (Some(2), format!("{message}{hint}")));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).expect("ours");
    assert_eq!(finish(named(&directory, &["run", "-c", "print(1)"])).stdout, "1\n");
}

#[test]
fn a_misspelt_variable_is_refused() {
    let mut command = llm_sandbox(["config"]);
    command.env("LLM_SANDBOX_MEMROY", "64m").env("LLM_SANDBOX_OF_SOMEBODY_ELSE", "1");
    let ended = finish(command);
    let message = "llm-sandbox: variable LLM_SANDBOX_MEMROY: it is no setting\n\
                   llm-sandbox: hint: did you mean LLM_SANDBOX_MEMORY? Else unset it\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(2), message));
}

#[test]
fn flags_are_true_or_false() {
    let mut command = llm_sandbox(["config"]);
    command.env("LLM_SANDBOX_KEEP_TEMPLATE", "yes");
    let ended = finish(command);
    let message = "llm-sandbox: LLM_SANDBOX_KEEP_TEMPLATE: \"yes\" is neither true nor false\n";
    let hint = "llm-sandbox: hint: set it to true or false, or unset it\n";
    assert_eq!((ended.status, ended.stderr), (Some(2), format!("{message}{hint}")));
}
