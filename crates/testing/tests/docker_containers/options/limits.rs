use llm_sandbox_core::{Guarantee, Outcome, Strength};
use llm_sandbox_docker::Engine;
use serde_json::json;

use super::{engines, open, printed};

/// The value of a control group's file, whose version decides its name.
const GROUP: &str = "import os
def group(*names):
    for name in names:
        if os.path.exists('/sys/fs/cgroup/' + name): return open('/sys/fs/cgroup/' + name).read().strip()
";

#[tokio::test]
async fn limits_are_the_engines() {
    let given = [
        ("mem_limit", json!("96m")),
        ("cpu_quota", json!(25_000)),
        ("cpu_period", json!(50_000)),
        ("cpu_shares", json!(512)),
        ("cpuset_cpus", json!("0")),
        ("pids_limit", json!(40)),
        (
            "ulimits",
            json!([{"Name": "nofile", "Soft": 100, "Hard": 100}, {"Name": "nproc", "Soft": 5000, "Hard": 5001}]),
        ),
        ("shm_size", json!("8m")),
    ];
    let code = format!(
        "{GROUP}import resource
print(group('memory.max', 'memory/memory.limit_in_bytes'), group('pids.max', 'pids/pids.max'))
print(group('cpu.max') or group('cpu/cpu.cfs_quota_us') + ' ' + group('cpu/cpu.cfs_period_us'))
print(os.sched_getaffinity(0), [resource.getrlimit(limit) for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC)])
shm = os.statvfs('/dev/shm')
print(shm.f_blocks * shm.f_frsize)"
    );
    let seen = "100663296 40\n25000 50000\n{0} [(100, 100), (5000, 5001)]\n8388608";
    for engine in engines() {
        assert_eq!(printed(engine, &given, &code).await, seen, "{engine:?}");
    }
}

#[tokio::test]
async fn processors_are_counted_in_either_way() {
    let code = format!("{GROUP}print(group('cpu.max') or group('cpu/cpu.cfs_quota_us'))");
    for (name, value) in [("nano_cpus", json!(500_000_000)), ("cpu_count", json!(2))] {
        for engine in engines() {
            let quota = if name == "nano_cpus" { "50000" } else { "200000" };
            let seen = printed(engine, &[(name, value.clone())], &code).await;
            assert_eq!(seen.split(' ').next(), Some(quota), "{engine:?} {name}");
        }
    }
}

#[tokio::test]
async fn memory_by_option_is_a_limit_like_any_other() {
    let session = open(Engine::Docker, &[("mem_limit", json!("64m"))]).await;
    let code = "held = bytearray(256 << 20)\nfor at in range(0, len(held), 4096): held[at] = 1";
    assert_eq!(session.run(code).await.expect("the sandbox lives").outcome, Outcome::OutOfMemory);
    session.close().await.expect("it closes");
}

#[tokio::test]
async fn no_limit_is_none_and_said_so() {
    let given = [("mem_limit", json!(-1)), ("pids_limit", json!(-1)), ("cpu_quota", json!(-1))];
    let code = format!(
        "{GROUP}memory = group('memory.max', 'memory/memory.limit_in_bytes')
print(memory == 'max' or int(memory) > 1 << 40, group('pids.max', 'pids/pids.max'))"
    );
    for engine in engines() {
        let session = open(engine, &given).await;
        let result = session.run(code.as_str()).await.expect("the sandbox lives");
        assert_eq!(result.stdout_text(), "True max\n", "{engine:?}: {}", result.stderr_text());
        for guarantee in [Guarantee::MemoryLimit, Guarantee::ProcessLimit, Guarantee::CpuLimit] {
            assert_eq!(session.capabilities().strength(guarantee), Strength::Absent, "{guarantee}");
        }
        session.close().await.expect("it closes");
    }
}
