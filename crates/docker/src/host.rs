//! What a container has of its host: limits, networks, files, privileges.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    DeviceMapping, DeviceRequest, EndpointSettings, HostConfig, HostConfigLogConfig, NetworkingConfig, ResourcesUlimits,
};
use llm_sandbox_core::{Limits, SandboxSpec};

use crate::{
    Engine,
    container::CAPABILITIES,
    mounts,
    options::{ContainerOptions, Device, Gpus, Ulimit},
};

/// The agent, its decoy, and for each of a few runs its init and one made ahead.
const OWN_PROCESSES: i64 = 9;

pub(crate) fn host(engine: Engine, spec: &SandboxSpec, options: &ContainerOptions) -> HostConfig {
    let mut host = HostConfig {
        auto_remove: Some(true),
        // Or every frame of the pipe would land on the engine's disk.
        log_config: Some(HostConfigLogConfig { typ: Some("none".to_owned()), config: None }),
        runtime: options.runtime.clone(),
        init: options.init,
        ipc_mode: options.ipc_mode.clone(),
        pid_mode: options.pid_mode.clone(),
        userns_mode: options.userns_mode.clone(),
        uts_mode: options.uts_mode.clone(),
        ..HostConfig::default()
    };
    bound_memory(&mut host, &spec.limits, options);
    bound_processors(&mut host, &spec.limits, options);
    bound_processes(&mut host, &spec.limits, options);
    connect(&mut host, options);
    show_devices(&mut host, options);
    grant(&mut host, options);
    mounts::place(&mut host, engine, spec, options);
    host
}

fn bound_memory(host: &mut HostConfig, limits: &Limits, options: &ContainerOptions) {
    let memory = options.mem_limit.unwrap_or(i64::try_from(limits.memory_bytes).unwrap_or(i64::MAX)).max(0);
    host.memory = Some(memory);
    // Memory and swap together, of which an engine takes none where memory has no limit.
    host.memory_swap = options.memswap_limit.or((memory > 0).then_some(memory));
    host.memory_reservation = options.mem_reservation;
    host.memory_swappiness = options.mem_swappiness;
    host.oom_score_adj = options.oom_score_adj;
    host.shm_size = options.shm_size;
}

fn bound_processors(host: &mut HostConfig, limits: &Limits, options: &ContainerOptions) {
    // Validated: positive and far below the largest number.
    let of_session = |unit: i64| (limits.cpus * unit as f64) as i64;
    host.cpu_shares = options.cpu_shares;
    host.cpuset_cpus = options.cpuset_cpus.clone();
    host.cpuset_mems = options.cpuset_mems.clone();
    host.cpu_count = options.cpu_count;
    host.cpu_period = options.cpu_period;
    host.cpu_quota = options.cpu_quota.or(options.cpu_period.map(of_session));
    // Engines take one of the two.
    if host.cpu_quota.is_none() {
        let whole = options.cpu_count.map(|count| count.saturating_mul(1_000_000_000));
        host.nano_cpus = options.nano_cpus.or(whole).or(Some(of_session(1_000_000_000)));
    }
}

fn bound_processes(host: &mut HostConfig, limits: &Limits, options: &ContainerOptions) {
    let of_session = i64::from(limits.processes).saturating_add(OWN_PROCESSES);
    host.pids_limit = Some(options.pids_limit.unwrap_or(of_session));
    let ulimit = |Ulimit { name, soft, hard }: &Ulimit| ResourcesUlimits {
        name: Some(name.clone()),
        soft: Some(*soft),
        hard: Some(*hard),
    };
    host.ulimits = unless_empty(&options.ulimits.iter().map(ulimit).collect::<Vec<_>>());
}

fn connect(host: &mut HostConfig, options: &ContainerOptions) {
    let network = options.network_named().map_or("none", |(_, network)| network);
    host.network_mode = Some(network.to_owned());
    host.extra_hosts = unless_empty(&options.extra_hosts);
    host.dns = unless_empty(&options.dns);
    host.dns_options = unless_empty(&options.dns_opt);
    host.dns_search = unless_empty(&options.dns_search);
}

/// The network that is joined by name.
pub(crate) fn networking(options: &ContainerOptions) -> Option<NetworkingConfig> {
    let network = options.network.clone()?;
    let endpoints = HashMap::from([(network, EndpointSettings::default())]);
    Some(NetworkingConfig { endpoints_config: Some(endpoints) })
}

fn show_devices(host: &mut HostConfig, options: &ContainerOptions) {
    let device = |Device { host, inside, permissions }: &Device| DeviceMapping {
        path_on_host: Some(host.clone()),
        path_in_container: Some(inside.clone()),
        cgroup_permissions: Some(permissions.clone()),
    };
    host.devices = unless_empty(&options.devices.iter().map(device).collect::<Vec<_>>());
    host.device_cgroup_rules = unless_empty(&options.device_cgroup_rules);
    host.device_requests = options.gpus.as_ref().map(|gpus| {
        let (count, ids) = match gpus {
            Gpus::All => (Some(-1), None),
            Gpus::Count(count) => (Some(i64::from(*count)), None),
            Gpus::Ids(ids) => (None, Some(ids.clone())),
        };
        let capabilities = Some(vec![vec!["gpu".to_owned()]]);
        vec![DeviceRequest { count, device_ids: ids, capabilities, ..DeviceRequest::default() }]
    });
}

fn grant(host: &mut HostConfig, options: &ContainerOptions) {
    let agents: &[&str] = if options.user.is_some() { &[] } else { &CAPABILITIES };
    host.cap_drop = Some(joined(&["ALL"], &options.cap_drop));
    host.cap_add = Some(joined(agents, &options.cap_add));
    let says_otherwise = options.security_opt.iter().any(|option| option.starts_with(NO_NEW_PRIVILEGES));
    let usual: &[&str] = if says_otherwise { &[] } else { &[NO_NEW_PRIVILEGES] };
    host.security_opt = Some(joined(usual, &options.security_opt));
    host.privileged = options.privileged.then_some(true);
    host.group_add = unless_empty(&options.group_add);
    host.sysctls = unless_empty_map(&options.sysctls);
    host.storage_opt = unless_empty_map(&options.storage_opt);
}

const NO_NEW_PRIVILEGES: &str = "no-new-privileges";

fn joined(usual: &[&str], given: &[String]) -> Vec<String> {
    let given = given.iter().filter(|given| !usual.contains(&given.as_str())).cloned();
    usual.iter().map(|usual| (*usual).to_owned()).chain(given).collect()
}

fn unless_empty<T: Clone>(list: &[T]) -> Option<Vec<T>> {
    (!list.is_empty()).then(|| list.to_vec())
}

fn unless_empty_map(map: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    (!map.is_empty()).then(|| map.clone().into_iter().collect())
}
