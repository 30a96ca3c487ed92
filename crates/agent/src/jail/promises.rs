use llm_sandbox_protocol::JailGuarantee;

use super::cgroup::{Held, Kind};
use super::landlock;

/// What a jail promises, by the names that `core` knows, and by what each is held.
pub(super) fn in_namespaces(has_landlock: bool, is_own_user: bool, held: &Held) -> Vec<JailGuarantee> {
    let mut all = vec![
        enforced("network-none", "a network namespace with nothing but loopback"),
        enforced("disk-limit", "the size of the tmpfs that holds all written files"),
        enforced("tree-kill", "a pid namespace for each run"),
        enforced("ipc-removed", "an IPC namespace for each run"),
        run_limits(),
        enforced("host-files", "a root of its own in a mount namespace"),
        enforced("agent-apart", agent_apart(is_own_user)),
        enforced("host-hidden", "a root of its own in a mount namespace"),
        enforced("processes-hidden", "pid, IPC and network namespaces"),
        enforced("unprivileged", "a user namespace, no capabilities, no_new_privs"),
        enforced("system-calls", "system-call filter version 1"),
        file_rules(has_landlock),
    ];
    all.extend(limits(held));
    all
}

/// The same of a sandbox without namespaces.
pub(super) fn among_others(is_callers_user: bool, held: &Held) -> Vec<JailGuarantee> {
    let agent_apart = match is_callers_user {
        true => "Landlock keeps signals and traces in, the filter limits and scheduling; agent and code share a user",
        false => "a user of its own",
    };
    let mut all = vec![
        enforced("network-none", "the filter refuses every socket"),
        weak(0, "disk-limit", "not held: files lie on the host's disk", NAMESPACES),
        enforced(
            "tree-kill",
            "Landlock: a run's first process may signal the run and nobody else, and kills all of it at once",
        ),
        enforced("ipc-removed", "the filter lets none be made"),
        run_limits(),
        enforced("host-files", "Landlock"),
        enforced("agent-apart", agent_apart),
        weak(1, "host-hidden", "Landlock: names and sizes of other files can be probed", NAMESPACES),
        weak(1, "processes-hidden", "Landlock: others cannot be looked into, but their numbers probed", NAMESPACES),
        match is_callers_user {
            true => weak(1, "unprivileged", "no_new_privs; the bounding set of capabilities is not empty", NAMESPACES),
            false => enforced("unprivileged", "a user of its own, no capabilities, no_new_privs"),
        },
        enforced("system-calls", "system-call filter version 1, the narrower one"),
        file_rules(true),
    ];
    all.extend(limits(held));
    all
}

fn run_limits() -> JailGuarantee {
    enforced("run-limits", "the agent's timers and counts, and rlimits")
}

const NAMESPACES: &str = "open the sandbox with namespaces";

fn agent_apart(is_own_user: bool) -> &'static str {
    match is_own_user {
        true => "a pid namespace for each run; agent and code share a user, the code has none of its capabilities",
        false => "a user of its own, and a pid namespace for each run",
    }
}

fn file_rules(has_landlock: bool) -> JailGuarantee {
    match landlock::version().filter(|_| has_landlock) {
        Some(version) => enforced("file-rules", &format!("Landlock version {version}")),
        None => weak(0, "file-rules", "this kernel has no Landlock", "boot a kernel from 5.19 on with lsm=landlock"),
    }
}

/// The limits that control groups hold, or what stands in for them.
fn limits(held: &Held) -> [JailGuarantee; 3] {
    let (memory, processes, cpu, form) = match &held.kind {
        Kind::Version1 => (true, true, true, "cgroup v1"),
        Kind::Version2(controllers) => (controllers.memory, controllers.processes, controllers.cpu, "cgroup v2"),
        Kind::Watched => (false, false, false, ""),
    };
    let memory = match (memory, &held.kind) {
        (true, Kind::Version1) => {
            enforced("memory-limit", "cgroup v1, exact apart from files; UDP buffers are not counted")
        }
        (true, _) => enforced("memory-limit", &format!("{form}, exact apart from files")),
        (false, _) => lacking(1, "memory-limit", "processes are looked at every 20 ms", held),
    };
    let processes = match processes {
        true => enforced("process-limit", form),
        false => lacking(1, "process-limit", "RLIMIT_NPROC, for all runs together", held),
    };
    let cpu = if cpu { enforced("cpu-limit", form) } else { lacking(0, "cpu-limit", "not held", held) };
    [memory, processes, cpu]
}

fn enforced(name: &str, form: &str) -> JailGuarantee {
    JailGuarantee { name: name.into(), strength: 2, form: form.into(), remedy: None }
}

fn lacking(strength: u8, name: &str, form: &str, held: &Held) -> JailGuarantee {
    weak(strength, name, &format!("{form}, for want of cgroups: {}", held.reason), &held.remedy)
}

fn weak(strength: u8, name: &str, form: &str, remedy: &str) -> JailGuarantee {
    let remedy = Some(remedy.to_owned()).filter(|remedy| !remedy.is_empty());
    JailGuarantee { name: name.into(), strength, form: form.into(), remedy }
}
