//! `cp`: bytes come as they were, into directories that are there and to names that are not.

use std::fs;

use super::{Home, word};

#[test]
fn files_keep_every_byte() {
    let home = Home::with_session("bytes", &[]);
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let (source, back) = (home.path.join("in.bin"), home.path.join("back.bin"));
    fs::write(&source, &bytes).expect("a file");
    home.told(&["cp", word(&source), "s:deep/a.bin"]);
    assert_eq!(home.told(&["exec", "s", "-c", "import os; print(os.path.getsize('deep/a.bin'))"]), "3000000\n");
    home.told(&["cp", "s:deep/a.bin", word(&back)]);
    assert!(fs::read(&back).expect("a file") == bytes);
}

#[test]
fn directories_go_whole() {
    let home = Home::with_session("trees", &[]);
    let tree = home.path.join("tree");
    fs::create_dir_all(tree.join("below")).expect("a directory");
    fs::write(tree.join("below/a.txt"), "a").expect("a file");
    home.told(&["cp", word(&tree), "s:"]);
    assert_eq!(home.told(&["exec", "s", "cat", "/sandbox/tree/below/a.txt"]), "a");
    home.told(&["cp", word(&tree), "s:/sandbox/other"]);
    assert_eq!(home.told(&["exec", "s", "ls", "other"]), "below\n");
    // Into what is there.
    home.told(&["cp", word(&tree), "s:other"]);
    assert_eq!(home.told(&["exec", "s", "ls", "other"]), "below\ntree\n");
    let out = home.path.join("out");
    fs::create_dir(&out).expect("a directory");
    home.told(&["cp", "s:tree", word(&out)]);
    assert_eq!(fs::read_to_string(out.join("tree/below/a.txt")).expect("a file"), "a");
    home.told(&["cp", "s:tree/below", word(&home.path.join("new"))]);
    assert_eq!(fs::read_to_string(home.path.join("new/a.txt")).expect("a file"), "a");
}

#[test]
fn what_is_left_out_is_named() {
    let home = Home::with_session("left_out", &[]);
    home.told(&["exec", "s", "-c", "import os; os.mkdir('d'); open('d/a', 'w'); os.symlink('/etc/passwd', 'd/link')"]);
    let target = home.path.join("d");
    let ended = home.ask(&["cp", "s:d", word(&target)]);
    assert_eq!(ended.status, Some(0));
    assert!(ended.stderr.contains("link was left out"), "{}", ended.stderr);
    assert!(target.join("a").exists() && target.join("link").symlink_metadata().is_err());
}

#[test]
fn copies_that_are_none() {
    let home = Home::with_session("none", &[]);
    let hint = "write SESSION:PATH on one side, such as work:out.csv, and ./a:b for a host path with a colon";
    home.refused(&["cp", "a", "b"], "copy: neither side is one of a session", hint);
    home.refused(&["cp", "s:a", "s:b"], "copy: both sides are of sessions", hint);
    home.refused(&["cp", "no/such", "s:"], "file \"no/such\": no such file or directory", "name one that is there");
    let ended = home.ask(&["cp", "s:no-such", "."]);
    assert_ne!(ended.status, Some(0));
    assert!(ended.stderr.contains("no-such: nothing is there"), "{}", ended.stderr);
}
