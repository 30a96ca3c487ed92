use llm_sandbox_protocol::JailGuarantee;

use super::cgroup::{Held, Kind};
use super::landlock;

/// What this jail promises, by the names that `core` knows, and by what each is held.
pub(super) fn all(has_landlock: bool, is_own_user: bool, held: &Held) -> Vec<JailGuarantee> {
    let mut all = vec![
        enforced("network-none", "a network namespace with nothing but loopback"),
        enforced("disk-limit", "the size of the tmpfs that holds all written files"),
        enforced("tree-kill", "a pid namespace for each run"),
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
