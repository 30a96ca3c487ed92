//! Disk, inodes, file size and descriptors.

use llm_sandbox_core::{Outcome, Run};

use crate::support::{assert_usable, open, printed, python, run};

#[tokio::test]
async fn a_full_disk_is_an_error_inside_only() {
    let session = open(python().disk_mib(16)).await;
    let fill = |path: &str| {
        format!(
            "import errno
with open('{path}', 'wb', buffering=0) as file:
    try:
        while True: file.write(b'x' * 65536)
    except OSError as error: print(errno.errorcode[error.errno], 15 << 20 < file.tell() < 17 << 20)"
        )
    };
    for path in ["/sandbox/big", "/tmp/big", "/home/sandbox/big", "/dev/shm/big"] {
        assert_eq!(printed(&session, fill(path)).await, "ENOSPC True\n", "{path}");
        // The program text of the next run would not fit.
        session.remove(path).await.expect("it is removed");
        assert_usable(&session).await;
    }
}

#[tokio::test]
async fn all_writable_places_share_one_disk() {
    let session = open(python().disk_mib(16)).await;
    let code = "
total, places = 0, ('/sandbox/f', '/tmp/f', '/home/sandbox/f', '/dev/shm/f')
for path in places:
    with open(path, 'wb', buffering=0) as file:
        try:
            while True: total += file.write(b'x' * 65536)
        except OSError: pass
print(total)";
    let total: u64 = printed(&session, code).await.trim().parse().expect("a number");
    // The sandbox's own files have a place of their own, which they do not fill.
    assert!((15 << 20..(16 << 20) + (256 << 10)).contains(&total), "{total}");
}

#[tokio::test]
async fn a_million_files_are_too_many() {
    let session = open(python().disk_mib(16)).await;
    let code = "
import errno
made = 0
try:
    for made in range(1000000): open(f'/tmp/{made}', 'w').close()
except OSError as error: print(errno.errorcode[error.errno], 1000 < made < 10000)";
    assert_eq!(printed(&session, code).await, "ENOSPC True\n");
}

#[tokio::test]
async fn a_full_disk_does_not_end_the_session() {
    let session = open(python().disk_mib(16)).await;
    let fill = "cat /dev/zero > /tmp/big; i=0; while : > /tmp/$i; do i=$((i + 1)); done";
    let result = run(&session, Run::shell(fill)).await;
    assert!(result.stderr_text().contains("No space left"), "{:?} {}", result.outcome, result.stderr_text());
    // There is no room for a program text; that is the code's doing, not the sandbox's.
    let result = run(&session, "print(1)").await;
    let Outcome::NeverStarted { reason } = &result.outcome else { panic!("{:?}", result.outcome) };
    assert!(reason.contains("write the program text"), "{reason}");
    assert_eq!(reason.matches("os error").count(), 1, "{reason}");
    assert_eq!(printed(&session, Run::shell("rm -rf /tmp/*; echo done")).await, "done\n");
    assert_usable(&session).await;
}

#[tokio::test]
async fn files_beyond_their_size_limit_are_refused() {
    let session = open(python().file_size_bytes(1 << 20)).await;
    let code = "
import errno
with open('big', 'wb', buffering=0) as file:
    try:
        for _ in range(40): file.write(b'x' * 65536)
    except OSError as error: print(errno.errorcode[error.errno], file.tell())";
    assert_eq!(printed(&session, code).await, format!("EFBIG {}\n", 1 << 20));
    let result = run(&session, Run::shell("exec head -c 2000000 /dev/zero > big")).await;
    assert_eq!(result.outcome, Outcome::Signalled { signal: 25 }, "{}", result.stderr_text());
    assert_usable(&session).await;
}

#[tokio::test]
async fn descriptors_run_out_inside_only() {
    let session = open(python().open_files(50)).await;
    let code = "
import errno, os
held = []
try:
    while True: held.append(os.open('/dev/null', os.O_RDONLY))
except OSError as error: print(errno.errorcode[error.errno], held[-1])
try: __import__('resource').setrlimit(__import__('resource').RLIMIT_NOFILE, (60, 60))
except (ValueError, OSError) as error: print('no more')
os.write(1, b'end\\n')";
    // The module could not even be opened.
    let result = run(&session, code).await;
    assert!(result.stdout_text().starts_with("EMFILE 49\n"), "{}", result.stdout_text());
    let code = "
import resource
print(resource.getrlimit(resource.RLIMIT_NOFILE))
try: resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
except (ValueError, OSError): print('no more')";
    assert_eq!(printed(&session, code).await, "(50, 50)\nno more\n");
}

#[tokio::test]
async fn a_file_that_claims_a_pebibyte_holds_nothing() {
    let session = open(python().disk_mib(16)).await;
    let code = "
import os
with open('sparse', 'wb') as file: file.truncate(1 << 50)
print(os.stat('sparse').st_size, os.stat('sparse').st_blocks)";
    assert_eq!(printed(&session, code).await, format!("{} 0\n", 1_u64 << 50));
    session.read("sparse").await.expect_err("it is larger than anybody reads");
    assert_usable(&session).await;
}

#[tokio::test]
async fn terminals_come_from_a_count_of_the_sandboxes_own() {
    let session = open(python().open_files(1000)).await;
    let code = "
import errno, os
made = 0
try:
    while True:
        os.open('/dev/ptmx', os.O_RDWR)
        made += 1
except OSError as error: print(errno.errorcode[error.errno], made)";
    assert_eq!(printed(&session, code).await, "ENOSPC 64\n");
    assert_usable(&session).await;
}
