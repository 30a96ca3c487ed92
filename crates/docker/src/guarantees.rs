//! The table of SECURITY.md that says what containers hold, kept true.

use bollard::models::{ContainerConfig, ContainerInspectResponse};
use llm_sandbox_core::{Capabilities, Guarantee};

use crate::{ContainerOptions, engine::Facts, guest::Host, limits::promised, promises::all};

/// A kind of container, and what it holds.
fn kinds() -> [(&'static str, Capabilities); 4] {
    let made = || all(&ContainerOptions::default());
    let shared = ContainerOptions { user: Some((1000, 1000)), ..ContainerOptions::default() };
    let rootless = Facts { memory: false, processes: false, processors: false, is_rootless: true, is_version_1: true };
    let there = ContainerInspectResponse { config: Some(ContainerConfig::default()), ..Default::default() };
    [
        ("docker, podman", made()),
        ("podman of an ordinary user, version 1 groups", promised(made(), &rootless)),
        ("with `user`", all(&shared)),
        ("there already", Host::new(there).promises(false)),
    ]
}

fn table() -> String {
    let kinds = kinds();
    let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
    let mut lines =
        vec![format!("| guarantee | {} |", names.join(" | ")), format!("|{}", " --- |".repeat(names.len() + 1))];
    for guarantee in Guarantee::ALL {
        let held = kinds.iter().map(|(_, capabilities)| {
            let found = capabilities.assurances.iter().find(|assurance| assurance.guarantee == *guarantee);
            found.map_or("?", |assurance| assurance.strength.as_str())
        });
        lines.push(format!("| {guarantee} | {} |", held.collect::<Vec<_>>().join(" | ")));
    }
    lines.join("\n")
}

#[test]
fn the_table_of_guarantees_is_true() {
    let page = include_str!("../../../SECURITY.md");
    let written = page.split("<!-- containers: begin -->").nth(1).expect("a table");
    let written = written.split("<!-- containers: end -->").next().expect("its end");
    assert_eq!(written.trim(), table(), "SECURITY.md has another table");
}
