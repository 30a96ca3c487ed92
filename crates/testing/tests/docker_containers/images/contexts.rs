use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
    process::Command,
};

use llm_sandbox_docker::{Docker, Engine};

use super::{Directory, dockerfile, open};
use crate::support::{PATIENCE, printed};

/// Prints everything below its argument: names, modes, kinds, bytes and targets.
const LIST: &str = "
import hashlib, os, sys
top = os.fsencode(sys.argv[1])
for directory, names, files in os.walk(top):
    for name in names + files:
        path = os.path.join(directory, name)
        found = os.lstat(path)
        held = b''
        if os.path.islink(path): held = os.readlink(path)
        elif os.path.isfile(path): held = hashlib.sha256(open(path, 'rb').read()).hexdigest().encode()
        print(os.path.relpath(path, top), oct(found.st_mode), held)
";

fn listed_here(directory: &Directory) -> Vec<String> {
    let listed = Command::new("python3").args(["-c", LIST]).arg(directory.path().join("context")).output();
    let listed = listed.expect("there is a Python");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    lines(&String::from_utf8(listed.stdout).expect("text"))
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

async fn listed_inside(engine: Engine, directory: &Directory, root: &str) -> Vec<String> {
    let session = open(Docker::new(engine).dockerfile(directory.dockerfile())).await.expect("it is built");
    let list = llm_sandbox_core::Run::code(LIST).arg(root).timeout(PATIENCE);
    let listed = printed(&session, list).await;
    session.close().await.expect("it closes");
    lines(&listed)
}

/// A context of what archives and file systems find hard.
fn odd_things(engine: Engine) -> Directory {
    let directory = Directory::with(&[
        ("Dockerfile", &dockerfile(engine, "COPY context /context\nRUN python3 /context/list /context > /listed")),
        ("context/empty", ""),
        ("context/ space and\ttab ", "a"),
        ("context/-rf", "b"),
        ("context/line\nend", "c"),
        ("context/日本語/ünïcödé", "d"),
        ("context/back\\slash*[x]?", "e"),
    ]);
    let context = directory.path().join("context");
    let long = "n".repeat(200);
    directory.write(&format!("context/{long}/{long}/{}", "é".repeat(100)), vec![b'x'; 1000]);
    for size in [511, 512, 513, 65_536, 70_001] {
        directory.write(&format!("context/{size}"), vec![b'y'; size]);
    }
    // Engines take the bits by which a program has its owner's rights from what they copy.
    for mode in [0o000, 0o400, 0o644, 0o751, 0o777] {
        let name = format!("context/mode-{mode:o}");
        directory.write(&name, "m");
        chmod(&directory, &name, mode);
    }
    fs::create_dir(context.join("empty directory")).expect("a directory");
    fs::create_dir_all(context.join("sticky/within")).expect("a directory");
    chmod(&directory, "context/sticky", 0o1777);
    chmod(&directory, "context/sticky/within", 0o700);
    for (target, name) in
        [("nothing", "dangling"), ("/etc/passwd", "absolute"), ("..", "up"), ("empty directory", "to")]
    {
        symlink(target, context.join(name)).expect("a link");
    }
    symlink(format!("{long}/{long}"), context.join("far")).expect("a link");
    directory
}

fn chmod(directory: &Directory, name: &str, mode: u32) {
    fs::set_permissions(directory.path().join(name), fs::Permissions::from_mode(mode)).expect("it is ours");
}

/// Root lists it while the image is built: code is no user who may see everything.
async fn what_is_sent_is_exact(engine: Engine) {
    let directory = odd_things(engine);
    directory.write("context/list", LIST);
    let session = open(Docker::new(engine).dockerfile(directory.dockerfile())).await.expect("it is built");
    let listed = printed(&session, "print(open('/listed').read(), end='')").await;
    session.close().await.expect("it closes");
    let (inside, here) = (lines(&listed), listed_here(&directory));
    assert!(here.len() > 25, "{here:#?}");
    assert_eq!(inside, here);
}

#[tokio::test]
async fn odd_names_modes_and_links_are_exact() {
    what_is_sent_is_exact(Engine::Docker).await;
}

#[cfg(feature = "podman")]
#[tokio::test]
async fn odd_names_modes_and_links_are_exact_on_podman() {
    what_is_sent_is_exact(Engine::Podman).await;
}

#[tokio::test]
async fn names_may_be_any_bytes() {
    let directory = Directory::with(&[("Dockerfile", &dockerfile(Engine::Docker, "COPY context /context"))]);
    let context = directory.path().join("context");
    fs::create_dir(&context).expect("a directory");
    fs::write(context.join(OsStr::from_bytes(b"odd\xff")), "a").expect("a file");
    assert_eq!(listed_inside(Engine::Docker, &directory, "/context").await, listed_here(&directory));
}

async fn what_is_ignored_is_not_sent(engine: Engine) {
    let ignore = "# not these\n**/*.log\n!keep.log\n/target\nDockerfile\n.dockerignore\nnode_modules/**\n!node_modules/one/*.js\n";
    let directory = Directory::with(&[
        (".dockerignore", ignore),
        ("Dockerfile", &dockerfile(engine, "COPY . /context")),
        ("a.log", ""),
        ("deep/er/a.log", ""),
        ("deep/er/a.txt", ""),
        ("keep.log", ""),
        ("target/large", ""),
        ("within/target/kept", ""),
        ("node_modules/one/a.js", ""),
        ("node_modules/one/a.css", ""),
        ("node_modules/two/a.js", ""),
    ]);
    let code = "import os
print(sorted(os.path.join(d, f)[9:] for d, _, fs in os.walk('/context') for f in fs))";
    let session = open(Docker::new(engine).dockerfile(directory.dockerfile())).await.expect("it is built");
    let sent = "['deep/er/a.txt', 'keep.log', 'node_modules/one/a.js', 'within/target/kept']\n";
    assert_eq!(printed(&session, code).await, sent);
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn a_dockerignore_is_obeyed() {
    what_is_ignored_is_not_sent(Engine::Docker).await;
}

#[cfg(feature = "podman")]
#[tokio::test]
async fn a_dockerignore_is_obeyed_on_podman() {
    what_is_ignored_is_not_sent(Engine::Podman).await;
}

#[tokio::test]
async fn a_dockerignore_that_is_none_is_named() {
    let directory = Directory::with(&[("Dockerfile", "FROM scratch\n"), (".dockerignore", "[a\n")]);
    let error = open(Docker::new(Engine::Docker).dockerfile(directory.dockerfile())).await.expect_err("it is open");
    let llm_sandbox_core::Error::HostFile { path, source, .. } = &error else { panic!("{error:?}") };
    assert_eq!(path, &directory.path().join(".dockerignore"));
    assert!(source.to_string().contains("[a"), "{source}");
}
