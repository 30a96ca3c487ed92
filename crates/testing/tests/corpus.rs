//! Every attack of the corpus against the native backend, whatever this host lets it promise.
//!
//! Those on engines have suites of their own.

#[path = "support/attacks.rs"]
mod attacks;
#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use llm_sandbox_corpus::cases;

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
    let report = attacks::attack(support::python).await;
    report.lines.iter().for_each(|line| println!("{line}"));
    assert!(report.broken.is_empty(), "\n{}", report.broken.join("\n"));
}
