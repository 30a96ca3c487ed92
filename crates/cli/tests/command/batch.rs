//! Many jobs: results as lines, mistakes told before anything runs, and batches that are cut short and resumed.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use rustix::{
    fs::{CWD, FileType, Mode, mknodat},
    process::{Pid, Signal, kill_process},
};
use serde_json::{Value, json};

use crate::support::{Finished, Footprint, Live, directory, finish, llm_sandbox};

fn batch(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = llm_sandbox(["batch"]);
    command.args(arguments);
    command
}

/// A file with these lines.
fn jobs(directory: &Path, lines: impl IntoIterator<Item = Value>) -> PathBuf {
    let path = directory.join("jobs.jsonl");
    let text: String = lines.into_iter().map(|line| format!("{line}\n")).collect();
    fs::write(&path, text).expect("a file");
    path
}

/// The result of each id, of which no two may be the same.
fn results(text: &str) -> BTreeMap<String, Value> {
    let mut seen = BTreeMap::new();
    for line in text.lines() {
        let result: Value = serde_json::from_str(line).expect("an object on each line");
        let known = seen.insert(result["id"].to_string(), result);
        assert!(known.is_none(), "{known:?} twice");
    }
    seen
}

#[test]
fn each_job_has_its_result() {
    let directory = directory("batch_results");
    let echo = "import os, sys\nprint(sys.argv[1:], sys.stdin.read(), os.environ['A'], open('f/g').read())";
    let lines = [
        json!({"id": 1, "code": "print(6 * 7)"}),
        json!({"id": "all", "code": echo, "language": "py", "args": ["a b"], "stdin": "in", "env": {"A": "b"}, "files": {"f/g": "text"}}),
        json!({"id": "argv", "command": ["echo", "$HOME", "x"], "args": ["y"]}),
        json!({"id": "three", "code": "raise SystemExit(3)", "timeout": null}),
        json!({"id": "endless", "code": "while True: pass", "timeout": 0.2}),
    ];
    let ended = finish(batch([jobs(&directory, lines)]));
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
    let results = results(&ended.stdout);
    let shown = |id: &str| results[id]["stdout"]["bytes"].as_str().expect("text").to_owned();
    assert_eq!((shown("1"), &results["1"]["attempts"]), ("42\n".to_owned(), &json!(1)));
    assert_eq!(shown("\"all\""), "['a b'] in b text\n");
    assert_eq!(shown("\"argv\""), "$HOME x y\n");
    assert_eq!(results["\"three\""]["exit_code"], 3);
    assert_eq!(results["\"endless\""]["outcome"], json!({"kind": "timed-out", "limit": "wall"}));
    assert_eq!(results.len(), 5);
}

#[test]
fn limits_are_those_of_a_run() {
    let directory = directory("batch_limits");
    let lines = [json!({"id": 1, "code": "x = bytearray(1 << 27)"}), json!({"id": 2, "code": "print('x' * 99)"})];
    let path = jobs(&directory, lines);
    let mut command = batch(["--memory", "64m", "--output-limit", "10", "--env", "A=b", "--jobs", "1"]);
    command.arg(path);
    let ended = finish(command);
    let results = results(&ended.stdout);
    assert_eq!((ended.status, &results["1"]["outcome"]["kind"]), (Some(0), &json!("out-of-memory")), "{ended:?}");
    assert_eq!(results["2"]["truncated"], true);
}

#[test]
fn what_could_not_be_run_is_told_and_the_rest_is_run() {
    let directory = directory("batch_errors");
    let lines = [json!({"id": 1, "code": " "}), json!({"id": 2, "code": "print(1)"})];
    let ended = finish(batch([jobs(&directory, lines)]));
    let results = results(&ended.stdout);
    assert_eq!((ended.status, results["2"]["exit_code"].clone()), (Some(125), json!(0)));
    let error = json!({"kind": "invalid-input", "message": "code: it is empty", "hint": "give a program to run"});
    assert_eq!(results["1"]["error"], error);
}

fn refused(lines: &str, message: &str, hint: &str) {
    let directory = directory("batch_refused");
    let path = directory.join("jobs.jsonl");
    fs::write(&path, lines).expect("a file");
    let expected =
        format!("llm-sandbox: {}\nllm-sandbox: hint: {hint}\n", message.replace("FILE", &format!("file {path:?}")));
    assert_eq!(finish(batch([path])), Finished { status: Some(2), stdout: String::new(), stderr: expected });
}

