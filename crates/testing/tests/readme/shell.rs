//! Runs a block of commands as a reader would, with the program that was built.

use std::io::Read;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use crate::engine::Prepared;

const PROGRAM: &str = "llm-sandbox";
const LONGEST: Duration = Duration::from_secs(50);

/// How a block ended.
pub(crate) struct Run {
    /// `None`: by a signal, ours if it took too long.
    pub(crate) status: Option<i32>,
    /// Both streams, in the order in which they were written.
    pub(crate) output: String,
}

/// Whether a block runs what this repository builds.
pub(crate) fn is_ours(lines: &[String]) -> bool {
    lines.iter().any(|line| {
        let mut commands = line.split(['|', '&', ';']).map(str::trim_start);
        commands.any(|command| command.starts_with(PROGRAM) || command.starts_with("cargo run"))
    })
}

/// The targets of a block that runs nothing but make.
pub(crate) fn make_targets(lines: &[String]) -> Option<Vec<&str>> {
    let lines: Option<Vec<_>> = lines.iter().map(|line| line.strip_prefix("make ")).collect();
    Some(lines?.into_iter().flat_map(|line| line.split('#').next()).flat_map(str::split_whitespace).collect())
}

pub(crate) fn unknown_target<'a>(repository: &Path, targets: &[&'a str]) -> Option<&'a str> {
    let makefile = std::fs::read_to_string(repository.join("Makefile")).expect("the Makefile is readable");
    let exists = |target: &str| makefile.lines().any(|line| line.starts_with(&format!("{target}:")));
    targets.iter().copied().find(|target| !exists(target))
}

pub(crate) fn is_installed(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|directory| directory.join(program).is_file())
}

/// Runs a block in a new directory that holds links to the files of the repository.
pub(crate) fn run(repository: &Path, lines: &[String], engine: Option<&str>) -> Result<Run, String> {
    let built = built_programs();
    if !built.join(PROGRAM).is_file() {
        return Err(format!("{PROGRAM} is not built; first run: cargo build --workspace --all-targets"));
    }
    let script: Result<Vec<_>, _> = lines.iter().map(|line| with_built_program(line, repository, &built)).collect();
    let directory = Directory::linking(repository);
    let _prepared = engine.map(|engine| Prepared::on(engine, &directory.0));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(built).chain(std::env::split_paths(&path)));
    let (mut output, write) = std::io::pipe().map_err(|error| format!("pipe: {error}"))?;
    let mut command = Command::new("sh");
    command
        .args(["-euc", &script?.join("\n")])
        .current_dir(&directory.0)
        .env("PATH", path.expect("the build directory has no colon in its name"))
        .env("NO_COLOR", "1")
        // Neither the settings nor the sessions of whoever runs this.
        .env("LLM_SANDBOX_CONFIG", "/dev/null")
        .env("XDG_RUNTIME_DIR", &directory.0)
        .stdin(Stdio::null())
        .stdout(write.try_clone().expect("a pipe can be duplicated"))
        .stderr(write)
        .process_group(0);
    let mut shell = command.spawn().map_err(|error| format!("sh: {error}"))?;
    drop(command);
    let (done, waiting) = sync_channel(1);
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes);
        done.send(read.map(|_| bytes)).ok();
    });
    let Ok(read) = waiting.recv_timeout(LONGEST) else {
        kill_group(shell.id());
        shell.wait().ok();
        return Err(format!("took longer than {} s", LONGEST.as_secs()));
    };
    let bytes = read.map_err(|error| format!("reading its output: {error}"))?;
    let status = shell.wait().map_err(|error| format!("waiting for it: {error}"))?;
    Ok(Run { status: status.code(), output: String::from_utf8_lossy(&bytes).into_owned() })
}

fn kill_group(leader: u32) {
    Command::new("sh").args(["-c", "kill -KILL -- \"-$0\"", &leader.to_string()]).status().ok();
}

/// `target/debug`: this test is `target/debug/deps/readme-…`.
fn built_programs() -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    test.ancestors().nth(2).expect("a test is built two directories down").to_owned()
}

