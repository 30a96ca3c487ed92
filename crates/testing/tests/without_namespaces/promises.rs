//! What is promised, and what is refused because it is not.

use llm_sandbox_core::{ErrorKind, Guarantee, Outcome, Run, Strength};

use crate::{
    python,
    support::{open, run},
};

#[tokio::test]
async fn what_does_not_hold_is_refused_by_name() {
    let session = open(python()).await;
    for held in [Guarantee::NetworkNone, Guarantee::TreeKill, Guarantee::HostFiles, Guarantee::AgentApart] {
        assert!(session.capabilities().holds(held), "{held}");
    }
    assert_eq!(session.capabilities().strength(Guarantee::DiskLimit), Strength::Absent);
    assert_eq!(session.capabilities().strength(Guarantee::HostHidden), Strength::BestEffort);
    for refused in [python().require([Guarantee::HostHidden]), python().disk_mib(10)] {
        let error = refused.open().await.expect_err("it does not hold");
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("with namespaces")), "{error:?}");
    }
}

#[tokio::test]
async fn limits_of_a_run_hold() {
    let session = open(python().file_size_bytes(1 << 20).open_files(64)).await;
    let large = run(&session, Run::shell("exec head -c 2000000 /dev/zero >file")).await;
    assert_eq!(large.outcome, Outcome::Signalled { signal: 25 });
    let many = run(&session, "held = [open('/dev/null') for _ in range(100)]").await;
    assert!(many.stderr_text().contains("Too many open files"), "{}", many.stderr_text());
    let busy = Run::code("while True: pass").cpu_time(std::time::Duration::from_millis(300));
    assert_eq!(run(&session, busy).await.outcome, crate::support::CPU);
}

#[tokio::test]
async fn the_network_is_refused() {
    let session = open(python()).await;
    let result = run(&session, "import socket; socket.create_connection(('127.0.0.1', 22))").await;
    assert_eq!(result.exit_code(), Some(1));
    assert!(result.stderr_text().contains("Operation not permitted"), "{}", result.stderr_text());
}

#[tokio::test]
async fn local_sockets_of_the_host_are_out_of_reach() {
    let path = std::env::temp_dir().join(crate::support::marker());
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o777)).expect("it is ours");
    socket.set_nonblocking(true).expect("it is ours");
    let session = open(python()).await;
    let code = format!(
        "import socket
for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
    try:
        one, other = socket.socketpair(socket.AF_UNIX, kind)
        for send in (lambda: one.sendto(b'hello', {path:?}), lambda: one.connect({path:?}), lambda: one.bind('\\0mine')):
            try: send()
            except OSError: pass
    except OSError: pass"
    );
    crate::support::printed(&session, code.as_str()).await;
    let heard = socket.recv(&mut [0; 8]);
    std::fs::remove_file(&path).expect("it is ours");
    assert_eq!(heard.expect_err("nothing was heard").kind(), std::io::ErrorKind::WouldBlock);
}
