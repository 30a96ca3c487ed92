use llm_sandbox_core::{Error, ErrorKind, Language, SandboxSpec, Session, SessionBuilder};
use serde_json::{Value, json};

use super::{ContainerOptions, refused::REFUSED, table::TABLE};
use crate::{
    Engine,
    container::{body, parameters},
};

fn with(name: &str, value: &Value) -> Result<ContainerOptions, Error> {
    let mut options = ContainerOptions::default();
    options.set(name, value)?;
    options.check(Engine::Docker)?;
    Ok(options)
}

fn asked(options: &ContainerOptions) -> Value {
    serde_json::to_value(body(Engine::Docker, &SandboxSpec::default(), "image", options)).unwrap()
}

fn refusal(name: &str, value: Value) -> String {
    let error = with(name, &value).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with(&format!("container option {name}: ")), "{error}");
    format!("{}; {}", error, error.hint().unwrap_or_default())
}

/// Each option, a value of it, and where and as what the engine is told of it.
fn mapped() -> Vec<(&'static str, Value, &'static str, Value)> {
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

#[test]
fn null_takes_an_option_back() {
    for (name, value, ..) in mapped() {
        let mut options = with(name, &value).unwrap();
        options.set(name, &Value::Null).unwrap();
        assert_eq!(options, ContainerOptions::default(), "{name}");
    }
}

#[test]
fn options_beside_the_body() {
    assert_eq!(parameters(&ContainerOptions::default()), None);
    let options = with("platform", &json!("linux/amd64")).unwrap();
    assert_eq!(parameters(&options).unwrap().platform, "linux/amd64");

    let mut options = with("user", &json!(7)).unwrap();
    options.set("group_add", &json!([44, "video"])).unwrap();
    options.check(Engine::Docker).unwrap();
    assert_eq!(asked(&options).pointer("/HostConfig/GroupAdd").unwrap(), &json!(["44", "video"]));
}

#[test]
fn where_code_runs_is_the_sessions_to_say() {
    let options = with("working_dir", &json!("/work")).unwrap();
    let error = options.check_session(&SandboxSpec::default()).unwrap_err();
    assert_eq!(error.to_string(), "container option working_dir: the session works in /sandbox");
    let there = SandboxSpec { directory: "/work".into(), ..SandboxSpec::default() };
    options.check_session(&there).unwrap();
    let builder = options
        .apply_to(Session::builder_on(std::sync::Arc::new(crate::Docker::new(Engine::Docker)), Language::Python));
    assert!(format!("{builder:?}").contains("\"/work\""), "{builder:?}");
    let options = with("ulimits", &json!(["nofile=64", "fsize=100:200"])).unwrap();
    let error = options.check_session(&SandboxSpec::default()).unwrap_err();
    assert_eq!(error.to_string(), "container option ulimits: the session's own nofile is 1024");
    let builder = options.apply_to(SessionBuilder::<Session>::new(Language::Python));
    assert!(format!("{builder:?}").contains("file_size_bytes: Some(100), open_files: Some(64)"), "{builder:?}");
    assert!(refusal("working_dir", json!("work")).contains("\"work\" is not absolute"));
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let error = with("mem_limits", &json!(1)).unwrap_err();
    assert_eq!(error.to_string(), "container option: \"mem_limits\" is unknown");
    assert_eq!(error.hint(), Some("did you mean \"mem_limit\"?"));
    let error = with("colour", &json!(1)).unwrap_err();
    assert!(error.hint().unwrap().starts_with("there are: mem_limit, "), "{error:?}");
}

#[test]
fn what_no_sandbox_can_have_is_refused_with_the_reason() {
    for (name, reason, remedy) in REFUSED {
        assert_eq!(refusal(name, json!(true)), format!("container option {name}: {reason}; {remedy}"));
        assert!(TABLE.iter().all(|known| known.name != *name), "{name}");
    }
}

#[test]
fn values_that_cannot_be_read_are_refused_with_what_is_taken() {
    let size = "give a size in bytes, such as \"512m\" or 536870912";
    assert_eq!(refusal("mem_limit", json!("12x")), format!("container option mem_limit: \"x\" is no unit; {size}"));
    for wrong in
        [json!("much"), json!(true), json!([1]), json!(1.5), json!(""), json!("m"), json!("1bb"), json!("99e99")]
    {
        assert!(refusal("mem_limit", wrong.clone()).ends_with(size), "{wrong}");
    }
    assert_eq!(refusal("read_only", json!("yes")), "container option read_only: \"yes\" is none; give true or false");
    assert!(refusal("user", json!("root")).contains("own list of names; give numbers, such as 1000"));
    assert!(refusal("user", json!("1:2:3")).contains("give numbers"));
    assert!(refusal("dns", json!(["example.org"])).contains("\"example.org\" is no address"));
    assert!(refusal("ulimits", json!([{"Name": "nofile", "Soft": 1, "Hrad": 1}])).contains("unknown field `Hrad`"));
    assert!(refusal("ulimits", json!(["nofile"])).contains("\"nofile\" is none"));
    assert!(refusal("mounts", json!([{"Target": "/in", "Sauce": "/"}])).contains("unknown field `Sauce`"));
    assert!(refusal("mounts", json!([{"Target": "/in", "Type": "bind"}])).contains("has no source"));
    assert!(refusal("volumes", json!(["/only"])).contains("\"/only\" is none"));
    assert!(refusal("volumes", json!({"/h": {"bind": "/in", "mod": "ro"}})).contains("\"mod\" of /h is unknown"));
    assert!(refusal("volumes", json!({"/h": {"mode": "ro"}})).contains("\"bind\" of /h is missing"));
    assert!(refusal("environment", json!(["A"])).contains("\"A\" has no '=' in it"));
    assert!(refusal("environment", json!({"A=B": "c"})).contains("the name \"A=B\""));
    assert!(refusal("gpus", json!(0)).contains("0 is none"));
    for (name, ..) in mapped() {
        let error = with(name, &json!({"\0": [null]})).unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.starts_with("give ")), "{name}: {error:?}");
    }
}

