use std::path::Path;

use llm_sandbox_core::{Assurance, Capabilities, Guarantee, Strength};

use crate::{
    ContainerOptions,
    losses::{Loss, has_engine_filter, losses},
};

/// What a container holds, less what its options take away.
pub(crate) fn all(options: &ContainerOptions) -> Capabilities {
    with_mounts(options, [])
}

/// The same with what of the host's the session mounts.
pub(crate) fn with_mounts<'a>(options: &ContainerOptions, mounted: impl IntoIterator<Item = &'a Path>) -> Capabilities {
    let mut capabilities = Capabilities { assurances: enforced(options).into_iter().chain(weaker(options)).collect() };
    for Loss { guarantee, strength, option, form } in losses(options, mounted) {
        let held = capabilities.assurances.iter_mut().find(|assurance| assurance.guarantee == guarantee);
        // Of several reasons the first that takes most is told.
        if let Some(held) = held.filter(|held| strength < held.strength) {
            let form = format!("the option {option} {form}");
            *held = assurance(guarantee, strength, &form, Some(&format!("leave out the option {option}")));
        }
    }
    capabilities
}

fn enforced(options: &ContainerOptions) -> [Assurance; 10] {
    use Guarantee::*;
    let filter = match has_engine_filter(options) {
        true => "system-call filter version 1, beside the engine's own",
        false => "system-call filter version 1",
    };
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
        (SystemCalls, filter),
    ];
    enforced.map(|(guarantee, form)| assurance(guarantee, Strength::Enforced, form, None))
}

/// What is not, or not always.
fn weaker(options: &ContainerOptions) -> [Assurance; 5] {
    use Guarantee::*;
    let agent_apart = match options.user.is_some() {
        false => assurance(AgentApart, Strength::Enforced, "a user of its own", None),
        true => assurance(
            AgentApart,
            Strength::BestEffort,
            "agent and code share a user; the filter keeps limits and scheduling from the code, but not signals",
            Some("let the agent be root of the container"),
        ),
    };
    [
        agent_apart,
        assurance(
            TreeKill,
            Strength::BestEffort,
            "until the agent has seen that its kernel can kill a run at once, processes are looked for one by one",
            Some("give the engine a kernel from 6.12 on with lsm=landlock, or use the native backend"),
        ),
        assurance(
            IpcRemoved,
            Strength::Absent,
            "shared memory, semaphores and message queues stay until the container goes",
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
    ]
}

fn assurance(guarantee: Guarantee, strength: Strength, form: &str, remedy: Option<&str>) -> Assurance {
    Assurance { guarantee, strength, form: form.to_owned(), remedy: remedy.map(str::to_owned) }
}

#[cfg(test)]
mod tests;
