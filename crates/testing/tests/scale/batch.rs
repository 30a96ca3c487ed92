use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use llm_sandbox_core::{Batch, ErrorKind, Job, JobResult, Language, Limits, Outcome, Run};
use tokio::sync::Semaphore;

use crate::support::{PATIENCE, WALL, eventually, host, marker, python};

fn squares(numbers: std::ops::Range<usize>) -> impl Iterator<Item = Job> {
    numbers.map(|number| Job::new(number.to_string(), format!("print({number} ** 2)")))
}

/// What a job printed that had to succeed.
fn printed(done: &JobResult) -> String {
    let result = done.result.as_ref().expect("the sandbox lives");
    assert!(result.is_success(), "{}: {:?} {}", done.id, result.outcome, result.stderr_text());
    result.stdout_text().into_owned()
}

#[tokio::test]
async fn every_job_has_its_own_result_and_sandbox() {
    let jobs = (0..20).map(|number| {
        let code = "import os, sys\nassert os.listdir() == [f'{sys.argv[1]}.txt', 'main.py'], os.listdir()\n\
                    print(open(sys.argv[1] + '.txt').read(), sys.stdin.read())\nopen('left', 'w')";
        let run = Run::code(code.replace("os.listdir()", "sorted(os.listdir())"));
        let run = run.arg(number.to_string()).stdin(format!("in {number}"));
        Job::new(format!("job {number}"), run.file(format!("{number}.txt"), format!("file {number}")))
    });
    let mut results = Batch::new(python()).concurrency(4).run(jobs);
    let mut seen = BTreeMap::new();
    while let Some(done) = results.next().await {
        assert_eq!((done.attempts, done.left_behind.is_none()), (1, true));
        seen.insert(done.id.clone(), printed(&done));
    }
    let expected = (0..20).map(|number| (format!("job {number}"), format!("file {number} in {number}\n")));
    assert_eq!(seen, expected.collect());
    assert!(results.next().await.is_none(), "it stays over");
}

#[tokio::test]
async fn results_come_as_jobs_finish() {
    let slow = Job::new("slow", Run::shell("read line; echo $line").stdin_stream());
    assert_eq!(
        Batch::new(python()).run([slow]).next().await.expect("a result").attempts,
        0,
        "nobody could write to it"
    );
    let jobs = [("slow", "import time; time.sleep(1.5)"), ("fast", "1"), ("fast", "2")];
    let mut results = Batch::new(python()).concurrency(2).run(jobs.map(|(id, code)| Job::new(id, code)));
    let mut order = Vec::new();
    while let Some(done) = results.next().await {
        order.push(done.id);
    }
    assert_eq!(order, ["fast", "fast", "slow"]);
}

#[tokio::test]
async fn jobs_that_fail_concern_nobody_else() {
    let limits = Limits { wall_time: Some(std::time::Duration::from_millis(300)), ..Limits::default() };
    let jobs = [
        Job::new("code", "raise SystemExit(3)"),
        Job::new("endless", "while True: pass").limits(limits),
        Job::new("none", ""),
        Job::new("file", Run::code("1").file("/proc/no/such", "x")),
        Job::new("node", "console.log(6 * 7)").language(Language::JavaScript),
        Job::new("good", "print(6 * 7)"),
    ];
    let mut results = Batch::new(python()).concurrency(2).retries(2).run(jobs);
    let mut seen = BTreeMap::new();
    while let Some(done) = results.next().await {
        let shown = done.result.as_ref().map(|result| (result.outcome.clone(), result.stdout_text().into_owned()));
        seen.insert(done.id, (shown.map_err(llm_sandbox_core::Error::kind), done.attempts));
    }
    let exited = |code, text: &str| (Ok((Outcome::Exited { code }, text.to_owned())), 1);
    let expected = [
        ("code", exited(3, "")),
        ("endless", (Ok((WALL, String::new())), 1)),
        ("file", (Err(ErrorKind::File), 1)),
        ("good", exited(0, "42\n")),
        ("node", exited(0, "42\n")),
        ("none", (Err(ErrorKind::InvalidInput), 1)),
    ];
    assert_eq!(seen, expected.map(|(id, ended)| (id.to_owned(), ended)).into());
}

