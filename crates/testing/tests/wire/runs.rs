//! Runs that are cut short, fed late, killed early.

use llm_sandbox_protocol::{Channel, Control, Frame, Kind, RunEnd, TerminalSize};

use crate::host::{Host, control, data, fed, program, run, shell, sourced, text};

#[tokio::test]
async fn input_is_closed_on_its_own() {
    let mut host = Host::open().await;
    host.send_all(&[run(1, fed("cat; echo; echo the other way goes on")), data(1, Channel::Stdin, b"all of it")]).await;
    host.send_all(&[Frame::end(1, Channel::Stdin), Frame::end(1, Channel::Stdin), data(1, Channel::Stdin, b"late")])
        .await;
    let left = host.finish(1).await;
    assert_eq!(left.stdout, b"all of it\nthe other way goes on\n");
    host.forget(1);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn input_may_come_before_the_program_text() {
    let mut host = Host::open().await;
    let mut request = sourced("/sandbox/main");
    request.stdin = true;
    let [script, end] = text(1, "cat");
    host.send_all(&[run(1, request), data(1, Channel::Stdin, b"ear"), script]).await;
    host.send_all(&[data(1, Channel::Stdin, b"ly"), Frame::end(1, Channel::Stdin), end]).await;
    assert_eq!(host.finish(1).await.stdout, b"early");
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_kill_while_the_text_still_comes_is_the_end() {
    let mut host = Host::open().await;
    let parts = |stream| {
        let [script, end] = text(stream, "echo never; touch ran");
        (run(stream, sourced("/sandbox/main")), script, end, control(stream, &Control::Kill))
    };
    let (open, script, end, kill) = parts(1);
    host.send_all(&[open, script.clone()]).await;
    host.send(&kill).await;
    assert_eq!(host.finish(1).await.ended.end, RunEnd::Killed);
    host.send_all(&[script, end]).await;
    // Together with the text's end, but before it.
    for order in [[1, 3, 2], [3, 1, 2]] {
        let stream = host.fresh();
        let (open, script, end, kill) = parts(stream);
        let frames = [open, script, end, kill];
        host.send_all(&[&frames[..1], &order.map(|at: usize| frames[at].clone())].concat()).await;
        assert_eq!(host.finish(stream).await.ended.end, RunEnd::Killed, "{order:?}");
        host.forget(stream);
    }
    host.traces.until_idle().await;
    let found = host.printed("ls").await;
    assert!(!found.contains("ran"), "the text may have been written, it never ran: {found}");
    host.close().await;
}

#[tokio::test]
async fn a_reset_ends_a_run_in_every_phase() {
    let mut host = Host::with_window(100).await;
    let phases = |stream| {
        let [script, end] = text(stream, "touch ran; head -c 100000 /dev/zero; sleep 1000");
        let open = run(stream, sourced("/sandbox/main"));
        [
            vec![open.clone()],
            vec![open.clone(), script.clone()],
            vec![open, script, end],
            vec![run(stream, fed("sleep 1000")), data(stream, Channel::Stdin, &[0; 500_000])],
            vec![run(stream, shell("kill $$"))],
            vec![run(stream, program(&["/no/such/program"]))],
        ]
    };
    for number in 0..phases(1).len() {
        // At once with what it ends, and after it.
        let stream = host.fresh();
        host.send_all(&[&phases(stream)[number][..], &[Frame::reset(stream)]].concat()).await;
        host.traces.until_idle().await;
        host.assert_over(stream).await;
        let stream = host.fresh();
        host.send_all(&phases(stream)[number]).await;
        host.assert_alive_but_for(stream).await;
        host.send(&Frame::reset(stream)).await;
        host.traces.until_idle().await;
        host.assert_over(stream).await;
    }
    host.close().await;
}

#[tokio::test]
async fn a_reset_between_text_and_end_starts_nothing() {
    let mut host = Host::open().await;
    let [script, end] = text(1, "touch ran; sleep 1000");
    host.send_all(&[run(1, sourced("/sandbox/main")), script, Frame::reset(1), end]).await;
    host.traces.until_idle().await;
    assert_eq!(host.printed("ls").await, "");
    host.close().await;
}

#[tokio::test]
async fn after_a_reset_nothing_more_is_said() {
    let mut host = Host::open().await;
    host.send(&run(1, shell("yes"))).await;
    assert_eq!(host.answer(1).await.kind, Kind::Data);
    host.send(&Frame::reset(1)).await;
    // What was on its way comes still; an answer to a later word is later than all of it.
    host.send(&Frame { stream: 0, kind: Kind::Ping, channel: Channel::None, payload: Vec::new() }).await;
    host.next_of(0).await;
    host.forget(1);
    host.traces.until_idle().await;
    host.assert_alive().await;
    host.close().await;
}

/// Hands its output to another run and leaves: that one keeps it open.
#[tokio::test]
async fn output_that_another_run_holds_open_has_an_end() {
    let mut host = Host::open().await;
    let keeper = "import socket, time\ns = socket.socket(socket.AF_UNIX)\ns.bind('/tmp/s')\ns.listen()\n\
        print('up', flush=True)\nc, _ = s.accept()\nkept = socket.recv_fds(c, 1, 2)\nc.send(b'k')\ntime.sleep(1000)";
    let giver = "import socket, os\ns = socket.socket(socket.AF_UNIX)\ns.connect('/tmp/s')\n\
        socket.send_fds(s, [b'x'], [1, 2])\ns.recv(1)\nos.write(1, b'last words')";
    let python = |code| program(&["/usr/bin/python3", "-I", "-c", code]);
    host.send(&run(1, python(keeper))).await;
    assert_eq!(host.answer(1).await.kind, Kind::Data);
    let left = host.run(python(giver)).await;
    assert_eq!((left.stdout.as_slice(), left.ended.end), (&b"last words"[..], RunEnd::Exited(0)));
    host.send(&control(1, &Control::Kill)).await;
    assert_eq!(host.finish(1).await.ended.end, RunEnd::Killed);
    host.assert_alive().await;
    host.close().await;
}

#[tokio::test]
async fn a_terminal_that_the_program_let_go_costs_no_processor() {
    let mut host = Host::open().await;
    let mut request = shell("exec <&- >&- 2>&-; sleep 0.4");
    request.terminal = Some(TerminalSize { rows: 24, columns: 80 });
    let before = host.traces.agent_time();
    assert_eq!(host.run(request).await.ended.end, RunEnd::Exited(0));
    let spent = host.traces.agent_time() - before;
    assert!(spent.as_millis() < 20, "the agent was busy for {spent:?}");
    host.close().await;
}

#[tokio::test]
async fn what_a_run_took_is_given_back() {
    let mut host = Host::open().await;
    host.assert_alive().await;
    for _ in 0..20 {
        host.run(program(&["/no/such/program"])).await;
        host.run(shell("sleep 1000 & echo out; exit 1")).await;
        let stream = host.fresh();
        host.send_all(&[run(stream, fed("cat")), Frame::reset(stream)]).await;
    }
    host.traces.until_nothing_is_open().await;
    host.close().await;
}
