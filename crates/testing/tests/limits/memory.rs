//! Memory is limited apart from files, for all processes of a session together.

use std::{fs, time::Duration};

use llm_sandbox_core::{Outcome, Run, RunResult, Session};

use crate::support::{assert_usable, eventually, host::Trace, open, printed, python, run, until};

/// 128 MiB of memory beside an unused disk of twice that.
async fn narrow() -> Session {
    open(python().memory_mib(128).disk_mib(256).processes(64)).await
}

async fn assert_out_of_memory(session: &Session, code: &str) -> RunResult {
    let result = run(session, code).await;
    assert_eq!(result.outcome, Outcome::OutOfMemory, "{} {}", result.stdout_text(), result.stderr_text());
    assert_usable(session).await;
    result
}

#[tokio::test]
async fn one_allocation_above_the_limit_is_told_though_the_disk_is_unused() {
    let session = narrow().await;
    for mebibytes in [200, 300, 600, 4000] {
        assert_out_of_memory(&session, &format!("x = b'x' * ({mebibytes} << 20)\nprint(len(x))")).await;
    }
}

/// The kernel's word comes at the very page that reaches the limit, when no more than the limit may be in use yet.
#[tokio::test]
async fn memory_that_goes_on_above_the_limit_is_told_each_time() {
    let session = open(python().memory_mib(32).disk_mib(64).processes(64)).await;
    for _ in 0..100 {
        assert_out_of_memory(&session, "x = b'x' * (40 << 20)\n__import__('time').sleep(60)").await;
    }
}

#[tokio::test]
async fn memory_above_the_limit_is_told_though_the_program_ends_at_once() {
    let session = narrow().await;
    for _ in 0..5 {
        assert_out_of_memory(&session, "import os\nx = b'x' * (250 << 20)\nos._exit(0)").await;
    }
}

#[tokio::test]
async fn what_is_held_when_the_memory_ran_out_was_told_before() {
    let session = narrow().await;
    let result = assert_out_of_memory(&session, "print('before')\nx = b'x' * (300 << 20)\nprint('after')").await;
    assert!(result.stdout_text().starts_with("before\n"));
    assert!(result.usage.peak_memory_bytes.is_some_and(|peak| peak >= 128 << 20), "{:?}", result.usage);
}

#[tokio::test]
async fn many_small_allocations_reach_the_limit_too() {
    let session = narrow().await;
    assert_out_of_memory(&session, "pieces = []\nwhile True: pieces.append(bytearray(10000))").await;
}

#[tokio::test]
async fn ten_children_share_one_limit() {
    let session = narrow().await;
    let code = "
import os, signal, time
for _ in range(10):
    if os.fork() == 0:
        x = b'x' * (40 << 20)
        signal.pause()
while True: time.sleep(1)";
    assert_out_of_memory(&session, code).await;
}

#[tokio::test]
async fn a_childs_lack_of_memory_is_told_though_the_parent_lives() {
    let session = narrow().await;
    let code = "
import os, time
if os.fork() == 0:
    x = b'x' * (500 << 20)
    os._exit(0)
os.wait()
time.sleep(0.2)
print('fine')";
    assert_out_of_memory(&session, code).await;
    // The parent that leaves as soon as it hears of it.
    let code = "import subprocess, sys
subprocess.run([sys.executable, '-c', 'x = b\"x\" * (500 << 20)'])";
    assert_out_of_memory(&session, code).await;
}

#[tokio::test]
async fn memory_just_below_the_limit_is_there() {
    let session = narrow().await;
    for _ in 0..3 {
        assert_eq!(printed(&session, "x = b'x' * (104 << 20)\nprint(len(x) >> 20)").await, "104\n");
    }
}

#[tokio::test]
async fn memory_that_is_never_touched_is_free() {
    let session = narrow().await;
    let code = "import mmap
x = mmap.mmap(-1, 8 << 30)
for at in range(0, 8 << 30, 1 << 30): x[at] = 1
print(len(x) >> 30)";
    assert_eq!(printed(&session, code).await, "8\n");
}

#[tokio::test]
async fn a_full_disk_leaves_all_memory() {
    let session = narrow().await;
    let code = "
import errno
with open('big', 'wb') as file:
    try:
        while True: file.write(b'x' * (1 << 20))
    except OSError as error: print(errno.errorcode[error.errno], file.tell() >> 20)
x = b'x' * (100 << 20)
print(len(x) >> 20)";
    let shown = printed(&session, code).await;
    let size = shown.strip_prefix("ENOSPC ").and_then(|rest| rest.strip_suffix("\n100\n"));
    let size: u64 = size.unwrap_or_else(|| panic!("{shown}")).parse().expect("a number");
    assert!((254..=256).contains(&size), "{size} MiB of 256");
    assert_out_of_memory(&session, "x = b'x' * (160 << 20)").await;
}

#[tokio::test]
async fn reading_large_files_takes_no_memory() {
    let session = open(python().memory_mib(32).disk_mib(1)).await;
    let code = "find /usr/bin /usr/lib -xdev -type f -size +1M -exec cat {} + | head -c 300000000 | wc -c";
    assert_eq!(printed(&session, Run::shell(code)).await, "300000000\n");
}

