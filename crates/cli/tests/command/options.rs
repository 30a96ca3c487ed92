//! What is shared with the code, and how it is limited.

use std::fs;

use crate::support::{directory, finish, finished, run};

#[test]
fn variables_are_set_and_ours_stay_outside() {
    let code = "import os; print(os.environ['A'], os.environ['B'], 'SECRET' in os.environ)";
    let mut command = run(["--env", "A=1=2", "-e", "B=", "-c", code]);
    command.env("SECRET", "x");
    assert_eq!(finish(command).stdout, "1=2  False\n");
}

#[test]
fn mounts_show_host_directories() {
    let host = directory("mounts");
    fs::write(host.join("in.txt"), "seen").expect("a file");
    let mut command = run(["--mount", ".:/data", "-c", "print(open('/data/in.txt').read()); open('/data/x', 'w')"]);
    command.current_dir(&host);
    let ended = finish(command);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(1), "seen\n"));
    assert!(ended.stderr.contains("Read-only file system"), "{ended:?}");

    let mount = format!("{}:/data:rw", host.display());
    let ended = finished(&["--mount", &mount, "-c", "open('/data/out.txt', 'w').write('left')"]);
    assert_eq!((ended.status, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(fs::read_to_string(host.join("out.txt")).expect("a file"), "left");
}

#[test]
fn a_source_with_colons_can_be_mounted() {
    let host = directory("colons").join("a:b");
    fs::create_dir(&host).expect("a directory");
    fs::write(host.join("in.txt"), "seen").expect("a file");
    let mount = format!("{}:/data:ro", host.display());
    assert_eq!(finished(&["--mount", &mount, "-c", "print(open('/data/in.txt').read())"]).stdout, "seen\n");
}

#[test]
fn files_are_copied_before_the_run() {
    let host = directory("copied");
    fs::write(host.join("helper.py"), "def answer(): return 42").expect("a file");
    let source = host.join("helper.py").display().to_string();
    let renamed = format!("{source}:other.py");
    let code = "import helper, other; print(helper.answer() + other.answer())";
    let ended = finished(&["--file", &source, "--file", &renamed, "-c", code]);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("84\n", ""));
}

#[test]
fn limits_are_enforced() {
    let code = "import threading, time
try:
    for _ in range(100): threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
except RuntimeError as error: print(error)";
    assert_eq!(finished(&["--pids", "16", "-c", code]).stdout, "can't start new thread\n");
    let code = "try: open('big', 'wb').write(bytes(4 << 20))\nexcept OSError as error: print(error.strerror)";
    assert_eq!(finished(&["--disk", "2m", "-c", code]).stdout, "No space left on device\n");
}

#[test]
fn the_working_directory_can_be_chosen() {
    let code = "import os; print(os.getcwd())";
    assert_eq!(finished(&["-c", code]).stdout, "/sandbox\n");
    assert_eq!(finished(&["--workdir", "/elsewhere", "-c", code]).stdout, "/elsewhere\n");
}

#[test]
fn the_interpreter_can_be_chosen() {
    assert_eq!(finished(&["--interpreter", "/bin/cat", "-c", "text"]).stdout, "text");
}

#[test]
fn a_host_with_fewer_descriptors_than_the_default_gives_what_it_has() {
    let program = env!("CARGO_BIN_EXE_llm-sandbox");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 200; exec \"$0\" run -c \"$1\"", program]);
    command.arg("import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[1])");
    assert_eq!(finish(command).stdout, "200\n");
}

#[test]
fn compilers_and_runtimes_are_given_their_options() {
    let code = "#include <iostream>\nint main() { std::cout << __cplusplus / 100 << \"\\n\"; }";
    let compiled = finish(run(["-l", "cpp", "--compiler-option", "-std=c++17", "-c", code]));
    assert_eq!((compiled.stdout.as_str(), compiled.status), ("2017\n", Some(0)), "{}", compiled.stderr);
    let quick = finish(run(["--runtime-option", "-O", "-c", "import sys; print(sys.flags.optimize)"]));
    assert_eq!(quick.stdout, "1\n", "{}", quick.stderr);
    let none = finish(run(["--compiler-option", "-O2", "-c", "1"]));
    assert_eq!(none.status, Some(2));
    assert!(none.stderr.contains("compiler options: python has no compiler that takes any"), "{}", none.stderr);
}
