//! Trees that travel between host and sandbox.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use llm_sandbox_core::{ErrorKind, Session};

use super::{Scratch, Shared, open, printed};

fn make_tree(root: &Path) {
    fs::create_dir_all(root.join("deep/er")).expect("it is made");
    fs::create_dir(root.join("empty")).expect("it is made");
    fs::write(root.join("deep/er/big"), vec![7; 3_000_000]).expect("it is written");
    fs::write(root.join("zero"), "").expect("it is written");
    fs::write(root.join("tool"), "#!/bin/sh\necho ran\n").expect("it is written");
    fs::set_permissions(root.join("tool"), fs::Permissions::from_mode(0o755)).expect("it is set");
    std::os::unix::fs::symlink("deep/er/big", root.join("link")).expect("it is linked");
}

/// A tree goes in and comes out as it was.
pub async fn trees_travel_both_ways(backend: Shared) {
    let (session, scratch) = (open(backend).await, Scratch::new());
    let (here, back) = (scratch.join("here"), scratch.join("back"));
    make_tree(&here);
    let sent = session.upload(&here, "there").await.expect("it goes in");
    assert_eq!((sent.entries, sent.bytes), (7, 3_000_019));
    let code = "import os, subprocess
print(os.path.getsize('there/link'), os.listdir('there/empty'), subprocess.run('there/tool', capture_output=True).stdout)";
    assert_eq!(printed(&session, code).await, "3000000 [] b'ran\\n'\n");
    let got = session.download("there", &back).await.expect("it comes out");
    assert_eq!((got.entries, got.bytes, got.skipped.len()), (7, 3_000_019, 0));
    assert!(fs::read(back.join("deep/er/big")).expect("it is there") == vec![7; 3_000_000]);
    assert_eq!(fs::read_link(back.join("link")).expect("a link"), Path::new("deep/er/big"));
    assert!(back.join("empty").is_dir() && back.join("zero").is_file());
    assert_ne!(fs::metadata(back.join("tool")).expect("it is there").permissions().mode() & 0o100, 0);
}

/// Single files go both ways, and over an older one.
pub async fn single_files_travel(backend: Shared) {
    let (session, scratch) = (open(backend).await, Scratch::new());
    fs::write(scratch.join("in"), "one").expect("it is written");
    session.upload(scratch.join("in"), "made/up/name").await.expect("it goes in");
    assert_eq!(session.read("made/up/name").await.expect("it is read"), b"one");
    for text in ["first", "second"] {
        session.write("out", text).await.expect("it is written");
        session.download("out", scratch.join("out")).await.expect("it comes out");
        assert_eq!(fs::read_to_string(scratch.join("out")).expect("it is there"), text);
    }
    let absent = session.upload(scratch.join("absent"), "x").await.expect_err("not there");
    assert_eq!(absent.kind(), ErrorKind::HostFile);
}

/// Links that code planted lead neither in nor out.
pub async fn planted_links_do_not_lead_out(backend: Shared) {
    let (session, scratch) = (open(backend).await, Scratch::new());
    printed(&session, "import os\nos.mkdir('t')\nos.symlink('/etc/passwd', 't/abs')\nos.symlink('../../../x', 't/up')\nos.symlink('/etc', 'etc')\nopen('t/fine', 'w').write('x')").await;
    let got = session.download("t", scratch.join("t")).await.expect("it comes out");
    assert_eq!(got.skipped, [Path::new("abs"), Path::new("up")]);
    assert_eq!(fs::read_dir(scratch.join("t")).expect("it is there").count(), 1);
    assert!(session.write("etc/new", "x").await.is_err(), "the code's user may not write there");
}

/// A pipe among the files holds nothing up.
pub async fn pipes_are_skipped(backend: Shared) {
    let (session, scratch) = (open(backend).await, Scratch::new());
    printed(&session, "import os; os.mkdir('t'); os.mkfifo('t/pipe'); os.mkfifo('pipe')").await;
    let got = session.download("t", scratch.join("t")).await.expect("it comes out");
    assert_eq!(got.skipped, [Path::new("pipe")]);
    assert!(session.download("pipe", scratch.join("pipe")).await.is_err());
    assert!(session.read("pipe").await.is_err());
}

async fn assert_refused(session: &Session, host: &Path) {
    let error = session.download("t", host).await.expect_err("it is taken");
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}

/// Nothing on the host is merged with, and links there are not followed.
pub async fn occupied_destinations_are_refused(backend: Shared) {
    let (session, scratch) = (open(backend).await, Scratch::new());
    session.write("t/file", "x").await.expect("it is written");
    fs::create_dir_all(scratch.join("full/of")).expect("it is made");
    fs::write(scratch.join("file"), "mine").expect("it is written");
    std::os::unix::fs::symlink(scratch.join("elsewhere"), scratch.join("link")).expect("it is linked");
    for name in ["full", "file", "link"] {
        assert_refused(&session, &scratch.join(name)).await;
    }
    assert_eq!(fs::read_dir(&scratch.0).expect("it is there").count(), 3, "nothing is left");
}
