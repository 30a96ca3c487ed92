//! Runs that share the name of their program text.

use llm_sandbox_protocol::{Control, Frame, RunEnd};

use crate::host::{Host, control, run, sourced, text};

/// Runs that start in the same moment, each with its own text under the same name.
#[tokio::test]
async fn each_of_many_runs_has_its_own_text() {
    let mut host = Host::open().await;
    for round in 0..12 {
        let streams: Vec<u32> = (0..8).map(|_| host.fresh()).collect();
        let frames: Vec<Frame> = streams
            .iter()
            .flat_map(|stream| {
                let [script, end] = text(*stream, &format!("echo {stream} of {round}"));
                [run(*stream, sourced("/sandbox/main")), script, end]
            })
            .collect();
        host.send_all(&frames).await;
        for stream in streams {
            let left = host.finish(stream).await;
            let printed = String::from_utf8_lossy(&left.stdout);
            assert_eq!(printed, format!("{stream} of {round}\n"), "{:?}", left.ended);
        }
    }
    host.traces.until_no_texts().await;
    host.assert_alive().await;
    host.close().await;
}

/// The text stays where it is while its program runs, whoever comes and goes.
#[tokio::test]
async fn a_text_outlives_those_beside_it() {
    let mut host = Host::open().await;
    let waiting = "echo up; while [ ! -e go ]; do sleep 0.01; done; cat main";
    let begin = |stream, script: &str| {
        let [script, end] = text(stream, script);
        [run(stream, sourced("/sandbox/main")), script, end]
    };
    host.send_all(&begin(1, &format!("{waiting} # first"))).await;
    host.answer(1).await;
    host.send_all(&begin(3, &format!("{waiting} # second"))).await;
    host.answer(3).await;
    for stream in [5, 7] {
        host.send_all(&begin(stream, "cat main")).await;
        assert_eq!(host.finish(stream).await.stdout, b"cat main");
    }
    host.printed("touch go").await;
    assert!(host.finish(1).await.stdout.ends_with(b"# first"));
    assert!(host.finish(3).await.stdout.ends_with(b"# second"));
    host.traces.until_no_texts().await;
    host.close().await;
}

/// Those that wait for their turn can be told to go, like all others.
#[tokio::test]
async fn one_that_waits_for_its_turn_can_be_killed_or_reset() {
    let mut host = Host::open().await;
    let frames: Vec<Frame> = (0..6)
        .flat_map(|number| {
            let stream = 2 * number + 1;
            let [script, end] = text(stream, "sleep 1000");
            let last = match number % 3 {
                0 => control(stream, &Control::Kill),
                1 => Frame::reset(stream),
                _ => Frame::credit(stream, 1),
            };
            [run(stream, sourced("/sandbox/main")), script, end, last]
        })
        .collect();
    host.send_all(&frames).await;
    for stream in [1, 7] {
        assert_eq!(host.finish(stream).await.ended.end, RunEnd::Killed);
    }
    for stream in [5, 11] {
        host.send(&control(stream, &Control::Kill)).await;
        assert_eq!(host.finish(stream).await.ended.end, RunEnd::Killed);
    }
    host.traces.until_idle().await;
    host.forget(3);
    host.forget(9);
    host.assert_alive().await;
    host.traces.until_no_texts().await;
    host.close().await;
}
