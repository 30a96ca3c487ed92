use std::{
    fs::Permissions,
    os::unix::fs::{PermissionsExt, symlink},
    process::{Command, Stdio},
};

use super::*;

/// A directory that goes with its test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("llm-sandbox-context-{name}-{}", std::process::id()));
        fs::create_dir(&path).expect("a fresh directory");
        Self(path)
    }

    fn write(&self, name: &str, text: &[u8], mode: u32) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("a directory");
        fs::write(&path, text).expect("a file");
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    }

    fn context(&self) -> Context {
        Context::read(&self.0, b"Dockerfile").expect("it is readable")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).expect("it is ours");
    }
}

/// Modes, sizes, names and targets as the system's own program finds them.
fn listed(context: &Context) -> Vec<String> {
    let mut archive = Vec::new();
    context.write(&mut archive).expect("there is room");
    let mut tar = Command::new("tar");
    tar.args(["-tv", "--numeric-owner", "--quoting-style=literal"]).env("TZ", "UTC").env("LC_ALL", "C");
    let mut tar = tar.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("tar is there");
    tar.stdin.take().expect("it is piped").write_all(&archive).expect("it reads");
    let output = tar.wait_with_output().expect("it is ours");
    assert!(output.status.success());
    let listed = String::from_utf8(output.stdout).expect("text");
    let line = |line: &str| {
        let words: Vec<_> = line.split_whitespace().collect();
        [&words[..3], &words[5..]].concat().join(" ")
    };
    listed.lines().map(line).collect()
}

#[test]
fn an_archive_is_what_other_programs_take() {
    let directory = Directory::new("archive");
    let long = "n".repeat(150);
    directory.write("Dockerfile", b"FROM scratch", 0o644);
    directory.write(&format!("a/{long}"), b"12345", 0o4751);
    directory.write("a/empty", b"", 0o600);
    symlink(&long, directory.0.join("link")).expect("a link");
    fs::set_permissions(directory.0.join("a"), Permissions::from_mode(0o1777)).expect("it is ours");
    let expected = [
        "-rw-r--r-- 0/0 12 Dockerfile".to_owned(),
        "drwxrwxrwt 0/0 0 a/".to_owned(),
        "-rw------- 0/0 0 a/empty".to_owned(),
        format!("-rwsr-x--x 0/0 5 a/{long}"),
        format!("lrwxrwxrwx 0/0 0 link -> {long}"),
    ];
    assert_eq!(listed(&directory.context()), expected);
}

#[test]
fn a_digest_is_that_of_the_content() {
    let directory = Directory::new("digest");
    directory.write("file", b"text", 0o644);
    let digest = || directory.context().write(&mut io::sink()).expect("it is readable");
    let first = digest();
    directory.write("file", b"text", 0o644);
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let file = File::options().write(true).open(directory.0.join("file")).expect("it is there");
    file.set_modified(long_ago).expect("it is ours");
    assert_eq!(digest(), first, "times make no difference");
    directory.write("file", b"next", 0o644);
    let second = digest();
    directory.write("file", b"next", 0o755);
    let third = digest();
    let other = Context::read(&directory.0, b"file").expect("it is readable").write(&mut io::sink());
    let other = other.expect("it is readable");
    for (one, another) in [(&first, &second), (&second, &third), (&third, &other)] {
        assert_ne!(one, another);
    }
}

#[test]
fn a_file_that_changes_meanwhile_is_named() {
    let directory = Directory::new("changes");
    directory.write("file", b"text", 0o644);
    let context = directory.context();
    for text in [&b"tex"[..], b"texts"] {
        directory.write("file", text, 0o644);
        let unreadable = context.write(&mut io::sink()).expect_err("its size was promised");
        assert_eq!(unreadable.path, directory.0.join("file"));
    }
}

#[test]
fn directories_of_what_is_taken_back_are_there() {
    let directory = Directory::new("exceptions");
    directory.write(".dockerignore", b"**\n!a/b/c\n", 0o644);
    directory.write("a/b/c", b"", 0o644);
    directory.write("a/b/d", b"", 0o644);
    directory.write("Dockerfile", b"FROM scratch", 0o644);
    let names: Vec<_> =
        directory.context().entries.into_keys().map(|name| String::from_utf8(name).expect("text")).collect();
    assert_eq!(names, [".dockerignore", "Dockerfile", "a", "a/b", "a/b/c"]);
}
