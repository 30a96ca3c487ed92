//! Sessions: what runs share, what sessions don't, and how they end.

use std::time::Duration;

use llm_sandbox_core::{ErrorKind, Run};

use super::{Shared, open, printed, run};

/// Files in the working directory stay.
pub async fn files_stay_between_runs(backend: Shared) {
    let session = open(backend).await;
    printed(&session, "open('kept', 'w').write('yes')").await;
    assert_eq!(printed(&session, "print(open('/sandbox/kept').read())").await, "yes\n");
}

/// Runs of one session go on at the same time.
pub async fn runs_overlap(backend: Shared) {
    let session = open(backend).await;
    // Each waits for a file that the other makes.
    let code = |mine: &str, other: &str| {
        format!(
            "import os, time\nopen('{mine}', 'w')\nwhile not os.path.exists('{other}'): time.sleep(0.01)\nprint('{mine}')"
        )
    };
    let (one, two) = (code("one", "two"), code("two", "one"));
    let (one, two) = tokio::join!(run(&session, one), run(&session, two));
    assert_eq!((one.stdout_text(), two.stdout_text()), ("one\n".into(), "two\n".into()));
}

/// Overlapping runs each execute and show their own program text.
pub async fn overlapping_sources_stay_apart(backend: Shared) {
    let session = open(backend).await;
    let runs = (0..8).map(|number| {
        let session = session.clone();
        tokio::spawn(async move {
            let code = format!("import time\ntime.sleep(0.05)\nprint({number})\nraise ValueError({number})");
            let result = run(&session, code).await;
            assert_eq!(result.stdout_text(), format!("{number}\n"));
            // Some show it as a file of the run's own beside the name that all share.
            let error = result.stderr_text();
            assert!(error.contains("/main") && error.contains(".py\", line 4"), "{error}");
            assert!(result.stderr_text().contains(&format!("ValueError: {number}")));
        })
    });
    for run in runs.collect::<Vec<_>>() {
        run.await.expect("it went well");
    }
}

/// Sessions see nothing of one another.
pub async fn sessions_are_apart(backend: Shared) {
    let (one, two) = (open(backend.clone()).await, open(backend).await);
    for place in ["/sandbox/secret", "/tmp/secret"] {
        one.write(place, "secret").await.expect("it is written");
        assert_eq!(two.read(place).await.expect_err("not there").kind(), ErrorKind::File);
    }
}

/// Closing twice is closing once.
pub async fn closing_is_idempotent(backend: Shared) {
    let session = open(backend).await;
    let clone = session.clone();
    session.close().await.expect("it closes");
    clone.close().await.expect("it is closed");
}

/// A run that goes on when its session closes learns of it.
pub async fn closing_ends_runs(backend: Shared) {
    let session = open(backend).await;
    let handle = session.start("import time; print('on'); time.sleep(60)").await.expect("it starts");
    let waiting = tokio::spawn(handle.wait());
    session.close().await.expect("it closes");
    let ended = tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("it ends").expect("no panic");
    assert_eq!(ended.expect_err("closed").kind(), ErrorKind::Closed);
}

/// Everything on a closed session says that it is closed.
pub async fn closed_sessions_say_so(backend: Shared) {
    let session = open(backend).await;
    session.close().await.expect("it closes");
    assert_eq!(session.run("print(1)").await.expect_err("closed").kind(), ErrorKind::Closed);
    assert_eq!(session.write("a", "b").await.expect_err("closed").kind(), ErrorKind::Closed);
    assert_eq!(session.list(".").await.expect_err("closed").kind(), ErrorKind::Closed);
}

/// Dropping sessions leaves room for as many more.
pub async fn dropped_sessions_go(backend: Shared) {
    for _ in 0..20 {
        let session = open(backend.clone()).await;
        let _unfinished = session.start("import time; time.sleep(60)").await.expect("it starts");
    }
    assert_eq!(printed(&open(backend).await, "print(1)").await, "1\n");
}

/// A session does not wear out.
pub async fn many_runs_one_after_another(backend: Shared) {
    let session = open(backend).await;
    for number in 0..200 {
        assert_eq!(
            run(&session, Run::command("echo").arg(number.to_string())).await.stdout_text(),
            format!("{number}\n")
        );
    }
}
