//! The host's files stay the host's, whoever asks for them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::PathBuf,
};

use llm_sandbox_core::{Access, ErrorKind, FileKind, Run};

use crate::{
    python,
    support::{marker, open, printed, until},
};

/// A directory of the host's with a secret in it, open to everybody.
struct Secret(PathBuf);

impl Secret {
    fn new() -> Self {
        let path = std::env::temp_dir().join(marker());
        fs::create_dir(&path).expect("a fresh directory");
        fs::write(path.join("secret"), "the host's").expect("it can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("it is ours");
        fs::set_permissions(path.join("secret"), fs::Permissions::from_mode(0o666)).expect("it is ours");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("secret")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn code_neither_reads_nor_changes_them() {
    let secret = Secret::new();
    let before = secret.file().metadata().expect("it is there");
    let session = open(python()).await;
    let code = format!(
        "import os
path = {:?}
def refuse(call):
    try: call()
    except OSError as error: return
    raise SystemExit('it was let through')
refuse(lambda: open(path))
refuse(lambda: open(path, 'w'))
refuse(lambda: os.truncate(path, 0))
refuse(lambda: os.unlink(path))
refuse(lambda: os.rename(path, 'mine'))
refuse(lambda: os.link(path, 'mine'))
refuse(lambda: os.listdir(os.path.dirname(path)))
refuse(lambda: open(os.path.dirname(path) + '/new', 'w'))
refuse(lambda: os.chmod(path, 0o600))
refuse(lambda: os.setxattr(path, 'user.mine', b'x'))
refuse(lambda: os.utime(path, (1, 1)))
refuse(lambda: os.getxattr(path, 'user.theirs'))
refuse(lambda: os.open(path, 3))
refuse(lambda: os.open(os.path.dirname(path), 3))
os.symlink(path, 'link')
refuse(lambda: open('link'))",
        secret.file()
    );
    assert_eq!(printed(&session, code.as_str()).await, "");
    let after = secret.file().metadata().expect("it is there");
    assert_eq!(fs::read_to_string(secret.file()).expect("it is there"), "the host's");
    assert_eq!((after.mode(), after.mtime(), after.nlink()), (before.mode(), before.mtime(), before.nlink()));
}

#[tokio::test]
async fn file_operations_go_no_further_than_the_code() {
    let secret = Secret::new();
    let session = open(python()).await;
    session.write("data/in.txt", "text").await.expect("it is written");
    assert_eq!(session.read("data/in.txt").await.expect("it is read"), b"text");
    assert_eq!(session.stat("data").await.expect("it is there").kind, FileKind::Directory);
    printed(
        &session,
        format!("import os; os.symlink({:?}, 'link'); os.symlink({:?}, 'way')", secret.file(), secret.0).as_str(),
    )
    .await;
    for path in [secret.file(), "link".into(), "way/secret".into(), "../../../etc/hostname".into()] {
        session.read(&path).await.expect_err("it is the host's");
        session.write(&path, "mine").await.expect_err("it is the host's").kind();
    }
    assert_eq!(fs::read_to_string(secret.file()).expect("it is there"), "the host's");
}

#[tokio::test]
async fn directories_are_shared_where_they_are() {
    let secret = Secret::new();
    let path = secret.0.display();
    let session = open(python().mount(&secret.0, &secret.0, Access::ReadOnly)).await;
    let reading = format!(
        "print(open('{path}/secret').read())\ntry: open('{path}/secret', 'w')\nexcept OSError: print('refused')"
    );
    assert_eq!(printed(&session, reading.as_str()).await, "the host's\nrefused\n");
    let session = open(python().mount(&secret.0, &secret.0, Access::ReadWrite)).await;
    printed(&session, format!("open('{path}/new', 'w').write('from inside')").as_str()).await;
    assert_eq!(fs::read_to_string(secret.0.join("new")).expect("it was made"), "from inside");
    let error = python().mount(&secret.0, "/data", Access::ReadOnly).open().await.expect_err("it cannot be moved");
    assert!(error.to_string().contains("another path") && error.hint().is_some(), "{error}");
    assert_eq!(error.kind(), ErrorKind::Backend);
}

/// What the code may read may be the caller's own: to open it is not enough to change it.
#[tokio::test]
async fn what_is_shared_to_be_read_is_not_changed() {
    let secret = Secret::new();
    let before =
        (secret.0.metadata().expect("it is there").mode(), secret.file().metadata().expect("it is there").mode());
    let session = open(python().mount(&secret.0, &secret.0, Access::ReadOnly)).await;
    let code = format!(
        "import ctypes, fcntl, os
for path in ({:?}, {:?}):
    file = os.open(path, os.O_RDONLY)
    for change in (lambda: os.fchmod(file, 0o600), lambda: os.fchown(file, -1, -1),
            lambda: os.setxattr(file, 'user.mine', b'x'), lambda: fcntl.ioctl(file, 0x40086602, b'\\x80\\0\\0\\0')):
        try: change()
        except OSError: pass",
        secret.0,
        secret.file()
    );
    printed(&session, code.as_str()).await;
    let after =
        (secret.0.metadata().expect("it is there").mode(), secret.file().metadata().expect("it is there").mode());
    assert_eq!(after, before);
    let attributes = std::process::Command::new("lsattr").arg("-d").arg(&secret.0).output().expect("lsattr is there");
    let attributes = String::from_utf8_lossy(&attributes.stdout).split(' ').next().unwrap_or_default().to_owned();
    assert!(!attributes.contains('d'), "a flag was set: {attributes}");
}

#[tokio::test]
async fn nobody_else_on_the_host_reads_along() {
    let session = open(python()).await;
    let root = session.directory().parent().expect("it has one");
    assert_eq!(root.metadata().expect("it is there").mode() & 0o007, 0);
}

/// Text of a run that overlaps another lies in a file of its own, which goes with the run.
#[tokio::test]
async fn texts_are_not_removed_through_links() {
    let secret = Secret::new();
    let session = open(python().directory("/tmp/work")).await;
    let (work, above) = (session.directory().display(), session.directory().parent().expect("it has one"));
    let wait = "import sys\nprint(__file__, flush=True)\nsys.stdin.read()";
    let mut first = session.start(Run::code(wait).stdin_stream()).await.expect("it starts");
    until(&mut first, "\n").await;
    let mut second = session.start(Run::code(wait).stdin_stream()).await.expect("it starts");
    let name = until(&mut second, "\n").await;
    let name = PathBuf::from(name.trim()).file_name().expect("a name").to_owned();
    fs::write(secret.0.join(&name), "the host's").expect("it can be written");
    let swap = format!("import os; os.rename('{work}', '{work}.away'); os.symlink({:?}, '{work}')", secret.0);
    printed(&session, Run::command("/usr/bin/python3").args(["-c", swap.as_str()]).directory(above)).await;
    second.close_stdin();
    second.wait().await.expect("the sandbox lives");
    session.run(Run::command("true").directory("/")).await.expect("the sandbox lives");
    assert!(secret.0.join(&name).exists(), "it is the host's");
}

#[tokio::test]
async fn what_code_leaves_is_removed_whatever_it_is() {
    let session = open(python()).await;
    let code = "import os
os.makedirs('shut/inner')
for number in range(300): open(f'shut/inner/{number}', 'w').close()
os.mkfifo('fifo'); os.symlink('/', 'root')
for _ in range(3000):
    os.mkdir('d'); os.chdir('d')";
    printed(&session, code).await;
    let root = session.directory().parent().expect("it has one").to_owned();
    session.close().await.expect("it closes");
    assert!(!root.exists());
}
