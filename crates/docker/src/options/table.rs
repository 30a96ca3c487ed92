//! Every option that can be set by name: what it takes, and where it goes.

use serde_json::Value;

use super::{
    ContainerOptions,
    read::{
        Read, addresses, assignments, environment, flag, hosts, labels, path, positive, size, text, texts, tmpfs, user,
        whole,
    },
    read_kinds::{devices, gpus, mounts, ulimits, volumes},
};

type Set = fn(&mut ContainerOptions, &Value) -> Read<()>;

/// An option.
pub(super) struct Known {
    pub(super) name: &'static str,
    /// What it takes, in words.
    pub(super) takes: &'static str,
    /// Puts a value where it goes. Python's `None`, or JSON's null, takes the option back.
    pub(super) set: Set,
}

const fn known(name: &'static str, takes: &'static str, set: Set) -> Known {
    Known { name, takes, set }
}

fn one<T>(to: &mut Option<T>, value: &Value, read: fn(&Value) -> Read<T>) -> Read<()> {
    *to = if value.is_null() { None } else { Some(read(value)?) };
    Ok(())
}

fn all<T: Default>(to: &mut T, value: &Value, read: fn(&Value) -> Read<T>) -> Read<()> {
    *to = if value.is_null() { T::default() } else { read(value)? };
    Ok(())
}

const SIZE: &str = "a size in bytes, such as \"512m\" or 536870912";
const WHOLE: &str = "a whole number";
const POSITIVE: &str = "a whole number from 1 up";
const MICROSECONDS: &str = "a whole number of microseconds";
const FLAG: &str = "true or false";
const TEXT: &str = "a text";
const TEXTS: &str = "a list of texts";
const ASSIGNMENTS: &str = "a map, or a list such as [\"NAME=VALUE\"]";
const ADDRESSES: &str = "a list of addresses, such as [\"1.1.1.1\"]";
const HOSTS: &str = "a map of names to addresses, or a list such as [\"name:10.0.0.1\"]";
const ULIMITS: &str = "a list such as [{\"Name\": \"nofile\", \"Soft\": 256, \"Hard\": 512}] or [\"nofile=256:512\"]";
const DEVICES: &str = "a list such as [\"/dev/fuse:/dev/fuse:rwm\"]";
const GPUS: &str = "a number from 1 up, \"all\", or a list of ids such as [\"0\", \"1\"]";
const MOUNTS: &str =
    "a list such as [{\"Type\": \"bind\", \"Source\": \"/host\", \"Target\": \"/in\", \"ReadOnly\": true}]";
const VOLUMES: &str =
    "a map such as {\"/host\": {\"bind\": \"/in\", \"mode\": \"ro\"}}, or a list such as [\"/host:/in:ro\"]";
const TMPFS: &str = "a map of paths to mount options, such as {\"/cache\": \"size=64m\"}, or a list";
const USER: &str = "numbers, such as 1000 or \"1000:1000\"";
const DIRECTORY: &str = "an absolute path";

