//! What the program says of the host it is on.

use llm_sandbox::{Guarantee, Language};

use crate::support::{Finished, finish, llm_sandbox};

fn asked(arguments: &[&str]) -> Finished {
    finish(llm_sandbox(arguments))
}

fn json_of(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("one object")
}

#[test]
fn the_doctor_names_every_guarantee_and_language() {
    let words = asked(&["doctor"]);
    assert_eq!(words.status, Some(0), "{}", words.stderr);
    for name in ["memory-limit", "network-none", "tree-kill", "backend native: works", "language python: /"] {
        assert!(words.stdout.contains(name), "{name} is missing in\n{}", words.stdout);
    }
    let found = json_of(&asked(&["doctor", "--json"]).stdout);
    assert_eq!(found["schema"], 1);
    let assurances = found["backends"][0]["assurances"].as_array().expect("a list");
    assert_eq!(assurances.len(), Guarantee::ALL.len());
    for assurance in assurances {
        assert!(["enforced", "best-effort", "absent"].iter().any(|word| assurance["strength"] == *word), "{assurance}");
        let is_held = assurance["strength"] == "enforced";
        assert!(is_held || assurance["remedy"].is_string(), "what is missing can be had: {assurance}");
    }
    assert!(found["languages"].as_array().is_some_and(|languages| languages.len() == Language::ALL.len()));
}

#[test]
fn the_selftest_tells_what_each_attack_got() {
    let found = asked(&["selftest", "--json"]);
    assert_eq!(found.status, Some(0), "{}\n{}", found.stdout, found.stderr);
    let attacks = json_of(&found.stdout);
    let attacks = attacks["attacks"].as_array().expect("a list");
    assert!(attacks.len() > 50, "{}", attacks.len());
    assert!(attacks.iter().all(|attack| attack["verdict"] == "held" || attack["verdict"] == "not-claimed"));
}

#[test]
fn guarantees_are_required_by_name() {
    let held = asked(&["run", "--require", "tree-kill", "--require", "network-none", "-c", "print(1)"]);
    assert_eq!((held.status, held.stdout.as_str()), (Some(0), "1\n"), "{}", held.stderr);
    for option in ["--require", "--accept-weaker"] {
        let unknown = asked(&["run", option, "memory-limits", "-c", "print(1)"]);
        assert_eq!(unknown.status, Some(2));
        assert!(unknown.stderr.contains("did you mean \"memory-limit\"?"), "{}", unknown.stderr);
    }
}