/// Puts the program that was built in the place of `cargo run … --`, which would build it anew.
fn with_built_program(line: &str, repository: &Path, built: &Path) -> Result<String, String> {
    let Some(options) = line.trim_start().strip_prefix("cargo run") else { return Ok(line.to_owned()) };
    let (options, arguments) = options.split_once(" -- ").unwrap_or((options, ""));
    let mut words = options.split_whitespace();
    let mut program = None;
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("cargo run {word}: the name is missing"));
        match word {
            "-q" | "--quiet" | "-r" | "--release" | "--" => {}
            "--bin" => program = Some(PathBuf::from(value()?)),
            "--example" => program = Some(Path::new("examples").join(value()?)),
            "-p" | "--package" => {
                let package = value()?;
                let manifest = manifest_of(repository, package).ok_or(format!("there is no package {package}"))?;
                program = program.or_else(|| named_program(&manifest));
            }
            _ => return Err(format!("cargo run {word}: an option this test does not know")),
        }
    }
    let program = program.or_else(|| default_program(repository)).ok_or("cargo run: name the --bin or --example")?;
    let program = built.join(program);
    if !program.is_file() {
        return Err(format!("{} is not built", program.display()));
    }
    Ok(format!("'{}' {arguments}", program.display()))
}

/// The program that `cargo run` runs when none is named.
fn default_program(repository: &Path) -> Option<PathBuf> {
    let workspace = std::fs::read_to_string(repository.join("Cargo.toml")).ok()?;
    let member = workspace.lines().find_map(|line| line.strip_prefix("default-members = [\"")?.strip_suffix("\"]"))?;
    named_program(&std::fs::read_to_string(repository.join(member).join("Cargo.toml")).ok()?)
}

fn manifest_of(repository: &Path, package: &str) -> Option<String> {
    let crates = std::fs::read_dir(repository.join("crates")).ok()?;
    let mut manifests = crates.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("Cargo.toml")).ok());
    manifests.find(|manifest| manifest.lines().any(|line| line == format!("name = \"{package}\"")))
}

/// The name under `[[bin]]`.
fn named_program(manifest: &str) -> Option<PathBuf> {
    let mut lines = manifest.lines().skip_while(|line| *line != "[[bin]]");
    lines.find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).map(PathBuf::from)
}

/// A directory that is removed with the value.
struct Directory(PathBuf);

impl Directory {
    /// With a link to everything in the repository but what is built, so that commands may write beside it.
    fn linking(repository: &Path) -> Self {
        let directory = std::env::temp_dir().join(format!("llm-sandbox-readme-{}", std::process::id()));
        std::fs::remove_dir_all(&directory).ok();
        std::fs::create_dir(&directory).expect("the directory for temporary files is writable");
        let made = Self(directory);
        for entry in std::fs::read_dir(repository).expect("the repository is readable").flatten() {
            if entry.file_name() != "target" && !entry.file_name().as_encoded_bytes().starts_with(b".") {
                symlink(entry.path(), made.0.join(entry.file_name())).expect("links can be made");
            }
        }
        made
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn blocks_that_run_something_of_ours_are_known() {
    let ours = |text: &str| is_ours(&[text.to_owned()]);
    assert!(ours("llm-sandbox run a.py"));
    assert!(ours("echo 1 | llm-sandbox run -"));
    assert!(ours("  cargo run -q --example tour"));
    assert!(!ours("make test"));
    assert!(!ours("cargo add llm-sandbox"));
}

#[test]
fn targets_of_make_are_looked_up() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(make_targets(&lines("make test # all of it\nmake lint bench")), Some(vec!["test", "lint", "bench"]));
    assert_eq!(make_targets(&lines("make test\ngit push")), None);
    assert_eq!(unknown_target(&super::repository(), &["test", "tset"]), Some("tset"));
}

#[test]
fn cargo_run_becomes_the_built_program() {
    let repository = super::repository();
    let built = built_programs();
    let line = |text: &str| with_built_program(text, &repository, &built);
    assert_eq!(line("echo cargo run"), Ok("echo cargo run".to_owned()));
    assert!(line("cargo run -p llm-sandbox-nothing -- a").is_err());
    assert!(line("cargo run --features a").is_err());
    assert!(line("cargo run --bin").is_err());
    let program = built.join(PROGRAM);
    let expected = format!("'{}' run 'a -- b'", program.display());
    assert!(program.is_file(), "first run: cargo build --workspace --all-targets");
    assert_eq!(line("cargo run -q --release -p llm-sandbox-cli -- run 'a -- b'"), Ok(expected));
}