#[test]
fn lines_that_are_no_jobs() {
    let all = "id, code, command, language, args, stdin, env, files, timeout";
    let good = "{\"id\": 1, \"code\": \"print(1)\"}\n";
    let hint = format!("did you mean \"timeout\"? There are: {all}");
    refused(&format!("{good}\n{{\"id\": 2, \"tiemout\": 1}}"), "line 3 of FILE: \"tiemout\" is unknown", &hint);
    let hint = format!("there are: {all}");
    refused("{\"id\": 2, \"ruminations\": 1}", "line 1 of FILE: \"ruminations\" is unknown", &hint);
    let hint = "give each job one that no other has";
    refused(&format!("{good}{good}"), "line 2 of FILE: an earlier job has the id 1, too", hint);
    refused("{\"code\": \"1\"}", "line 1 of FILE: id: there is none", hint);
    let hint = "give a program text, or a command";
    refused("{\"id\": 1}", "line 1 of FILE: code: there is none", hint);
    let both = "{\"id\": 1, \"code\": \"1\", \"command\": \"ls\"}";
    refused(both, "line 1 of FILE: command: there is code as well", "give one of the two");
    let line = "{\"id\": 1, \"code\": \"1\", \"timeout\": -1}";
    refused(line, "line 1 of FILE: timeout: it is not a time in seconds", "give seconds from zero up");
    let line = "{\"id\": 1, \"code\": \"1\", \"files\": {\"a\": 1}}";
    refused(line, "line 1 of FILE: files: it does not name texts", "write such as {\"name\": \"text\"}");
    let line = "{\"id\": 1, \"code\": \"1\", \"language\": \"pyhton\"}";
    let hint = "did you mean \"python\"? There are: python, javascript, java, cpp, go, r, ruby";
    refused(line, "line 1 of FILE: language: \"pyhton\" is unknown", hint);
    let hint = "write one object on each line, such as {\"id\": 1, \"code\": \"print(1)\"}";
    refused(
        "[1]",
        "line 1 of FILE: it is no JSON object: invalid type: sequence, expected a map at line 1 column 0",
        hint,
    );
}

#[test]
fn options_that_are_none() {
    let refused = |arguments: &[&str], message: &str, hint: &str| {
        let expected = format!("llm-sandbox: {message}\nllm-sandbox: hint: {hint}\n");
        assert_eq!(finish(batch(arguments)), Finished { status: Some(2), stdout: String::new(), stderr: expected });
    };
    let hint = "name a file that can be read, or - for standard input";
    refused(&["no/such"], "file \"no/such\": no such file or directory", hint);
    let hint = "give a whole number from one up, such as 8";
    refused(&["--jobs", "0", "/dev/null"], "jobs: 0 at once are none", hint);
    refused(&["--jobs", "many", "/dev/null"], "jobs: \"many\" is no such number", hint);
    let ended = finish(batch(["--resume", "/dev/null"]));
    assert_eq!(ended.status, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("--output <FILE>"), "{ended:?}");
}

#[test]
fn standard_input_is_run_as_it_comes() {
    let mut live = Live::start(batch(["-"]));
    for number in 0..3 {
        writeln!(live.stdin, "{}", json!({"id": number, "code": format!("print({number})")})).expect("it reads");
        let result: Value = serde_json::from_str(&live.line()).expect("its result before the next job is there");
        assert_eq!((&result["id"], &result["stdout"]["bytes"]), (&json!(number), &json!(format!("{number}\n"))));
    }
    writeln!(live.stdin, "{{\"id\": 4, \"cod\": 1}}").expect("it reads");
    let ended = live.end();
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert!(ended.stderr.starts_with("llm-sandbox: line 4 of standard input: \"cod\" is unknown\n"), "{ended:?}");
}

/// A batch whose last job but one waits until a pipe is opened and closed.
struct Halting {
    directory: PathBuf,
    pipe: PathBuf,
    arguments: Vec<String>,
}

/// The jobs before that one: more than may be on their way into the file.
const QUICK: usize = 10;

impl Halting {
    fn new(test: &str) -> Self {
        let directory = directory(test);
        let pipe = directory.join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o644), 0).expect("a pipe");
        fs::set_permissions(&pipe, fs::Permissions::from_mode(0o644)).expect("a pipe that all can read");
        let lines = (0..QUICK).map(|number| json!({"id": number, "code": format!("print({number})")}));
        let wait = json!({"id": "wait", "code": "print(open('/shared/pipe').read())"});
        let file = jobs(&directory, lines.chain([wait, json!({"id": "last", "code": "print('last')"})]));
        let mount = format!("{}:/shared", directory.display());
        let output = directory.join("results.jsonl").display().to_string();
        let file = file.display().to_string();
        let arguments = ["--jobs", "1", "--mount", &mount, "--output", &output, &file].map(str::to_owned).to_vec();
        Self { directory, pipe, arguments }
    }

    /// Starts it; comes back when the job waits.
    fn started(&self) -> (Live, File) {
        let live = Live::start(batch(&self.arguments));
        // Opening waits for whoever opens the other end.
        (live, OpenOptions::new().write(true).open(&self.pipe).expect("the job reads"))
    }

    fn output(&self) -> String {
        fs::read_to_string(self.directory.join("results.jsonl")).expect("it is there")
    }

    /// Resumes, lets the job go on, and sees that every job has been run, once.
    fn resume(&self) {
        let text = self.output();
        let before = results(text.rsplit_once('\n').map_or("", |(whole, _)| whole));
        let mut arguments = self.arguments.clone();
        arguments.push("--resume".to_owned());
        let live = Live::start(batch(&arguments));
        drop(OpenOptions::new().write(true).open(&self.pipe).expect("the job reads"));
        let ended = live.end();
        assert_eq!((ended.status, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "", ""));
        let after = results(&self.output());
        assert_eq!(after.len(), QUICK + 2);
        assert!(before.iter().all(|(id, result)| after[id] == *result), "what was there stays");
    }
}

