use llm_sandbox_core::{Assurance, Capabilities, Guarantee, Strength};

/// What a container holds.
pub(crate) fn all() -> Capabilities {
    use Guarantee::*;
    let enforced = [
        (NetworkNone, "a container without a network"),
        (MemoryLimit, "the engine's limit on the container, its files in memory included"),
        (ProcessLimit, "the engine's limit on the container, for all runs together"),
        (CpuLimit, "the engine's limit on the container"),
        (RunLimits, "the agent's timers and counts, and rlimits"),
        (AgentApart, "a user of its own"),
        (HostFiles, "the container's own root"),
        (HostHidden, "the container's own root"),
        (ProcessesHidden, "the container's namespaces"),
        (Unprivileged, "a user of its own, no capabilities, no_new_privs"),
        (SystemCalls, "system-call filter version 1, beside the engine's own"),
    ];
    let enforced = enforced.map(|(guarantee, form)| assurance(guarantee, Strength::Enforced, form, None));
    let weak = [
        assurance(
            TreeKill,
            Strength::BestEffort,
            "processes are looked for by descent, one by one; what is never met goes with the container",
            Some("use the native backend"),
        ),
        assurance(
            DiskLimit,
            Strength::Absent,
            "not held: files lie in the engine's storage",
            Some("use the native backend, or a storage driver with quotas"),
        ),
        assurance(
            FileRules,
            Strength::Absent,
            "the container's own files are the code's by their owners alone",
            Some("use the native backend"),
        ),
    ];
    Capabilities { assurances: enforced.into_iter().chain(weak).collect() }
}

fn assurance(guarantee: Guarantee, strength: Strength, form: &str, remedy: Option<&str>) -> Assurance {
    Assurance { guarantee, strength, form: form.to_owned(), remedy: remedy.map(str::to_owned) }
}
