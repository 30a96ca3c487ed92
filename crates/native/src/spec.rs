use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use llm_sandbox_core::{Access, SandboxSpec};
use llm_sandbox_protocol::{JailMount, JailSpec};

/// The period for which [`JailSpec::cpu_quota`] is stated, in microseconds.
const CPU_PERIOD: f64 = 100_000.0;

/// The kernel takes no smaller quota, in microseconds.
const CPU_QUOTA_LEAST: f64 = 1_000.0;

/// What the supervisor is to build.
pub(crate) fn jail_spec(spec: &SandboxSpec) -> JailSpec {
    let mount = |source: &Path, target: &Path, writable, mapped| JailMount {
        source: source.as_os_str().as_bytes().to_vec(),
        target: target.as_os_str().as_bytes().to_vec(),
        writable,
        mapped,
    };
    let toolchains = spec.toolchains.iter().map(|path| mount(path, path, false, false));
    let shared = spec.mounts.iter().map(|shared| {
        let writable = shared.access == Access::ReadWrite;
        mount(&shared.source, &shared.target, writable, true)
    });
    let quota = (spec.limits.cpus * CPU_PERIOD).max(CPU_QUOTA_LEAST);
    JailSpec {
        memory: spec.limits.memory_bytes,
        disk: spec.limits.disk_bytes,
        // Positive and far below the largest number: the spec is validated.
        cpu_quota: quota as u64,
        processes: spec.limits.processes.into(),
        mounts: toolchains.chain(shared).collect(),
        hostname: spec.hostname.clone(),
        directory: spec.directory.as_os_str().as_bytes().to_vec(),
    }
}
