//! Interpreters wherever they lie.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use llm_sandbox_core::{ErrorKind, Run, Session};

use crate::support::{marker, open, printed, python, run};

/// The system's interpreter, and the first on the search path that lies outside /usr.
pub(crate) fn pythons() -> Vec<PathBuf> {
    let system = PathBuf::from("/usr/bin/python3");
    assert!(system.exists(), "install python3");
    [Some(system), outside_usr()].into_iter().flatten().collect()
}

fn outside_usr() -> Option<PathBuf> {
    let search = env::var_os("PATH").unwrap_or_default();
    let candidates = env::split_paths(&search).map(|directory| directory.join("python3"));
    let mut outside = candidates.filter(|path| path.canonicalize().is_ok_and(|real| !real.starts_with("/usr")));
    outside.find(|path| path.is_absolute())
}

/// A session for each interpreter there is.
pub(crate) async fn everywhere() -> Vec<Session> {
    let mut sessions = Vec::new();
    for interpreter in pythons() {
        sessions.push(open(python().interpreter(interpreter)).await);
    }
    sessions
}

/// Runs a program by each interpreter and compares what it prints.
pub(crate) async fn prints(program: impl Into<Run>, expected: &str) {
    let program = program.into();
    for session in everywhere().await {
        assert_eq!(printed(&session, program.clone()).await, expected);
    }
}

#[tokio::test]
async fn interpreters_outside_usr_work() {
    let Some(outside) = outside_usr() else {
        println!("NOT RUN: interpreters::interpreters_outside_usr_work: no python3 outside /usr on PATH");
        return;
    };
    let session = open(python().interpreter(&outside)).await;
    let code = "import sys, json, ssl, ctypes, sqlite3
print(sys.executable, sys.prefix.startswith('/usr/lib'), json.dumps({'a': 1}))";
    let shown = printed(&session, code).await;
    assert!(!shown.starts_with("/usr/") && shown.ends_with(" False {\"a\": 1}\n"), "{shown}");
    let find = Run::shell("command -v python3; python3 -c 'print(6 * 7)'");
    let shown = printed(&session, find).await;
    assert!(!shown.starts_with("/usr/") && shown.ends_with("\n42\n"), "its own directory comes first: {shown}");
}

/// A directory that is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let path = env::temp_dir().join(marker());
        fs::create_dir(&path).expect("a fresh directory");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The test has failed already where this does.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn make_environment(python: &Path, directory: &Path) -> PathBuf {
    let made = Command::new(python).args(["-m", "venv", "--without-pip"]).arg(directory).status();
    assert!(made.expect("it can be run").success());
    let find = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
    let library = Command::new(directory.join("bin/python")).args(["-c", find]).output().expect("it can be run");
    let library = String::from_utf8(library.stdout).expect("text");
    fs::write(Path::new(library.trim()).join("installed.py"), "answer = 42\n").expect("it is written");
    directory.join("bin/python")
}

#[tokio::test]
async fn virtual_environments_bring_their_libraries() {
    for python_path in pythons() {
        let scratch = Scratch::new();
        // The shim of a version manager makes an environment of what it stands for.
        let interpreter = make_environment(&python_path, &scratch.0.join("venv"));
        let session = open(python().interpreter(&interpreter)).await;
        let code = "import installed, sys; print(installed.answer, sys.prefix != sys.base_prefix)";
        assert_eq!(printed(&session, code).await, "42 True\n", "{}", python_path.display());
        let code = "import subprocess, sys
print(subprocess.run([sys.executable, '-c', 'import installed; print(installed.answer)'], capture_output=True).stdout)";
        assert_eq!(printed(&session, code).await, "b'42\\n'\n");
        session.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn a_virtual_environment_is_read_only() {
    let scratch = Scratch::new();
    let interpreter = make_environment(&pythons()[0], &scratch.0.join("venv"));
    let session = open(python().interpreter(&interpreter)).await;
    let code = "import installed
try: open(installed.__file__, 'a'); print('writable')
except OSError as error: print(type(error).__name__)";
    let result = run(&session, code).await;
    assert!(["OSError\n", "PermissionError\n"].contains(&&*result.stdout_text()), "{}", result.stdout_text());
}

#[tokio::test]
async fn an_interpreter_that_is_none_is_an_error() {
    let error = python().interpreter("/no/such/python").open().await.expect_err("it is not there");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("/no/such/python"), "{error}");
}
