//! Ordinary programs.

use llm_sandbox_core::{Isolation, Run};

use crate::{
    python,
    support::{javascript, open, printed, until},
};

#[tokio::test]
async fn programs_find_their_places() {
    let session = open(python()).await;
    let code = "import os, tempfile
print(os.getcwd(), os.path.expanduser('~'), tempfile.gettempdir(), sep='\\n')
for place in ('.', os.path.expanduser('~'), tempfile.gettempdir()):
    with tempfile.NamedTemporaryFile(dir=place) as file: file.write(b'text')";
    let places = printed(&session, code).await;
    let root = session.directory().parent().expect("it has one");
    let expected = [session.directory().to_owned(), root.join("home/sandbox"), root.join("tmp")];
    assert_eq!(places.lines().collect::<Vec<_>>(), expected.map(|path| path.display().to_string()));
    session.close().await.expect("it closes");
    assert!(!root.exists(), "nothing is left");
}

#[tokio::test]
async fn children_threads_and_pipes_work() {
    let session = open(python()).await;
    let code = "import asyncio, concurrent.futures, sqlite3, subprocess, threading
print(subprocess.run(['sort'], input='b\\na\\n', text=True, capture_output=True).stdout.split())
with concurrent.futures.ThreadPoolExecutor(4) as pool: print(sum(pool.map(abs, range(-9, 0))))
async def main():
    child = await asyncio.create_subprocess_exec('echo', 'hello', stdout=asyncio.subprocess.PIPE)
    print((await child.communicate())[0])
asyncio.run(main())
with sqlite3.connect('data.db') as data: print(data.execute('select 6 * 7').fetchone())
import multiprocessing
child = multiprocessing.Process(target=print, args=('from a child',))
child.start(); child.join()";
    assert_eq!(printed(&session, code).await, "['a', 'b']\n45\nb'hello\\n'\n(42,)\nfrom a child\n");
}

#[tokio::test]
async fn node_runs() {
    let builder = javascript().isolation(Isolation::WithoutNamespaces).interpreter("/usr/bin/node");
    if !std::path::Path::new("/usr/bin/node").exists() {
        println!("NOT RUN: programs::node_runs: no node in /usr/bin");
        return;
    }
    let session = open(builder).await;
    let code = "const { execFileSync } = require('child_process'), fs = require('fs');
fs.writeFileSync('file', 'text');
console.log(execFileSync('cat', ['file']).toString(), os = require('os').cpus().length > 0)";
    assert_eq!(printed(&session, code).await, "text true\n");
}

#[tokio::test]
async fn runs_that_overlap_each_have_their_own_text() {
    let session = open(python()).await;
    let text = |word: &str| {
        Run::code(format!("import os, sys\nprint('{word}', flush=True)\nsys.stdin.read()\nprint(open(__file__).read().split(\"'\")[1])"))
            .stdin_stream()
    };
    let mut runs = Vec::new();
    for word in ["one", "two", "three"] {
        let mut handle = session.start(text(word)).await.expect("it starts");
        until(&mut handle, word).await;
        runs.push((word, handle));
    }
    for (word, handle) in runs {
        handle.close_stdin();
        let result = handle.wait().await.expect("the sandbox lives");
        assert!(result.is_success() && result.stdout_text() == format!("{word}\n{word}\n"), "{}", result.stdout_text());
    }
    // The last to go may take its text along a moment later.
    crate::support::eventually("their texts go with them", || {
        let names = std::fs::read_dir(session.directory()).expect("it is there").flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("main-")).collect()
    })
    .await;
}

#[tokio::test]
async fn a_terminal_works() {
    let session = open(python()).await;
    let repl = Run::command("/usr/bin/python3").args(["-q", "-i"]).env("TERM", "dumb").env("PYTHON_BASIC_REPL", "1");
    let mut handle = session.start(repl.terminal(24, 80).stdin_stream()).await.expect("it starts");
    until(&mut handle, ">>> ").await;
    handle.write_stdin("6 * 7\n").await.expect("it reads");
    until(&mut handle, "42\r\n").await;
    handle.write_stdin("exit(7)\n").await.expect("it reads");
    assert_eq!(handle.wait().await.expect("the sandbox lives").exit_code(), Some(7));
}
