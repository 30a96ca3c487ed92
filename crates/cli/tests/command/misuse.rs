//! Bad input: each a clear error and nothing run.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use crate::support::{Finished, directory, finish, llm_sandbox, run};

fn refused(arguments: &[&OsStr], message: &str, hint: &str) {
    let expected = format!("llm-sandbox: {message}\nllm-sandbox: hint: {hint}\n");
    assert_eq!(finish(run(arguments)), Finished { status: Some(2), stdout: String::new(), stderr: expected });
}

fn refused_text(arguments: &[&str], message: &str, hint: &str) {
    refused(&arguments.iter().map(OsStr::new).collect::<Vec<_>>(), message, hint);
}

#[test]
fn code_that_is_none() {
    refused_text(&["-c", ""], "code: it is empty", "give a program to run");
    refused_text(&["-c", " \n"], "code: it is empty", "give a program to run");
    refused_text(&["-"], "code: it is empty", "give a program to run");
    let broken = [OsStr::new("-c"), OsStr::from_bytes(b"print('\xff')")];
    refused(&broken, "code: it is not UTF-8 at offset 7", "encode the program as UTF-8");
}

#[test]
fn files_that_are_no_code() {
    let directory = directory("no_code");
    let (huge, nul, endless) = (directory.join("huge.py"), directory.join("nul.py"), "/dev/zero");
    fs::write(&huge, vec![b'#'; 20_000_000]).expect("a file");
    fs::write(&nul, "print(1)\0").expect("a file");
    let hint = "upload large data as files and read them";
    refused(&[huge.as_ref()], "code: 20000000 bytes are more than the 16777216 allowed", hint);
    refused(&[nul.as_ref()], "code: there is a NUL byte at offset 8", "leave it out");
    let message = "file \"/dev/zero\": it has more than 67108864 bytes";
    refused_text(&["-l", "py", endless], message, "give data by --file, --mount or standard input");
}

#[test]
fn files_that_are_not_there() {
    let hint = "name a file that can be read";
    refused_text(&["no/such.py"], "file \"no/such.py\": no such file or directory", hint);
    refused_text(&["-l", "python", "/etc"], "file \"/etc\": is a directory", "give a program text");
    let message = "standard input \"no/such\": no such file or directory";
    refused_text(&["--stdin", "no/such", "-c", "1"], message, "name a file that can be read");
    let message = "standard input \"/etc\": it is a directory";
    refused_text(&["--stdin", "/etc", "-c", "1"], message, "name a file that can be read");
    refused_text(
        &["--file", "no/such", "-c", "1"],
        "file \"no/such\": no such file or directory",
        "name one that is there",
    );
}

#[test]
fn a_file_in_the_programs_place() {
    let message = "file \"/etc/hostname\": main.py is where the program itself goes";
    refused_text(&["--file", "/etc/hostname:main.py", "-c", "1"], message, "give it another name, by SRC:NAME");
}

#[test]
fn languages_that_are_unknown() {
    let hint = "did you mean \"python\"? There are: python, javascript, java, cpp, go, r, ruby";
    refused_text(&["-l", "pyhton", "-c", "1"], "language: \"pyhton\" is unknown", hint);
    let broken = [OsStr::new("-l"), OsStr::from_bytes(b"\xff"), OsStr::new("-c"), OsStr::new("1")];
    refused(&broken, "language: \"\u{fffd}\" is unknown", "there are: python, javascript, java, cpp, go, r, ruby");
    let hint = "name the language by -l; there are: python, javascript, java, cpp, go, r, ruby";
    refused_text(&["/etc/hostname"], "file \"/etc/hostname\": its ending belongs to no language", hint);
}

#[test]
fn limits_that_are_none() {
    let seconds = "give seconds from zero up, such as 2 or 0.5, or none";
    for word in ["-1", "-0.001", "soon", "nan", "inf", "1e300", ""] {
        refused_text(&["--timeout", word, "-c", "1"], &format!("timeout: {word:?} is not a time in seconds"), seconds);
    }
    refused_text(&["--memory", "1KiB", "-c", "1"], "memory: 1024 bytes are too few", "give at least 16777216 bytes");
    let size = "write a whole number, alone for bytes or with k, m, g or t (powers of 1024), such as 512m or 64KiB";
    refused_text(&["--memory", "12x", "-c", "1"], "memory: \"12x\" is not a size: \"x\" is no unit", size);
    let message = "disk: \"-5\" is not a size: it does not begin with a whole number";
    refused_text(&["--disk", "-5", "-c", "1"], message, size);
    let cpus = "give a number from 0.01 up, such as 0.5 or 2";
    refused_text(&["--cpus", "two", "-c", "1"], "cpus: \"two\" is no such number", cpus);
    refused_text(&["--cpus", "0", "-c", "1"], "cpus: 0 is not a number of processors", cpus);
    let message = "processes: \"-1\" is no such number";
    refused_text(&["--pids", "-1", "-c", "1"], message, "give a whole number, such as 64");
    refused_text(&["--pids", "0", "-c", "1"], "processes: 0 processes are too few", "give at least 2 processes");
}

