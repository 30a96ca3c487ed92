//! An image in which there is nothing but one program.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::support::marker;

/// The root of an image that holds one static program and nothing else, as an archive: `/program` waits, with `fill` it
/// writes until it cannot and says why, and with other arguments it prints them.
pub(crate) fn root_of_one_program() -> Vec<u8> {
    let directory = std::env::temp_dir().join(marker());
    std::fs::create_dir(&directory).expect("a fresh directory");
    let source = r#"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static char block[65536];
int main(int c, char **v) {
    if (c == 1) pause();
    if (c == 2 && !strcmp(v[1], "fill")) {
        int file = open("fill", O_CREAT | O_WRONLY, 0600);
        while (write(file, block, sizeof block) > 0);
        puts(strerror(errno));
        return 0;
    }
    for (int i = 1; i < c; i++) puts(v[i]);
    return c;
}"#;
    let program = directory.join("program");
    let mut compiler = Command::new("cc")
        .args(["-static", "-x", "c", "-o"])
        .arg(&program)
        .arg("-")
        .stdin(Stdio::piped())
        .spawn()
        .expect("a C compiler");
    compiler.stdin.take().expect("it is piped").write_all(source.as_bytes()).expect("it reads");
    assert!(compiler.wait().expect("it is ours").success());
    let archive = Command::new("tar").args(["-c", "program"]).current_dir(&directory).output().expect("tar is there");
    std::fs::remove_dir_all(directory).expect("it is ours");
    archive.stdout
}

/// An image of it.
pub(crate) fn image_of_one_program(name: &str) -> String {
    let mut import = Command::new(crate::CLIENT)
        .args(["import", "-", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the client is there");
    import.stdin.take().expect("it is piped").write_all(&root_of_one_program()).expect("it reads");
    assert!(import.wait().expect("it is ours").success());
    name.to_owned()
}
