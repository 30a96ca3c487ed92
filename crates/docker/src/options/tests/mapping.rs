use serde_json::{Value, json};

use super::{asked, with};
use crate::ContainerOptions;

/// Each option, a value of it, and where and as what the engine is told of it.
pub(super) fn mapped() -> Vec<(&'static str, Value, &'static str, Value)> {
    let mount = json!({"Type": "bind", "Source": "/host", "Target": "/in", "ReadOnly": true,
        "BindOptions": {"Propagation": "rslave"}});
    let kwargs = json!([{"type": "tmpfs", "target": "/in", "tmpfs_size": "1m", "tmpfs_mode": 448}]);
    let nofile = json!([{"Name": "nofile", "Soft": 1, "Hard": 2}]);
    let fuse = json!([{"PathOnHost": "/dev/fuse", "PathInContainer": "/dev/f", "CgroupPermissions": "r"}]);
    vec![
        ("mem_limit", json!("64m"), "/HostConfig/Memory", json!(64 << 20)),
        ("mem_limit", json!("64m"), "/HostConfig/MemorySwap", json!(64 << 20)),
        ("mem_limit", json!(-1), "/HostConfig/Memory", json!(0)),
        ("mem_limit", json!(0), "/HostConfig/MemorySwap", Value::Null),
        ("memswap_limit", json!("1g"), "/HostConfig/MemorySwap", json!(1 << 30)),
        ("memswap_limit", json!(-1), "/HostConfig/MemorySwap", json!(-1)),
        ("mem_reservation", json!("1.5k"), "/HostConfig/MemoryReservation", json!(1536)),
        ("mem_swappiness", json!(0), "/HostConfig/MemorySwappiness", json!(0)),
        ("oom_score_adj", json!(500), "/HostConfig/OomScoreAdj", json!(500)),
        ("cpu_count", json!(2), "/HostConfig/CpuCount", json!(2)),
        ("cpu_count", json!(2), "/HostConfig/NanoCpus", json!(2_000_000_000)),
        ("cpu_period", json!(50_000), "/HostConfig/CpuPeriod", json!(50_000)),
        ("cpu_period", json!(50_000), "/HostConfig/CpuQuota", json!(50_000)),
        ("cpu_quota", json!(25_000), "/HostConfig/CpuQuota", json!(25_000)),
        ("cpu_quota", json!(25_000), "/HostConfig/NanoCpus", Value::Null),
        ("nano_cpus", json!(500_000_000), "/HostConfig/NanoCpus", json!(500_000_000)),
        ("cpu_shares", json!(512), "/HostConfig/CpuShares", json!(512)),
        ("cpuset_cpus", json!("0-1"), "/HostConfig/CpusetCpus", json!("0-1")),
        ("cpuset_cpus", json!(0), "/HostConfig/CpusetCpus", json!("0")),
        ("cpuset_mems", json!("0"), "/HostConfig/CpusetMems", json!("0")),
        ("pids_limit", json!(30), "/HostConfig/PidsLimit", json!(30)),
        ("pids_limit", json!(-1), "/HostConfig/PidsLimit", json!(-1)),
        ("ulimits", nofile.clone(), "/HostConfig/Ulimits", nofile.clone()),
        ("ulimits", json!(["nofile=1:2"]), "/HostConfig/Ulimits", nofile),
        ("ulimits", json!("stack=7"), "/HostConfig/Ulimits/0/Hard", json!(7)),
        ("shm_size", json!("8MiB"), "/HostConfig/ShmSize", json!(8 << 20)),
        ("devices", json!(["/dev/fuse:/dev/f:r"]), "/HostConfig/Devices", fuse.clone()),
        ("devices", fuse.clone(), "/HostConfig/Devices", fuse),
        ("devices", json!("/dev/a"), "/HostConfig/Devices/0/PathInContainer", json!("/dev/a")),
        ("devices", json!("/dev/a:rw"), "/HostConfig/Devices/0/CgroupPermissions", json!("rw")),
        ("device_cgroup_rules", json!(["c 1:3 r"]), "/HostConfig/DeviceCgroupRules", json!(["c 1:3 r"])),
        ("gpus", json!("all"), "/HostConfig/DeviceRequests/0/Count", json!(-1)),
        ("gpus", json!(2), "/HostConfig/DeviceRequests/0/Count", json!(2)),
        ("gpus", json!(["0", "GPU-1"]), "/HostConfig/DeviceRequests/0/DeviceIDs", json!(["0", "GPU-1"])),
        ("gpus", json!("device=0,1"), "/HostConfig/DeviceRequests/0/DeviceIDs", json!(["0", "1"])),
        ("gpus", json!("1"), "/HostConfig/DeviceRequests/0/Capabilities", json!([["gpu"]])),
        ("network_mode", json!("bridge"), "/HostConfig/NetworkMode", json!("bridge")),
        ("network_mode", json!("container:x"), "/Hostname", Value::Null),
        ("network", json!("own"), "/HostConfig/NetworkMode", json!("own")),
        ("network", json!("own"), "/NetworkingConfig/EndpointsConfig/own", json!({})),
        ("extra_hosts", json!({"a": "10.0.0.1"}), "/HostConfig/ExtraHosts", json!(["a:10.0.0.1"])),
        ("extra_hosts", json!(["a:::1", "a:1.1.1.1"]), "/HostConfig/ExtraHosts", json!(["a:::1", "a:1.1.1.1"])),
        ("dns", json!(["1.1.1.1"]), "/HostConfig/Dns", json!(["1.1.1.1"])),
        ("dns_opt", json!(["ndots:2"]), "/HostConfig/DnsOptions", json!(["ndots:2"])),
        ("dns_search", json!("a.example"), "/HostConfig/DnsSearch", json!(["a.example"])),
        ("hostname", json!("box"), "/Hostname", json!("box")),
        ("domainname", json!("example"), "/Domainname", json!("example")),
        ("mounts", json!([mount.clone()]), "/HostConfig/Mounts/1", mount),
        ("mounts", kwargs, "/HostConfig/Mounts/1/TmpfsOptions", json!({"SizeBytes": 1 << 20, "Mode": 448})),
        ("volumes", json!({"/h": {"bind": "/in", "mode": "ro"}}), "/HostConfig/Binds", json!(["/h:/in:ro"])),
        ("volumes", json!({"/h": {"bind": "/in"}}), "/HostConfig/Binds", json!(["/h:/in:rw"])),
        ("volumes", json!(["/h:/in:ro", "v:/v"]), "/HostConfig/Binds", json!(["/h:/in:ro", "v:/v:rw"])),
        ("tmpfs", json!({"/t": "size=1m"}), "/HostConfig/Tmpfs", json!({"/t": "size=1m"})),
        ("tmpfs", json!(["/t", "/u:size=1m"]), "/HostConfig/Tmpfs", json!({"/t": "", "/u": "size=1m"})),
        ("read_only", json!(true), "/HostConfig/ReadonlyRootfs", json!(true)),
        ("storage_opt", json!({"size": "1G"}), "/HostConfig/StorageOpt/size", json!("1G")),
        ("user", json!(1234), "/User", json!("1234:1234")),
        ("user", json!("1234:5"), "/User", json!("1234:5")),
        ("user", json!("1234"), "/HostConfig/CapAdd", json!([])),
        ("cap_add", json!(["SYS_PTRACE"]), "/HostConfig/CapAdd/6", json!("SYS_PTRACE")),
        ("cap_drop", json!(["NET_RAW"]), "/HostConfig/CapDrop", json!(["ALL", "NET_RAW"])),
        ("cap_drop", json!(["ALL"]), "/HostConfig/CapDrop", json!(["ALL"])),
        (
            "security_opt",
            json!(["seccomp=unconfined"]),
            "/HostConfig/SecurityOpt",
            json!(["no-new-privileges", "seccomp=unconfined"]),
        ),
        (
            "security_opt",
            json!(["no-new-privileges=false"]),
            "/HostConfig/SecurityOpt",
            json!(["no-new-privileges=false"]),
        ),
        ("privileged", json!(true), "/HostConfig/Privileged", json!(true)),
        ("sysctls", json!({"net.core.somaxconn": 64}), "/HostConfig/Sysctls/net.core.somaxconn", json!("64")),
        ("ipc_mode", json!("private"), "/HostConfig/IpcMode", json!("private")),
        ("pid_mode", json!("host"), "/HostConfig/PidMode", json!("host")),
        ("userns_mode", json!("host"), "/HostConfig/UsernsMode", json!("host")),
        ("uts_mode", json!("host"), "/HostConfig/UTSMode", json!("host")),
        ("uts_mode", json!("host"), "/Hostname", Value::Null),
        ("runtime", json!("runsc"), "/HostConfig/Runtime", json!("runsc")),
        ("init", json!(true), "/HostConfig/Init", json!(true)),
        ("labels", json!({"a": "b"}), "/Labels/a", json!("b")),
        ("labels", json!(["a", "b=c"]), "/Labels/a", json!("")),
        ("environment", json!({"A": "1=2"}), "/Env", json!(["A=1=2"])),
        ("environment", json!(["A=1", "B="]), "/Env", json!(["A=1", "B="])),
    ]
}

#[test]
fn every_option_is_mapped_one_to_one() {
    let table = mapped();
    for (name, value, pointer, expected) in &table {
        let body = asked(&with(name, value).unwrap_or_else(|error| panic!("{name}: {error}")));
        let found = body.pointer(pointer).unwrap_or(&Value::Null);
        assert_eq!(found, expected, "{name} {value}: {pointer} of {body:#}");
    }
    // Each of these has a test of its own.
    let others = ["platform", "working_dir", "group_add"];
    for name in ContainerOptions::names().filter(|name| !others.contains(name)) {
        assert!(table.iter().any(|(mapped, ..)| *mapped == name), "{name}");
    }
}
