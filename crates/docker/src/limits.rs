//! Limits that an engine may be unable to hold: those it cannot are neither asked for nor promised.

use bollard::models::ContainerCreateBody;
use llm_sandbox_core::{Capabilities, Guarantee, Strength};

use crate::engine::{Facts, Limit};

/// What is asked of the engine, without what it would refuse or ignore.
pub(crate) fn asked(mut body: ContainerCreateBody, facts: &Facts) -> ContainerCreateBody {
    if let Some(host) = &mut body.host_config {
        if !facts.holds(Limit::Memory) {
            (host.memory, host.memory_swap) = (None, None);
        }
        if !facts.holds(Limit::Processes) {
            host.pids_limit = None;
        }
        if !facts.holds(Limit::Processors) {
            host.nano_cpus = None;
        }
    }
    body
}

/// What is promised, without what the engine does not hold.
pub(crate) fn promised(mut all: Capabilities, facts: &Facts) -> Capabilities {
    let (reason, remedy) = reason(facts);
    let guaranteed = [
        (Limit::Memory, Guarantee::MemoryLimit),
        (Limit::Processes, Guarantee::ProcessLimit),
        (Limit::Processors, Guarantee::CpuLimit),
    ];
    for (_, absent) in guaranteed.into_iter().filter(|(limit, _)| !facts.holds(*limit)) {
        for assurance in all.assurances.iter_mut().filter(|assurance| assurance.guarantee == absent) {
            assurance.strength = Strength::Absent;
            assurance.form = format!("not held: {reason}");
            assurance.remedy = Some(remedy.to_owned());
        }
    }
    all
}

/// Why an engine does not hold a limit, and what would let it.
fn reason(facts: &Facts) -> (&'static str, &'static str) {
    match (facts.is_rootless, facts.is_version_1) {
        (true, true) => (
            "the engine is an ordinary user's, to whom control groups of version 1 are closed",
            "use an engine that is root's, or a host with control groups of version 2",
        ),
        (true, false) => (
            "the engine is an ordinary user's, and the controller was not handed on to that user",
            "delegate cpu, memory and pids to the user (systemd: Delegate=yes for user@.service), or use an engine that is \
             root's",
        ),
        (false, _) => ("the engine says that its host cannot", "give the engine's host the controller of that limit"),
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::HostConfig;
    use llm_sandbox_core::Assurance;

    use super::*;

    #[test]
    fn what_is_not_held_is_neither_asked_for_nor_promised() {
        let facts = Facts { memory: false, processes: true, processors: false, is_rootless: true, is_version_1: true };
        let host = HostConfig {
            memory: Some(1),
            memory_swap: Some(1),
            nano_cpus: Some(1),
            pids_limit: Some(1),
            ..HostConfig::default()
        };
        let body = ContainerCreateBody { host_config: Some(host), ..ContainerCreateBody::default() };
        let host = asked(body, &facts).host_config.expect("it has one");
        assert_eq!((host.memory, host.memory_swap, host.nano_cpus, host.pids_limit), (None, None, None, Some(1)));

        let held =
            |guarantee| Assurance { guarantee, strength: Strength::Enforced, form: "so".to_owned(), remedy: None };
        let all = Capabilities {
            assurances: vec![held(Guarantee::MemoryLimit), held(Guarantee::ProcessLimit), held(Guarantee::NetworkNone)],
        };
        let promised = promised(all, &facts);
        assert!(promised.holds(Guarantee::ProcessLimit) && promised.holds(Guarantee::NetworkNone));
        let memory = promised.get(Guarantee::MemoryLimit).expect("it is spoken of");
        assert_eq!(memory.strength, Strength::Absent);
        assert!(memory.form.contains("version 1") && memory.remedy.is_some(), "{memory:?}");
    }
}
