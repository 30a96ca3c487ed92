//! Bad input: each a clear error before anything is done, and nothing left.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use llm_sandbox_core::{Access, Language, Run, Session, SessionBuilder};

use super::{Shared, assert_invalid, open, printed};

/// Nothing to run.
pub async fn empty_programs(backend: Shared) {
    let session = open(backend).await;
    for code in ["", " \n\t"] {
        assert_invalid(session.run(code).await, "code");
    }
    assert_invalid(session.run(Run::command("")).await, "program");
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// Twenty megabytes of code.
pub async fn huge_programs(backend: Shared) {
    let session = open(backend).await;
    assert_invalid(session.run("#".repeat(20_000_000)).await, "code");
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// Bytes that no program has.
pub async fn broken_programs(backend: Shared) {
    let session = open(backend).await;
    assert_invalid(session.run("print(1)\0").await, "NUL byte at offset 8");
    assert_invalid(session.run(&b"print('\xff')"[..]).await, "not UTF-8 at offset 7");
}

/// Arguments that the system would cut or refuse.
pub async fn broken_arguments(backend: Shared) {
    let session = open(backend).await;
    assert_invalid(session.run(Run::code("1").arg("a\0b")).await, "NUL");
    assert_invalid(session.run(Run::command("echo").arg("x".repeat(200_000))).await, "argument");
    assert_invalid(session.run(Run::code("1").args(vec!["x".repeat(100_000); 20])).await, "arguments");
    assert_invalid(session.run(Run::command("ec\0ho")).await, "NUL");
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// Paths inside that lead up or nowhere.
pub async fn broken_paths(backend: Shared) {
    let session = open(backend).await;
    for path in ["../x", "a/../../x", "/sandbox/../etc/x"] {
        assert_invalid(session.write(path, "x").await, "..");
        assert_invalid(session.read(path).await, "..");
        assert_invalid(session.upload("/etc/hostname", path).await, "..");
        assert_invalid(session.download(path, "/nowhere/x").await, "..");
    }
    assert_invalid(session.read("").await, "empty");
    assert_invalid(session.write(Path::new(OsStr::from_bytes(b"a\0b")), "x").await, "NUL");
    assert_invalid(session.run(Run::code("1").directory("../x")).await, "..");
}

fn builder(backend: &Shared) -> SessionBuilder {
    Session::builder_on(backend.clone(), Language::Python)
}

/// Working directories that cannot be.
pub async fn broken_directories(backend: Shared) {
    for directory in ["/", "../x", "relative", "/sandbox/../etc", "", "/proc/x", "/usr"] {
        assert_invalid(builder(&backend).directory(directory).open().await, "working directory");
    }
}

/// Deadlines that are none.
pub async fn broken_deadlines(backend: Shared) {
    for seconds in [-1.0, -0.001, f64::NAN, f64::INFINITY, 1e300] {
        assert_invalid(builder(&backend).timeout_seconds(seconds).open().await, "timeout");
    }
    let session = open(backend).await;
    assert_invalid(session.run(Run::code("1").timeout_seconds(-1.0)).await, "timeout");
    assert_eq!(printed(&session, "print(1)").await, "1\n");
}

/// Limits that nothing runs in, or that are no numbers.
pub async fn broken_limits(backend: Shared) {
    assert_invalid(builder(&backend).memory_bytes(1024).open().await, "memory");
    assert_invalid(builder(&backend).memory_mib(u64::MAX).open().await, "memory");
    assert_invalid(builder(&backend).disk_mib(0).open().await, "disk");
    assert_invalid(builder(&backend).processes(0).open().await, "processes");
    assert_invalid(builder(&backend).open_files(1).open().await, "open files");
    for cpus in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_invalid(builder(&backend).cpus(cpus).open().await, "cpus");
    }
}

/// Mounts of what is not there, or on what must not be covered.
pub async fn absent_mounts(backend: Shared) {
    let mount = |source: &str, target: &str| builder(&backend).mount(source, target, Access::ReadOnly);
    assert_invalid(mount("/no/such/directory", "/data").open().await, "/no/such/directory");
    for target in ["/", "relative", "/data/../etc", "/proc", "/sandbox"] {
        assert_invalid(mount("/etc", target).open().await, "mount of /etc");
    }
}

/// Variables that no environment holds.
pub async fn broken_variables(backend: Shared) {
    for (name, value) in [("", "x"), ("A=B", "x"), ("A\0", "x"), ("A", "x\0")] {
        assert_invalid(builder(&backend).env(name, value).open().await, "environment variable");
    }
}