#[tokio::test]
async fn jobs_are_taken_only_when_they_can_run() {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let jobs = squares(0..1000).inspect(move |_| _ = counter.fetch_add(1, Ordering::Relaxed));
    let mut results = Batch::new(python()).concurrency(2).run(jobs);
    // Two results wait, and two more jobs for room to put theirs.
    eventually("it goes on until nobody takes results", || {
        (taken.load(Ordering::Relaxed) < 4).then(|| "too few".to_owned()).into_iter().collect()
    })
    .await;
    results.next().await.expect("a result");
    eventually("it goes on", || (taken.load(Ordering::Relaxed) < 5).then(|| "not".to_owned()).into_iter().collect())
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(taken.load(Ordering::Relaxed), 5);
    results.stop().await;
}

#[tokio::test]
async fn stopping_leaves_nothing_and_loses_no_result() {
    let marker = marker();
    let endless = |number: usize| match number {
        0 => Job::new("over", "print(1)"),
        _ => Job::new("endless", Run::code("import time\ntime.sleep(1000)").arg(&marker)),
    };
    let jobs: Vec<Job> = (0..8).map(endless).collect();
    let mut results = Batch::new(python()).concurrency(4).run(jobs.clone());
    let running = || (host::processes_with(&marker).len() < 4).then(|| "too few".to_owned()).into_iter().collect();
    eventually("four run", running).await;
    let finished = results.stop().await;
    assert_eq!(finished.iter().map(|done| done.id.as_str()).collect::<Vec<_>>(), ["over"]);
    assert_eq!(host::processes_with(&marker), [0; 0], "at once");

    results = Batch::new(python()).concurrency(4).run(jobs);
    eventually("four run", running).await;
    drop(results);
    let left = || host::processes_with(&marker).iter().map(i32::to_string).collect();
    eventually("what was dropped goes by itself", left).await;
}

#[tokio::test]
async fn sandboxes_that_fail_are_tried_again_only_where_that_is_asked_for() {
    use llm_sandbox_testing::FakeBackend;
    let dead = Arc::new(FakeBackend::new(|_| async {}).last_words("it was not meant to be"));
    let builder = || python().backend(Arc::clone(&dead) as _);
    for (retries, attempts) in [(0, 1), (2, 3)] {
        let mut results = Batch::new(builder()).retries(retries).run(squares(0..3));
        for _ in 0..3 {
            let done = results.next().await.expect("a result for each");
            let error = done.result.expect_err("there is no sandbox");
            assert_eq!((error.kind(), done.attempts), (ErrorKind::SandboxDied, attempts), "{error}");
        }
        assert!(results.next().await.is_none());
    }
}

#[tokio::test]
async fn a_stream_that_panics_is_no_end() {
    let jobs = squares(0..10).inspect(|job| assert_ne!(job.id, "3", "meant"));
    let mut results = Batch::new(python()).concurrency(2).run(jobs);
    let all = tokio::spawn(async move { while results.next().await.is_some() {} });
    let ended = tokio::time::timeout(PATIENCE, all).await.expect("it ends");
    assert!(ended.expect_err("not as if all were done").is_panic());
}

#[tokio::test]
async fn jobs_come_by_a_stream_as_well() {
    struct Channel(tokio::sync::mpsc::Receiver<Job>);
    impl futures_core::Stream for Channel {
        type Item = Job;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Job>> {
            self.0.poll_recv(context)
        }
    }
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let mut results = Batch::new(python()).run_stream(Channel(receiver));
    let turn = Arc::new(Semaphore::new(1));
    for job in squares(0..3) {
        turn.acquire().await.expect("open").forget();
        sender.send(job).await.expect("somebody takes it");
        let done = results.next().await.expect("its result comes before the next job is there");
        assert_eq!(printed(&done), format!("{}\n", done.id.parse::<usize>().expect("a number").pow(2)));
        turn.add_permits(1);
    }
    drop(sender);
    assert!(results.next().await.is_none());
}
