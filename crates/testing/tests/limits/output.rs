//! Output that is too much costs nobody but its program.

use std::{fs, time::Duration};

use llm_sandbox_core::{Gap, Run};

use crate::support::{WALL, assert_usable, open, printed, python, run};

/// The most memory this process has held, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("/proc is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}

#[tokio::test]
async fn a_gibibyte_of_output_is_cut_and_the_hosts_memory_is_flat() {
    let session = open(python()).await;
    assert_usable(&session).await;
    let before = peak();
    let script = "echo first; head -c 1073741824 /dev/zero; echo last; head -c 1073741824 /dev/zero >&2";
    let result = run(&session, Run::shell(script).output_limit(1 << 20)).await;
    assert!(result.is_success(), "{:?}", result.outcome);
    assert!(result.stdout.bytes.starts_with(b"first\n\0") && result.stdout.bytes.ends_with(b"\0last\n"));
    let written = (1 << 30) + 11;
    assert_eq!((result.stdout.written, result.stdout.bytes.len()), (written, 1 << 20));
    assert_eq!(result.stdout.gap, Some(Gap { offset: 1 << 19, omitted: written - (1 << 20) }));
    assert_eq!((result.stderr.written, result.stderr.bytes.len()), (1 << 30, 1 << 20));
    assert_eq!(result.usage.output_bytes, Some(written + (1 << 30)));
    let grown = peak() - before;
    assert!(grown < 32 << 20, "{grown} bytes more were held");
}

#[tokio::test]
async fn a_gibibyte_streamed_whole_leaves_the_hosts_memory_flat() {
    let session = open(python()).await;
    let run = Run::shell("head -c 1073741824 /dev/zero").unlimited_output();
    let mut handle = session.start(run).await.expect("it starts");
    let before = peak();
    let mut seen = 0;
    while let Some(event) = handle.next_event().await {
        seen += event.bytes.len();
    }
    assert!(handle.wait().await.expect("the sandbox lives").is_success());
    assert_eq!(seen, 1 << 30);
    let grown = peak() - before;
    assert!(grown < 64 << 20, "{grown} bytes more were held");
}

#[tokio::test]
async fn an_endless_flood_of_errors_ends_at_the_deadline() {
    let session = open(python()).await;
    let flood = Run::shell("exec cat /dev/zero >&2").timeout(Duration::from_millis(500)).output_limit(1000);
    let result = run(&session, flood).await;
    assert_eq!(result.outcome, WALL);
    assert_eq!((result.stdout.written, result.stderr.bytes.len()), (0, 1000));
    assert!(result.stderr.written > 1 << 20 && result.stderr.is_truncated());
    assert_usable(&session).await;
}

#[tokio::test]
async fn both_streams_have_a_limit_of_their_own() {
    let session = open(python().output_limit(4)).await;
    let result = run(&session, "import sys\nprint('abcdefgh', end='')\nsys.stderr.write('1234')").await;
    assert_eq!((result.stdout_text(), result.stderr_text()), ("abgh".into(), "1234".into()));
    assert_eq!(result.stdout.gap, Some(Gap { offset: 2, omitted: 4 }));
    assert_eq!(result.stdout.marked_text(), "ab\n[4 bytes omitted]\ngh");
    assert_eq!(result.stderr.gap, None);
}

#[tokio::test]
async fn a_traceback_is_kept_behind_any_flood() {
    let session = open(python().output_limit(10_000)).await;
    let code = "import sys\nfor i in range(100000): print(i, file=sys.stderr)\nraise ValueError('at last')";
    let result = run(&session, code).await;
    assert!(result.stderr_text().starts_with("0\n1\n"));
    assert!(result.stderr_text().contains("main.py\", line 3"), "{}", result.stderr_text());
    assert!(result.stderr_text().ends_with("ValueError: at last\n"), "{}", result.stderr_text());
}

#[tokio::test]
async fn a_program_that_closed_its_output_goes_on() {
    let session = open(python()).await;
    let code = "import os\nos.close(1)\nos.close(2)\nopen('proof', 'w').write('it went on')";
    assert!(run(&session, code).await.is_success());
    assert_eq!(printed(&session, "print(open('proof').read())").await, "it went on\n");
}