#[test]
fn mounts_that_are_none() {
    let message = "mount of /no/such: its source cannot be used: No such file or directory (os error 2)";
    refused_text(&["--mount", "/no/such:/data", "-c", "1"], message, "create it first");
    let hint = "write SRC:DST or SRC:DST:rw, DST being an absolute path inside, such as ./data:/data";
    refused_text(&["--mount", "/etc", "-c", "1"], "mount \"/etc\": it has no source and target", hint);
    refused_text(&["--mount", ":/data", "-c", "1"], "mount \":/data\": it has no source and target", hint);
    let message = "mount \"/etc:/data:rx\": \"rx\" is no access, only ro and rw are";
    refused_text(&["--mount", "/etc:/data:rx", "-c", "1"], message, hint);
}

#[test]
fn variables_and_directories_that_are_none() {
    let hint = "write NAME=VALUE; the host's own variables are never passed on by themselves";
    refused_text(&["--env", "HOME", "-c", "1"], "environment variable \"HOME\": it has no value", hint);
    let message = "working directory: \"here\" is not absolute";
    refused_text(&["--workdir", "here", "-c", "1"], message, "give a path that starts with /");
    let ended = finish(run(["--env", "=x", "-c", "1"]));
    let expected = "llm-sandbox: environment variable \"\": a name is not empty and has no \"=\" in it\n";
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(2), expected));
}

#[test]
fn container_options_that_are_none() {
    let option = |option: &str, message: &str, hint: &str| {
        refused_text(&["--backend", "docker", "--container-option", option, "-c", "1"], message, hint);
    };
    let hint = "did you mean \"mem_limit\"?";
    option("mem_limits=1g", "container option: \"mem_limits\" is unknown", hint);
    let size = "give a size in bytes, such as \"512m\" or 536870912";
    option("mem_limit=much", "container option mem_limit: \"much\" is none", size);
    option("read_only=yes", "container option read_only: \"yes\" is none", "give true or false");
    let message = "container option tty: the container's standard streams are the pipe to the agent";
    option("tty=true", message, "ask for a terminal by Run::terminal, on the command line by --tty");
    let message = "container option \"mem_limit\": it has no value";
    option("mem_limit", message, "write NAME=VALUE, such as mem_limit=512m");
    let hint = "name one that has them: --backend docker or --backend podman";
    let message = "container option: the native backend has no containers";
    refused_text(&["--container-option", "shm_size=1m", "-c", "1"], message, hint);
    let native = ["--backend", "native", "--container-option", "shm_size=1m", "-c", "1"];
    refused_text(&native, "container option: the backend native has no containers", hint);
}

#[test]
fn shapes_that_are_none() {
    let first = |arguments: &[&str]| {
        let ended = finish(llm_sandbox(arguments));
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
        ended.stderr.lines().next().expect("a line").to_owned()
    };
    assert_eq!(first(&["run"]), "error: the following required arguments were not provided:");
    let both = "error: the argument '--code <CODE>' cannot be used with '[FILE]'";
    assert_eq!(first(&["run", "-c", "1", "a.py"]), both);
    assert_eq!(first(&["run", "--tiemout", "1", "-c", "1"]), "error: unexpected argument '--tiemout' found");
    assert_eq!(first(&["rnu"]), "error: unrecognized subcommand 'rnu'");
}

#[test]
fn images_where_there_are_none() {
    let hint = "name one that has images: --backend docker or --backend podman";
    refused_text(&["--image", "a", "-c", "1"], "image: the native backend has none", hint);
    refused_text(&["-b", "native", "--image", "a", "-c", "1"], "image: the backend native has none", hint);
    refused_text(&["--dockerfile", "a", "-c", "1"], "dockerfile: the native backend has none", hint);
    for (arguments, message) in [
        (
            &["--image", "a", "--dockerfile", "b", "-c", "1"][..],
            "error: the argument '--image <IMAGE>' cannot be used with '--dockerfile <PATH>'",
        ),
        (&["--keep-template", "-c", "1"], "error: the following required arguments were not provided:"),
    ] {
        let ended = finish(run(arguments));
        assert_eq!((ended.status, ended.stderr.lines().next()), (Some(2), Some(message)), "{ended:?}");
    }
}
