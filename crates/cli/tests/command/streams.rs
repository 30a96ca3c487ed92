//! Output as it comes, unaltered.

use std::fs;

use crate::support::{Live, directory, finish, finished, run};

#[test]
fn output_is_seen_while_the_code_goes_on() {
    let code = "print('first'); print('second', input()); print('third', input())";
    let mut live = Live::start(run(["-c", code]));
    assert_eq!(live.line(), "first\n");
    std::io::Write::write_all(&mut live.stdin, b"one\n").expect("it reads");
    assert_eq!(live.line(), "second one\n");
    std::io::Write::write_all(&mut live.stdin, b"two\n").expect("it reads");
    let ended = live.end();
    assert_eq!((ended.status, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "third two\n", ""));
}

#[test]
fn an_unfinished_line_is_seen_too() {
    let mut live = Live::start(run(["-c", "print('name? ', end='', flush=True); print('hello', input())"]));
    let mut prompt = [0; 6];
    std::io::Read::read_exact(&mut live.stdout, &mut prompt).expect("a prompt");
    assert_eq!(&prompt, b"name? ");
    std::io::Write::write_all(&mut live.stdin, b"Ada\n").expect("it reads");
    assert_eq!(live.end().stdout, "hello Ada\n");
}

#[test]
fn each_stream_keeps_to_its_own() {
    let ended = finished(&["-c", "import sys; print('out'); print('err', file=sys.stderr)"]);
    assert_eq!((ended.status, ended.stdout.as_str(), ended.stderr.as_str()), (Some(0), "out\n", "err\n"));
}

#[test]
fn bytes_are_passed_unaltered() {
    let code = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 4000)";
    let output = run(["-c", code]).output().expect("it starts");
    assert!(output.stdout == (0..=255).cycle().take(256 * 4000).collect::<Vec<u8>>());
}

#[test]
fn past_the_limit_head_and_tail_are_kept_and_counted() {
    let ended = finished(&["--output", "100", "-c", "print('a' * 500); print('z' * 500)"]);
    assert_eq!((ended.status, ended.stdout.len()), (Some(0), 100));
    assert!(ended.stdout.starts_with('a') && ended.stdout.ends_with("z\n"));
    let words =
        "llm-sandbox: 902 of 1002 bytes of output were left out after the first 50; --output raises the limit\n";
    assert_eq!(ended.stderr, words);
}

#[test]
fn unlimited_output_comes_whole() {
    let size = 20_000_000;
    let code = format!("import sys; sys.stdout.write('x' * {size})");
    let ended = finished(&["--output", "unlimited", "-c", &code]);
    assert_eq!((ended.status, ended.stdout.len(), ended.stderr.as_str()), (Some(0), size, ""));
}

#[test]
fn output_that_cannot_be_written_is_told() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let mut command = run(["-c", "import os, time; os.write(1, b'x'); time.sleep(600)"]);
    command.stdout(full).stderr(std::process::Stdio::piped());
    let ended = finish_but_stdout(command);
    assert_eq!(ended.0, Some(125));
    let words = "llm-sandbox: the output could not be written, so the code was killed: no space left on device\n";
    assert!(ended.1.starts_with(words), "{}", ended.1);
}

fn finish_but_stdout(mut command: std::process::Command) -> (Option<i32>, String) {
    let output = command.spawn().expect("it starts").wait_with_output().expect("an end");
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

#[test]
fn output_into_one_file_is_all_there() {
    let path = directory("one_file").join("both");
    let file = fs::File::create(&path).expect("a file");
    let mut command = run(["-c", "import sys; print('out'); print('err', file=sys.stderr)"]);
    command.stdout(file.try_clone().expect("a descriptor")).stderr(file);
    assert!(command.status().expect("it starts").success());
    let mut lines: Vec<_> = fs::read_to_string(path).expect("text").lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["err", "out"]);
}

#[test]
fn both_streams_come_in_full_when_large() {
    let code = "import sys
for _ in range(300): sys.stdout.write('o' * 4096); sys.stderr.write('e' * 4096)";
    let ended = finish(run(["-c", code]));
    assert_eq!((ended.stdout.len(), ended.stderr.len()), (300 * 4096, 300 * 4096));
}
