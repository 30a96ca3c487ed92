use serde_json::{Value, json};

use super::*;
use crate::options::ContainerOptions;

fn with(name: &str, value: &Value) -> Capabilities {
    let mut options = ContainerOptions::default();
    options.set(name, value).unwrap();
    all(&options)
}

/// What differs from the default is exactly this, and names the option.
fn assert_lost(name: &str, value: Value, lost: &[(Guarantee, Strength)]) {
    let usual = all(&ContainerOptions::default());
    let given = with(name, &value);
    for held in &given.assurances {
        let expected = lost.iter().find(|(guarantee, _)| *guarantee == held.guarantee);
        let strength = expected.map_or_else(|| usual.strength(held.guarantee), |(_, strength)| *strength);
        assert_eq!(held.strength, strength, "{name} {value}: {held:?}");
        if expected.is_some() {
            assert!(held.form.starts_with(&format!("the option {name} ")), "{held:?}");
            assert_eq!(held.remedy, Some(format!("leave out the option {name}")));
        }
    }
}

#[test]
fn what_an_option_takes_away_is_no_longer_promised() {
    use Guarantee::*;
    use Strength::*;
    for mode in ["bridge", "container:x", "own"] {
        assert_lost("network_mode", json!(mode), &[(NetworkNone, Absent)]);
        assert_lost("network", json!(mode), &[(NetworkNone, Absent)]);
    }
    assert_lost("network_mode", json!("host"), &[(NetworkNone, Absent), (HostHidden, BestEffort)]);
    for none in [0, -1] {
        assert_lost("mem_limit", json!(none), &[(MemoryLimit, Absent)]);
        assert_lost("pids_limit", json!(none), &[(ProcessLimit, Absent)]);
        assert_lost("cpu_quota", json!(none), &[(CpuLimit, Absent)]);
    }
    assert_lost("memswap_limit", json!(-1), &[(MemoryLimit, Absent)]);
    assert_lost("nano_cpus", json!(0), &[(CpuLimit, Absent)]);
    let privileged =
        [(HostFiles, BestEffort), (AgentApart, BestEffort), (HostHidden, Absent), (Unprivileged, BestEffort)];
    assert_lost("privileged", json!(true), &privileged);
    assert_lost("cap_add", json!(["SYS_ADMIN"]), &[(Unprivileged, BestEffort)]);
    assert_lost("devices", json!(["/dev/fuse"]), &[(HostFiles, BestEffort), (AgentApart, BestEffort)]);
    assert_lost("gpus", json!("all"), &[(HostFiles, BestEffort), (AgentApart, BestEffort)]);
    assert_lost("pid_mode", json!("host"), &[(ProcessesHidden, Absent), (AgentApart, BestEffort)]);
    assert_lost("ipc_mode", json!("host"), &[(HostFiles, Absent), (HostHidden, Absent)]);
    assert_lost("ipc_mode", json!("container:x"), &[(ProcessesHidden, Absent)]);
}

#[test]
fn what_is_mounted_may_take_everything_away() {
    use Guarantee::*;
    use Strength::*;
    let host = ["/", "/run", "/var/run", "/var/run/docker.sock", "/run/podman", "/elsewhere/docker.sock"];
    for source in host.into_iter().chain(["/run/user", "/run/user/4242", "/run/user/4242/podman", "/././"]) {
        let volumes = with("volumes", &json!([format!("{source}:/in:ro")]));
        let mounts = with("mounts", &json!([{"Type": "bind", "Source": source, "Target": "/in"}]));
        for held in volumes.assurances.iter().chain(&mounts.assurances) {
            assert_eq!(held.strength, Absent, "{source}: {held:?}");
        }
    }
    assert_lost("volumes", json!(["/proc:/in"]), &[(HostHidden, Absent), (ProcessesHidden, Absent)]);
    assert_lost("volumes", json!(["/dev:/in"]), &[(HostFiles, Absent), (HostHidden, Absent)]);
    for harmless in ["/usr/share:/in", "/srv:/in:rw", "docker:/in", "/run/user/4242/pulse:/in"] {
        assert_lost("volumes", json!([harmless]), &[]);
    }
}

#[test]
fn what_takes_nothing_away_leaves_everything() {
    let harmless = [
        ("mem_limit", json!("1g")),
        ("memswap_limit", json!("2g")),
        ("pids_limit", json!(20)),
        ("network_mode", json!("none")),
        ("cap_drop", json!(["ALL"])),
        ("ipc_mode", json!("private")),
        ("tmpfs", json!(["/cache"])),
        ("security_opt", json!(["seccomp=unconfined"])),
        ("cpu_period", json!(1000)),
    ];
    for (name, value) in harmless {
        assert_lost(name, value, &[]);
    }
}

#[test]
fn the_engines_own_filter_is_told_of_while_it_is_there() {
    let form = |capabilities: Capabilities| capabilities.get(Guarantee::SystemCalls).unwrap().form.clone();
    assert!(form(with("init", &json!(true))).contains("beside the engine's own"));
    for (name, value) in [("security_opt", json!(["seccomp=unconfined"])), ("privileged", json!(true))] {
        assert_eq!(form(with(name, &value)), "system-call filter version 1");
    }
}

#[test]
fn root_that_is_the_codes_user_has_the_hosts_devices() {
    let mut options = ContainerOptions { user: Some((0, 0)), ..ContainerOptions::default() };
    options.privileged = true;
    assert_eq!(all(&options).strength(Guarantee::HostFiles), Strength::Absent);
}