#[test]
fn killed_and_resumed_it_runs_every_job_once() {
    let halting = Halting::new("batch_killed");
    let (mut live, pipe) = halting.started();
    live.child.kill().expect("it lives");
    live.child.wait().expect("it ends");
    drop(pipe);
    let text = halting.output();
    assert!(text.lines().count() >= QUICK - 4, "{text}");
    // As if the last line had been cut off while it was written.
    let cut = text.len() - 20;
    File::options()
        .write(true)
        .open(halting.directory.join("results.jsonl"))
        .expect("a file")
        .set_len(cut as u64)
        .expect("cut");
    let ended = finish(batch(&halting.arguments));
    let words =
        "its last line was cut off\nllm-sandbox: hint: add --resume, which removes that line and runs its job again\n";
    assert!(ended.status == Some(2) && ended.stderr.ends_with(words), "{ended:?}");
    halting.resume();
}

#[test]
fn interrupted_it_keeps_what_is_done() {
    let halting = Halting::new("batch_interrupted");
    let (live, pipe) = halting.started();
    let footprint = Footprint::of(live.child.id());
    kill_process(Pid::from_child(&live.child), Signal::INT).expect("it lives");
    let ended = live.end();
    footprint.assert_gone();
    let words = "llm-sandbox: stopped by signal 2 (SIGINT); what ran was killed, results so far are kept\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(130), words));
    drop(pipe);
    assert_eq!(results(&halting.output()).len(), QUICK);
    halting.resume();
}

#[test]
fn resumed_it_runs_again_what_has_an_error() {
    let directory = directory("batch_error_again");
    let path = jobs(&directory, [json!({ "id": "a", "code": "print(1)" }), json!({ "id": "b", "code": "print(2)" })]);
    let output = directory.join("results.jsonl");
    fs::write(&output, "{\"id\":\"a\",\"error\":{\"kind\":\"backend\",\"message\":\"no room\",\"hint\":null}}\n")
        .expect("a file");
    let resumed = || finish(batch([path.as_os_str(), "--resume".as_ref(), "-o".as_ref(), output.as_os_str()]));
    for _ in 0..2 {
        assert_eq!(resumed().status, Some(0));
        let text = fs::read_to_string(&output).expect("results");
        assert_eq!(text.lines().count(), 3, "once each: {text}");
        let (_, rest) = text.split_once('\n').expect("lines");
        assert_eq!(results(rest).len(), 2);
    }
}

#[test]
fn results_do_not_go_into_the_jobs() {
    let directory = directory("batch_onto_itself");
    let path = jobs(&directory, [json!({ "id": "a", "code": "print(1)" })]);
    let before = fs::read_to_string(&path).expect("the jobs");
    let link = directory.join("link");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    for output in [&path, &link] {
        let ended = finish(batch([path.as_os_str(), "-o".as_ref(), output.as_os_str()]));
        let words = "llm-sandbox: output: it is the file of jobs\nllm-sandbox: hint: name another file\n";
        assert_eq!((ended.status, ended.stderr.as_str()), (Some(2), words));
    }
    assert_eq!(fs::read_to_string(&path).expect("the jobs"), before);
}

#[test]
fn one_output_is_written_by_one_batch() {
    let halting = Halting::new("batch_twice");
    let (live, pipe) = halting.started();
    let ended = finish(batch(&halting.arguments));
    assert!(ended.stderr.contains("another process is writing results to it"), "{ended:?}");
    assert_eq!(ended.status, Some(2));
    drop(pipe);
    assert_eq!(live.end().status, Some(0));
    assert_eq!(results(&halting.output()).len(), QUICK + 2);
}

#[test]
fn a_reader_who_leaves_ends_it() {
    let directory = directory("batch_pipe");
    let path = jobs(&directory, (0..1000).map(|number| json!({"id": number, "code": "print('x' * 100000)"})));
    let mut live = Live::start(batch([path]));
    live.line();
    let Live { mut child, stdout, stdin, .. } = live;
    drop((stdout, stdin));
    assert_eq!(child.wait().expect("it ends").code(), Some(141));
}
