//! Every attack of the corpus against the native backend, whatever this host lets it promise.
//!
//! With `LLM_SANDBOX_CORPUS_RESULTS` each verdict is appended to that file, as a line of JSON.

#[path = "support/mod.rs"]
mod support;

use std::{collections::BTreeSet, fs::OpenOptions, io::Write, sync::Arc};

use llm_sandbox_core::{Language, Session, SessionBuilder};
use llm_sandbox_corpus::{Verdict, cases, verify};
use llm_sandbox_docker::{Docker, Engine};
use tokio::sync::Semaphore;

/// Attacks at once: some of them are timed.
const AT_ONCE: usize = 2;

/// Numbers of the list that no case of the corpus stands for, and why.
const ELSEWHERE: &[(&[u32], &str)] = &[
    (&[17, 20, 22, 40, 45, 50], "what goes wrong in copying is tested where files are: limits, wire, contract"),
    (&[21, 46, 47], "nothing takes or makes an archive"),
    (&[25], "no scan of code exists yet"),
    (&[30, 31, 34], "the host or the agent is killed: survival"),
    (&[37, 38], "names that come from the caller: the contract, hostile_names"),
    (&[93, 94, 95], "no network by a list exists yet"),
    (&[104], "an agent that lies: faults, wire, chaos"),
];

#[test]
fn every_number_of_the_list_has_its_place() {
    let covered: BTreeSet<u32> = cases().map(|case| case.number()).collect();
    let elsewhere: BTreeSet<u32> = ELSEWHERE.iter().flat_map(|(numbers, _)| numbers.iter().copied()).collect();
    let missing = [49, 80, 96, 99, 100, 101, 103];
    let expected: BTreeSet<u32> = (1..=106).filter(|number| !missing.contains(number)).collect();
    assert_eq!(covered.union(&elsewhere).copied().collect::<BTreeSet<_>>(), expected);
    assert!(covered.is_disjoint(&elsewhere));
    let names: BTreeSet<&str> = cases().map(|case| case.name).collect();
    assert_eq!(names.len(), cases().count(), "a name is used twice");
}

#[test]
fn the_table_of_attacks_is_that_of_the_corpus() {
    let page = include_str!("../../../SECURITY.md");
    let table = page.split("<!-- attacks: begin -->").nth(1).expect("a table");
    let table = table.split("<!-- attacks: end -->").next().expect("its end");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let listed: Vec<&str> = rows.filter(|name| !["attack", "---"].contains(name)).collect();
    let names: Vec<&str> = cases().map(|case| case.name).collect();
    assert_eq!(listed, names, "write it anew: scripts/test-configurations --table");
    assert!(!table.contains("BROKEN"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_attack_is_held_or_its_guarantee_is_not_claimed() {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let attacks: Vec<_> = cases()
        .map(|case| {
            let turns = Arc::clone(&turns);
            (
                case,
                tokio::spawn(async move {
                    let _turn = turns.acquire().await;
                    verify(case, attacked).await
                }),
            )
        })
        .collect();
    let (mut broken, mut held) = (Vec::new(), 0);
    for (case, attack) in attacks {
        let verdict = attack.await.expect("no panic");
        record(case.name, &verdict);
        match verdict {
            Verdict::Held => held += 1,
            Verdict::NotClaimed { reason } => {
                println!("NOT RUN: corpus {}: {} is not claimed: {reason}", case.name, case.guarantee)
            }
            Verdict::Broken { seen } => broken.push(format!("{}: {seen}", case.name)),
        }
    }
    println!("{held} of {} attacks were held off", cases().count());
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// The sandboxes that are attacked: the native backend's, unless `LLM_SANDBOX_TEST_BACKEND` names an engine; its
/// containers are made of `LLM_SANDBOX_TEST_IMAGE`.
fn attacked() -> SessionBuilder {
    let docker = match std::env::var("LLM_SANDBOX_TEST_BACKEND").as_deref() {
        Ok("docker") => Docker::new(Engine::Docker),
        Ok("podman") => Docker::new(Engine::Podman),
        Ok("podman-rootless") => Docker::new(Engine::Podman).address(support::ROOTLESS_PODMAN),
        _ => return support::python(),
    };
    let image = std::env::var("LLM_SANDBOX_TEST_IMAGE").expect("LLM_SANDBOX_TEST_IMAGE names an image");
    Session::builder_on(Arc::new(docker.image(image)), Language::Python)
}

fn record(name: &str, verdict: &Verdict) {
    let Some(path) = std::env::var_os("LLM_SANDBOX_CORPUS_RESULTS") else { return };
    let mut line = serde_json::to_value(verdict).expect("a verdict is data");
    line["case"] = name.into();
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the results can be written");
    writeln!(file, "{line}").expect("the results can be written");
}