#[test]
fn what_is_refused_changes_nothing() {
    let mut options = with("mem_limit", &json!(1 << 30)).unwrap();
    let before = options.clone();
    options.set("mem_limit", &json!("much")).unwrap_err();
    options.set("labels", &json!({"io.github.llm-sandbox.owner": "1"})).unwrap_err();
    assert_eq!(options, before);
}

#[test]
fn the_agents_own_place_is_kept() {
    for target in ["/", "//", "/.", "/x/..", "/.llm-sandbox", "/.llm-sandbox/agent", "/x/../.llm-sandbox/"] {
        for (name, value) in [
            ("tmpfs", json!([target])),
            ("volumes", json!([format!("/host:{target}")])),
            ("mounts", json!([{"Target": target}])),
        ] {
            assert!(refusal(name, value).contains("where the agent and its root lie"), "{name} {target}");
        }
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let both = |first: (&str, Value), second: (&str, Value)| {
        let mut options = ContainerOptions::default();
        options.set(first.0, &first.1).unwrap();
        options.set(second.0, &second.1).unwrap();
        options.check(Engine::Docker).unwrap_err().to_string()
    };
    assert!(both(("network", json!("a")), ("network_mode", json!("none"))).contains("network_mode names another"));
    assert!(both(("nano_cpus", json!(1)), ("cpu_quota", json!(1))).contains("cpu_quota says how many"));
    assert!(both(("cpu_count", json!(1)), ("cpu_period", json!(1))).contains("cpu_quota says how many"));
    assert!(refusal("group_add", json!([44])).contains("give user as well"));
    for needed in ["KILL", "cap_kill", "CAP_SETUID"] {
        assert!(refusal("cap_drop", json!([needed])).contains("give user as well"), "{needed}");
    }
    let mut options = with("user", &json!(7)).unwrap();
    options.set("cap_drop", &json!(["KILL"])).unwrap();
    options.check(Engine::Docker).unwrap();
}

#[test]
fn what_podman_would_drop_is_refused() {
    let dropped = [
        ("runtime", json!("runsc")),
        ("platform", json!("linux/amd64")),
        ("gpus", json!("all")),
        ("memswap_limit", json!(-1)),
        ("mounts", json!([{"Target": "/in", "VolumeOptions": {"NoCopy": true}}])),
    ];
    for (name, value) in dropped {
        let error = with(name, &value).unwrap().check(Engine::Podman).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().starts_with(&format!("the container option {name} is not supported: ")), "{error}");
    }
    with("shm_size", &json!("1m")).unwrap().check(Engine::Podman).unwrap();
}

#[test]
fn limits_that_are_the_agents_own_are_refused() {
    assert!(refusal("ulimits", json!(["core=0"])).ends_with("core files are never written; leave core out"));
    assert!(refusal("ulimits", json!(["memlock=-1"])).ends_with("leave memlock out"));
}

#[test]
fn the_default_is_what_it_was() {
    let body = asked(&ContainerOptions::default());
    let host = &body["HostConfig"];
    assert_eq!((&host["NetworkMode"], &host["CapDrop"]), (&json!("none"), &json!(["ALL"])));
    assert_eq!((&host["SecurityOpt"], &host["PidsLimit"]), (&json!(["no-new-privileges"]), &json!(136)));
    assert_eq!((&host["Memory"], &host["MemorySwap"]), (&json!(512 << 20), &json!(512 << 20)));
    assert_eq!((&host["NanoCpus"], &host["Privileged"]), (&json!(1_000_000_000), &Value::Null));
}

#[test]
fn memory_makes_room_for_what_is_mounted() {
    let mut options = with("read_only", &json!(true)).unwrap();
    options.set("volumes", &json!(["/host:/tmp"])).unwrap();
    options.set("tmpfs", &json!({"/sandbox": "size=1m"})).unwrap();
    let memory = asked(&options).pointer("/HostConfig/Tmpfs").cloned().unwrap();
    assert_eq!((&memory["/tmp"], &memory["/sandbox"]), (&Value::Null, &json!("size=1m")));
    assert!(memory["/home/sandbox"].as_str().unwrap().contains("uid=1000"));
}
