//! Starts the program and sees what it leaves.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio},
};

/// `llm-sandbox` with these arguments, nothing on standard input.
pub(crate) fn llm_sandbox(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_llm-sandbox"));
    command.args(arguments).stdin(Stdio::null()).env("LLM_SANDBOX_CONFIG", "/dev/null");
    command
}

/// `llm-sandbox run` with these arguments.
pub(crate) fn run(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = llm_sandbox(["run"]);
    command.args(arguments);
    command
}

/// What a finished program left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finished {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Runs it to its end.
pub(crate) fn finish(mut command: Command) -> Finished {
    command.output().expect("it starts").into()
}

/// Runs `llm-sandbox run` with these arguments to its end.
pub(crate) fn finished(arguments: &[&str]) -> Finished {
    finish(run(arguments))
}

/// Read by `scripts/test-suites`: a test, or a part of it, can do nothing on this machine.
#[expect(clippy::print_stderr, reason = "the way a test says that it did not run")]
pub(crate) fn not_run(test: &str, reason: &str) {
    eprintln!("NOT RUN: {test}: {reason}");
}

/// An empty directory of a test's own.
pub(crate) fn directory(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a directory");
    path
}

/// A program that is still running, its streams in our hands.
pub(crate) struct Live {
    pub(crate) child: Child,
    pub(crate) stdin: ChildStdin,
    pub(crate) stdout: BufReader<ChildStdout>,
}

impl Live {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let stdin = child.stdin.take().expect("a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, stdin, stdout }
    }

    /// Waits for the next line of output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line");
        line
    }

    /// Waits for its end while its standard input stays open.
    pub(crate) fn end(mut self) -> Finished {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).expect("text");
        self.child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
        let status = self.child.wait().expect("an end").code();
        drop(self.stdin);
        Finished { status, stdout, stderr }
    }
}

/// What a running sandbox has on the host.
#[derive(Debug)]
pub(crate) struct Footprint {
    name: String,
}

impl Footprint {
    /// That of the sandbox whose supervisor is a child of this process.
    pub(crate) fn of(parent: u32) -> Self {
        let tree = descendants(parent);
        let name = tree.iter().find_map(|pid| sandbox_of(*pid)).expect("a process in a sandbox's cgroup");
        let footprint = Self { name };
        assert!(!footprint.directories().is_empty() && !footprint.processes().is_empty());
        footprint
    }

    fn processes(&self) -> Vec<u32> {
        processes().filter(|pid| sandbox_of(*pid).as_ref() == Some(&self.name)).collect()
    }

    fn directories(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        search(Path::new("/sys/fs/cgroup"), &self.name, &mut found);
        found
    }

    /// Asserts that no process, cgroup or mount is left.
    pub(crate) fn assert_gone(&self) {
        assert_eq!(self.processes(), Vec::<u32>::new(), "processes of {}", self.name);
        assert_eq!(self.directories(), Vec::<PathBuf>::new(), "directories of {}", self.name);
        let mounts = fs::read_to_string("/proc/self/mountinfo").expect("mounts");
        assert!(!mounts.contains(&self.name), "{mounts}");
    }
}

fn search(directory: &Path, name: &str, found: &mut Vec<PathBuf>) {
    // Groups of other tests come and go meanwhile.
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        if entry.file_name() == name {
            found.push(entry.path());
        }
        search(&entry.path(), name, found);
    }
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").expect("processes").flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

pub(crate) fn descendants(parent: u32) -> Vec<u32> {
    let children: Vec<u32> = processes().filter(|pid| parent_of(*pid) == Some(parent)).collect();
    let below = children.iter().flat_map(|child| descendants(*child)).collect::<Vec<_>>();
    children.into_iter().chain(below).collect()
}

fn parent_of(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// The name of the sandbox that a process is in, by its cgroups.
fn sandbox_of(pid: u32) -> Option<String> {
    let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).ok()?;
    let mut parts = groups.split(['/', '\n']);
    parts.find(|part| part.starts_with("llm-sandbox-")).map(str::to_owned)
}
