use std::collections::BTreeSet;

use llm_sandbox_core::{Batch, Job, Run};
use llm_sandbox_corpus::cases;

use crate::support::{eventually, host, python};

const JOBS: usize = 1000;

/// What one process may hold more after all of them than after the first hundred, in bytes.
const GROWTH: u64 = 8 << 20;

/// This process's resident memory, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc is there");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_runs_leave_nothing_and_take_nothing() {
    let job = |number: usize| {
        let run = Run::code("print(open('number').read() * 100)").file("number", format!("{number} "));
        Job::new(number.to_string(), run)
    };
    let mut results = Batch::new(python()).run((0..JOBS).map(job));
    let mut seen = BTreeSet::new();
    let mut early = None;
    while let Some(done) = results.next().await {
        let result = done.result.expect("the sandbox lives");
        assert_eq!(result.stdout_text(), format!("{} ", done.id).repeat(100) + "\n");
        assert!(done.left_behind.is_none() && seen.insert(done.id));
        if seen.len() == JOBS / 10 {
            early = Some((resident(), host::descriptors("self").len(), host::threads()));
        }
    }
    let (resident_early, descriptors, threads) = early.expect("there were enough");
    assert_eq!(seen.len(), JOBS);
    assert!(resident() < resident_early + GROWTH, "{} bytes after {resident_early}", resident());
    eventually("descriptors are given back", || {
        let now = host::descriptors("self");
        if now.len() > descriptors { now } else { Vec::new() }
    })
    .await;
    // Some of them wait for children, and come and go.
    assert!(host::threads() <= threads + 8, "{} threads after {threads}", host::threads());
    eventually("what was started ahead goes", || host::children().iter().map(i32::to_string).collect()).await;
}

/// Attacks that take what they can get.
const HOSTILE: [&str; 5] = ["1-fork-bomb", "2-thread-bomb", "3-allocation", "11-ignored-signals", "12-endless-output"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_share_spoils_no_other_result() {
    let mut hostile = cases().filter(|case| HOSTILE.contains(&case.name));
    let jobs: Vec<Job> = (0..300)
        .map(|number| match (number % 60 == 30).then(|| hostile.next()).flatten() {
            Some(case) => {
                let run = llm_sandbox_core::Run::code(case.text()).timeout_seconds(case.seconds);
                Job::new(case.name, run)
            }
            None => Job::new(number.to_string(), format!("print({number} ** 2)")),
        })
        .collect();
    assert_eq!(jobs.iter().filter(|job| HOSTILE.contains(&job.id.as_str())).count(), HOSTILE.len());
    let builder = python()
        .memory_mib(128)
        .disk_mib(32)
        .processes(64)
        .accept_weaker(llm_sandbox_core::Guarantee::ALL.iter().copied());
    let mut results = Batch::new(builder).concurrency(4).run(jobs);
    let mut count = 0;
    while let Some(done) = results.next().await {
        let result = done.result.unwrap_or_else(|error| panic!("{}: {error}", done.id));
        count += 1;
        match done.id.parse::<u64>() {
            Ok(number) => assert_eq!(result.stdout_text(), format!("{}\n", number.pow(2)), "{:?}", result.outcome),
            Err(_) => assert!(!result.stdout_text().contains("ESCAPED"), "{}", done.id),
        }
    }
    assert_eq!(count, 300);
}