/// The kernel remembers each name it did not find, and charges whoever asked.
#[tokio::test]
async fn what_the_kernel_remembers_of_files_takes_no_memory() {
    let session = open(python().memory_mib(32).disk_mib(1)).await;
    let code = "
import mmap, os, time
for number in range(400000):
    os.path.exists(f'/usr/lib/absent-{time.time_ns()}')
    if number % 1000 == 0: mmap.mmap(-1, 1 << 20).write(b'x' * (1 << 20))
print('done')";
    assert_eq!(printed(&session, code).await, "done\n");
    assert_out_of_memory(&session, "x = b'x' * (64 << 20)").await;
}

#[tokio::test]
async fn memory_without_a_name_is_memory() {
    let session = narrow().await;
    let anonymous = "import os
file = os.memfd_create('hoard')
while True: os.write(file, b'x' * (1 << 20))";
    assert_out_of_memory(&session, anonymous).await;
    let shared = "import mmap
x = mmap.mmap(-1, 500 << 20)
for at in range(0, 500 << 20, 4096): x[at] = 1";
    assert_out_of_memory(&session, shared).await;
}

#[tokio::test]
async fn system_v_shared_memory_is_memory_and_not_the_next_runs() {
    let session = narrow().await;
    let system_v = "import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
at = libc.shmat(libc.shmget(0, 200 << 20, 0o600), None, 0)
ctypes.memset(at, 1, 200 << 20)
__import__('time').sleep(60)";
    // The kernel frees it a while after the run.
    for _ in 0..10 {
        assert_out_of_memory(&session, system_v).await;
    }
}

#[tokio::test]
async fn shared_memory_files_are_disk() {
    let session = narrow().await;
    let code = "import errno
with open('/dev/shm/big', 'wb') as file:
    try:
        while True: file.write(b'x' * (1 << 20))
    except OSError as error: print(errno.errorcode[error.errno])";
    assert_eq!(printed(&session, code).await, "ENOSPC\n");
}

#[tokio::test]
async fn what_sockets_hold_is_memory() {
    let session = narrow().await;
    let code = "
import os, socket, time
for _ in range(20):
    if os.fork() == 0: break
held = []
for _ in range(400):
    one, other = socket.socketpair()
    one.setblocking(False)
    held.append((one, other))
    try:
        while True: one.send(b'x' * 60000)
    except BlockingIOError: pass
time.sleep(60)";
    assert_out_of_memory(&session, code).await;
}

#[tokio::test]
async fn the_run_that_holds_most_pays() {
    let session = narrow().await;
    let small = Run::code("import sys\nx = b'x' * (20 << 20)\nprint('on')\nsys.stdin.readline()\nprint('off')");
    let mut small = session.start(small.stdin_stream()).await.expect("it starts");
    until(&mut small, "on").await;
    assert_out_of_memory(&session, "import time\nx = b'x' * (150 << 20)\ntime.sleep(60)").await;
    small.write_stdin("\n").await.expect("it reads");
    assert!(small.wait().await.expect("the sandbox lives").is_success());
}

#[tokio::test]
async fn locked_memory_is_refused() {
    let session = narrow().await;
    let code = "import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(1 << 16)
print(libc.mlock(buffer, 1 << 16), libc.mlockall(3), errno.errorcode[ctypes.get_errno()])";
    assert_eq!(printed(&session, code).await, "-1 -1 EPERM\n");
}

#[tokio::test]
async fn nothing_is_swapped() {
    let session = narrow().await;
    let trace = Trace::of(&session).await;
    let groups = trace.groups();
    let group = groups.iter().find(|group| group.join("memory.limit_in_bytes").exists()).expect("a memory group");
    let value = |name| fs::read_to_string(group.join(name)).ok();
    assert_eq!(value("memory.swappiness").as_deref(), Some("0\n"));
    if let Some(both) = value("memory.memsw.limit_in_bytes") {
        assert_eq!(Some(both), value("memory.limit_in_bytes"));
    }
}

#[tokio::test]
async fn the_limit_is_not_worn_out() {
    let session = narrow().await;
    for _ in 0..20 {
        let code = Run::code("x = b'x' * (400 << 20)").timeout(Duration::from_secs(20));
        assert_eq!(run(&session, code).await.outcome, Outcome::OutOfMemory);
    }
    assert_eq!(printed(&session, "x = b'x' * (100 << 20)\nprint(1)").await, "1\n");
}

#[tokio::test]
async fn what_tcp_sockets_hold_is_bounded() {
    let session = open(python().memory_mib(64)).await;
    let code = "
import socket
listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(256)
held, total, chunk = [], 0, b'x' * 65536
for _ in range(300):
    client = socket.socket()
    client.connect(listener.getsockname())
    held += [client, listener.accept()[0]]
    client.setblocking(False)
    try:
        while total < 1 << 30: total += client.send(chunk)
    except OSError: pass
print(total >> 20)";
    let result = run(&session, code).await;
    // Held back by the kernel, or killed: both bound it.
    let mebibytes = result.stdout_text().trim().parse::<u64>();
    assert!(result.outcome == Outcome::OutOfMemory || mebibytes.is_ok_and(|held| held < 160), "{result:?}");
    assert_usable(&session).await;
}

#[tokio::test]
async fn an_idle_session_keeps_no_processes_for_runs_however_full_its_disk() {
    let session = open(python().memory_mib(64)).await;
    printed(&session, "open('full', 'wb').write(bytes(100 << 20))").await;
    let trace = Trace::of(&session).await;
    assert_usable(&session).await;
    eventually("all but the agent go", || {
        let processes = trace.processes();
        let beside_the_agent = processes.len().saturating_sub(1);
        processes.iter().take(beside_the_agent).map(ToString::to_string).collect()
    })
    .await;
    assert_usable(&session).await;
}
