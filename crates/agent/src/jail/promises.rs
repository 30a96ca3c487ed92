use llm_sandbox_protocol::JailGuarantee;

use super::landlock;

/// What this jail promises, by the names that `core` knows, and by what each is held.
pub(super) fn all(has_landlock: bool) -> Vec<JailGuarantee> {
    let file_rules = match landlock::version().filter(|_| has_landlock) {
        Some(version) => enforced("file-rules", &format!("Landlock version {version}")),
        None => absent("file-rules", "this kernel has no Landlock", "boot a kernel from 5.19 on with lsm=landlock"),
    };
    vec![
        enforced("network-none", "a network namespace with nothing but loopback"),
        enforced("memory-limit", "cgroup v1, exact apart from files; UDP buffers are not counted"),
        enforced("process-limit", "cgroup v1"),
        enforced("cpu-limit", "cgroup v1"),
        enforced("disk-limit", "the size of the tmpfs that holds all written files"),
        enforced("tree-kill", "a pid namespace for each run"),
        enforced("agent-apart", "a user of its own, and a pid namespace for each run"),
        enforced("host-hidden", "a root of its own in a mount namespace"),
        enforced("processes-hidden", "pid, IPC and network namespaces"),
        enforced("unprivileged", "a user namespace, no capabilities, no_new_privs"),
        enforced("system-calls", "system-call filter version 1"),
        file_rules,
    ]
}

fn enforced(name: &str, form: &str) -> JailGuarantee {
    JailGuarantee { name: name.into(), strength: 2, form: form.into(), remedy: None }
}

fn absent(name: &str, form: &str, remedy: &str) -> JailGuarantee {
    JailGuarantee { name: name.into(), strength: 0, form: form.into(), remedy: Some(remedy.into()) }
}
