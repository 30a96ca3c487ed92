use crate::container::Options;
use llm_sandbox_core::{Assurance, Capabilities, Guarantee, Strength};

/// What a container holds.
pub(crate) fn all(options: &Options) -> Capabilities {
    use Guarantee::*;
    let enforced = [
        (NetworkNone, "a container without a network"),
        (MemoryLimit, "the engine's limit on the container, its files in memory included"),
        (ProcessLimit, "the engine's limit on the container, for all runs together"),
        (CpuLimit, "the engine's limit on the container"),
        (RunLimits, "the agent's timers and counts, and rlimits"),
        (HostFiles, "the container's own root"),
        (HostHidden, "the container's own root"),
        (ProcessesHidden, "the container's namespaces"),
        (Unprivileged, "no capabilities, no_new_privs"),
        (SystemCalls, "system-call filter version 1, beside the engine's own"),
    ];
    let enforced = enforced.map(|(guarantee, form)| assurance(guarantee, Strength::Enforced, form, None));
    let agent_apart = match options.is_shared() {
        false => assurance(AgentApart, Strength::Enforced, "a user of its own", None),
        true => assurance(
            AgentApart,
            Strength::BestEffort,
            "agent and code share a user; the filter keeps limits and scheduling from the code, but not signals",
            Some("let the agent be root of the container"),
        ),
    };
    let weak = [
        agent_apart,
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
