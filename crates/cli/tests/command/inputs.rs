//! Where the program and its standard input come from.

use std::{
    ffi::OsStr,
    fs,
    io::{Read, Write},
    os::unix::ffi::OsStrExt,
    process::Stdio,
    thread,
};

use crate::support::{Finished, Live, directory, finish, finished, run};

const ECHO: &str = "import sys; print(repr(sys.stdin.read()))";

/// Runs with this on standard input, closed behind it.
fn fed(arguments: &[&str], input: &[u8]) -> Finished {
    let Live { child, mut stdin, mut stdout } = Live::start(run(arguments));
    let input = input.to_vec();
    let writer = thread::spawn(move || stdin.write_all(&input));
    let mut text = String::new();
    stdout.read_to_string(&mut text).expect("text");
    // A program that does not read leaves a broken pipe.
    let _ = writer.join().expect("no panic");
    Finished { stdout: text, ..child.wait_with_output().expect("an end").into() }
}

#[test]
fn standard_input_is_passed_on_to_its_end() {
    assert_eq!(fed(&["-c", ECHO], b"hello\n").stdout, "'hello\\n'\n");
    assert_eq!(finished(&["-c", ECHO]).stdout, "''\n");
}

#[test]
fn much_standard_input_is_passed_whole() {
    let code = "import sys, hashlib; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())";
    let sum = fed(&["-c", code], &vec![b'x'; 3_000_000]).stdout;
    let expected = finished(&["-c", "import hashlib; print(hashlib.sha256(b'x' * 3000000).hexdigest())"]).stdout;
    assert_eq!(sum, expected);
}

#[test]
fn what_is_read_and_written_at_once_does_not_lock_up() {
    let code = "import sys\nfor line in sys.stdin: print(line, end='')";
    let input = "0123456789\n".repeat(100_000);
    assert!(fed(&["-c", code], input.as_bytes()).stdout == input);
}

#[test]
fn code_that_ends_does_not_wait_for_standard_input() {
    let ended = Live::start(run(["-c", "print('done')"])).end();
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), "done\n"));
}

#[test]
fn code_that_closes_its_standard_input_goes_on() {
    let mut live = Live::start(run(["-c", "import os; os.close(0); print('closed'); print('end')"]));
    assert_eq!(live.line(), "closed\n");
    // However much is written then, nothing hangs; the pipe may break once the code is over.
    let _ = live.stdin.write_all(&[b'x'; 4096]);
    assert_eq!(live.end().status, Some(0));
}

#[test]
fn standard_input_can_be_a_file() {
    let path = directory("stdin_file").join("input");
    fs::write(&path, "from a file").expect("a file");
    let path = path.to_str().expect("text");
    assert_eq!(fed(&["--stdin", path, "-c", ECHO], b"from the pipe").stdout, "'from a file'\n");
    assert_eq!(fed(&["--stdin", path, "-"], ECHO.as_bytes()).stdout, "'from a file'\n");
    assert_eq!(fed(&["--stdin", "-", "-c", ECHO], b"from the pipe").stdout, "'from the pipe'\n");
    assert_eq!(finished(&["--stdin", "/dev/null", "-c", ECHO]).stdout, "''\n");
}

#[test]
fn code_from_standard_input_has_none_of_its_own() {
    assert_eq!(fed(&["-"], ECHO.as_bytes()).stdout, "''\n");
}

#[test]
fn code_from_a_file_has_the_language_of_its_ending() {
    let directory = directory("endings");
    let (python, script) = (directory.join("a.py"), directory.join("b.js"));
    fs::write(&python, "import sys; print(sys.argv[1:])").expect("a file");
    fs::write(&script, "console.log(process.argv.slice(2))").expect("a file");
    let output = |file: &std::path::Path| finish(run([file.as_os_str(), "--".as_ref(), "-x".as_ref()])).stdout;
    assert_eq!(output(&python), "['-x']\n");
    assert_eq!(output(&script), "[ '-x' ]\n");
}

#[test]
fn names_and_arguments_need_not_be_text() {
    let file = directory("names").join(OsStr::from_bytes(b"\xff\n.py"));
    fs::write(&file, "import sys; print(ascii(sys.argv[1:]))").expect("a file");
    let ended = finish(run([file.as_os_str(), "--".as_ref(), OsStr::from_bytes(b"\xfe"), "".as_ref()]));
    assert_eq!(ended.stdout, "['\\udcfe', '']\n");
}

#[test]
fn a_directory_as_standard_input_is_told() {
    let mut command = run(["-c", ECHO]);
    command.stdin(Stdio::from(fs::File::open("/").expect("a directory")));
    let ended = finish(command);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), "''\n"));
    assert_eq!(ended.stderr, "llm-sandbox: standard input could not be read to its end: is a directory\n");
}
