//! Sessions beside and after each other.

use std::collections::HashSet;

use llm_sandbox_core::Run;

use crate::support::{
    assert_usable,
    host::{Trace, processes_with},
    marker, open, printed, python, until,
};

#[tokio::test]
async fn user_ids_on_the_host_differ_per_session() {
    let mut ids = HashSet::new();
    let mut sessions = Vec::new();
    for _ in 0..8 {
        let session = open(python()).await;
        let trace = Trace::of(&session).await;
        for id in trace.ids() {
            assert!(id >= 0x7000_0000, "{id} may be somebody's");
            assert!(ids.insert(id), "{id} is another session's");
        }
        sessions.push(session);
    }
    for session in sessions {
        session.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn code_runs_as_the_sessions_user_on_the_host() {
    let session = open(python()).await;
    let marker = marker();
    let mut handle =
        session.start(Run::shell("echo on; read word").arg(marker.as_str()).stdin_stream()).await.expect("it starts");
    until(&mut handle, "on").await;
    let processes = processes_with(&marker);
    let [pid] = processes.as_slice() else { panic!("{processes:?}") };
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it lives");
    let user = Trace::of_process(*pid).ids()[1].to_string();
    let expected = [user.as_str(); 4].join("\t");
    assert!(
        status.contains(&format!("Uid:\t{expected}\n")) && status.contains(&format!("Gid:\t{expected}\n")),
        "{status}"
    );
}

#[tokio::test]
async fn files_and_processes_of_another_session_are_out_of_reach() {
    let (one, other) = (open(python()).await, open(python()).await);
    let marker = marker();
    one.write("secret", marker.as_bytes()).await.expect("it is written");
    one.write("/tmp/secret", marker.as_bytes()).await.expect("it is written");
    one.write("/dev/shm/secret", marker.as_bytes()).await.expect("it is written");
    let mut server =
        one.start(Run::code("import time\nprint('on')\ntime.sleep(60)").arg(marker.as_str())).await.expect("it starts");
    until(&mut server, "on").await;
    let code = "
import glob, os, sys
for path in ('/sandbox/secret', '/tmp/secret', '/dev/shm/secret', '/home/sandbox/secret'): print(os.path.exists(path))
print(sum(b'time.sleep' in open(p, 'rb').read() for p in glob.glob('/proc/[0-9]*/cmdline')))
try: os.kill(-1, 9)
except OSError as error: pass
print('end')";
    assert_eq!(printed(&other, code).await, "False\nFalse\nFalse\nFalse\n0\nend\n");
    assert_eq!(processes_with(&marker).len(), 1, "it lives");
    assert_usable(&one).await;
}

#[tokio::test]
async fn runs_of_one_session_cannot_name_each_others_processes() {
    let session = open(python()).await;
    let mut one = session.start("import time\nprint('on')\ntime.sleep(60)").await.expect("it starts");
    until(&mut one, "on").await;
    let code = "import os; print(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()) == [1, os.getpid()])";
    assert_eq!(printed(&session, code).await, "True\n");
}

#[tokio::test]
async fn an_earlier_sessions_files_are_absent() {
    for _ in 0..3 {
        let session = open(python()).await;
        let code = "
import os
places = ('/sandbox', '/tmp', '/home/sandbox', '/dev/shm', '/var/tmp')
print([name for place in places for name in os.listdir(place) if name != 'main.py'])
for place in places: open(place + '/left', 'w').write('x')";
        assert_eq!(printed(&session, code).await, "[]\n");
        session.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn locks_and_shared_memory_are_no_channel_between_sessions() {
    let (one, other) = (open(python()).await, open(python()).await);
    let lock = "import fcntl, time
file = open('/usr/bin/env')
fcntl.flock(open('/dev/shm/lock', 'w'), fcntl.LOCK_EX)
held = open('/dev/shm/lock', 'w')
fcntl.flock(held, fcntl.LOCK_EX)
print('on')
time.sleep(60)";
    let mut holder = one.start(lock).await.expect("it starts");
    until(&mut holder, "on").await;
    let code = "import fcntl
held = open('/dev/shm/lock', 'w')
fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
print('free')";
    assert_eq!(printed(&other, code).await, "free\n");
}