pub(super) const TABLE: &[Known] = &[
    known("mem_limit", SIZE, |to, value| one(&mut to.mem_limit, value, size)),
    known("memswap_limit", SIZE, |to, value| one(&mut to.memswap_limit, value, size)),
    known("mem_reservation", SIZE, |to, value| one(&mut to.mem_reservation, value, size)),
    known("mem_swappiness", WHOLE, |to, value| one(&mut to.mem_swappiness, value, whole)),
    known("oom_score_adj", WHOLE, |to, value| one(&mut to.oom_score_adj, value, whole)),
    known("cpu_count", POSITIVE, |to, value| one(&mut to.cpu_count, value, positive)),
    known("cpu_period", MICROSECONDS, |to, value| one(&mut to.cpu_period, value, positive)),
    known("cpu_quota", MICROSECONDS, |to, value| one(&mut to.cpu_quota, value, whole)),
    known("nano_cpus", "a whole number of billionths of a processor", |to, value| one(&mut to.nano_cpus, value, whole)),
    known("cpu_shares", POSITIVE, |to, value| one(&mut to.cpu_shares, value, positive)),
    known("cpuset_cpus", "a text such as \"0-2,4\"", |to, value| one(&mut to.cpuset_cpus, value, text)),
    known("cpuset_mems", "a text such as \"0,1\"", |to, value| one(&mut to.cpuset_mems, value, text)),
    known("pids_limit", WHOLE, |to, value| one(&mut to.pids_limit, value, whole)),
    known("ulimits", ULIMITS, |to, value| all(&mut to.ulimits, value, ulimits)),
    known("shm_size", SIZE, |to, value| one(&mut to.shm_size, value, size)),
    known("devices", DEVICES, |to, value| all(&mut to.devices, value, devices)),
    known("device_cgroup_rules", TEXTS, |to, value| all(&mut to.device_cgroup_rules, value, texts)),
    known("gpus", GPUS, |to, value| one(&mut to.gpus, value, gpus)),
    known("network_mode", TEXT, |to, value| one(&mut to.network_mode, value, text)),
    known("network", TEXT, |to, value| one(&mut to.network, value, text)),
    known("extra_hosts", HOSTS, |to, value| all(&mut to.extra_hosts, value, hosts)),
    known("dns", ADDRESSES, |to, value| all(&mut to.dns, value, addresses)),
    known("dns_opt", TEXTS, |to, value| all(&mut to.dns_opt, value, texts)),
    known("dns_search", TEXTS, |to, value| all(&mut to.dns_search, value, texts)),
    known("hostname", TEXT, |to, value| one(&mut to.hostname, value, text)),
    known("domainname", TEXT, |to, value| one(&mut to.domainname, value, text)),
    known("mounts", MOUNTS, |to, value| all(&mut to.mounts, value, mounts)),
    known("volumes", VOLUMES, |to, value| all(&mut to.volumes, value, volumes)),
    known("tmpfs", TMPFS, |to, value| all(&mut to.tmpfs, value, tmpfs)),
    known("read_only", FLAG, |to, value| all(&mut to.read_only, value, flag)),
    known("storage_opt", ASSIGNMENTS, |to, value| all(&mut to.storage_opt, value, assignments)),
    known("user", USER, |to, value| one(&mut to.user, value, user)),
    known("group_add", "a list of groups, by number or name", |to, value| all(&mut to.group_add, value, texts)),
    known("cap_add", TEXTS, |to, value| all(&mut to.cap_add, value, texts)),
    known("cap_drop", TEXTS, |to, value| all(&mut to.cap_drop, value, texts)),
    known("security_opt", TEXTS, |to, value| all(&mut to.security_opt, value, texts)),
    known("privileged", FLAG, |to, value| all(&mut to.privileged, value, flag)),
    known("sysctls", ASSIGNMENTS, |to, value| all(&mut to.sysctls, value, assignments)),
    known("ipc_mode", TEXT, |to, value| one(&mut to.ipc_mode, value, text)),
    known("pid_mode", TEXT, |to, value| one(&mut to.pid_mode, value, text)),
    known("userns_mode", TEXT, |to, value| one(&mut to.userns_mode, value, text)),
    known("uts_mode", TEXT, |to, value| one(&mut to.uts_mode, value, text)),
    known("runtime", "a text such as \"runsc\"", |to, value| one(&mut to.runtime, value, text)),
    known("platform", "a text such as \"linux/amd64\"", |to, value| one(&mut to.platform, value, text)),
    known("init", FLAG, |to, value| one(&mut to.init, value, flag)),
    known("labels", ASSIGNMENTS, |to, value| all(&mut to.labels, value, labels)),
    known("environment", ASSIGNMENTS, |to, value| all(&mut to.environment, value, environment)),
    known("working_dir", DIRECTORY, |to, value| one(&mut to.working_dir, value, path)),
];
