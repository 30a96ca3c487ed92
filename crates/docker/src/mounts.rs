//! What is mounted in a container, and what lies in memory.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use bollard::models::{
    HostConfig, Mount, MountBindOptions, MountBindOptionsPropagationEnum, MountTmpfsOptions, MountType,
    MountVolumeOptions,
};
use llm_sandbox_core::{Access, SandboxSpec};

use crate::{
    Engine,
    container::{AGENT_DIRECTORY, HOME, USER},
    options::{ContainerMount, ContainerOptions, MountKind, Propagation},
};

pub(crate) fn place(host: &mut HostConfig, engine: Engine, spec: &SandboxSpec, options: &ContainerOptions) {
    let agent = Mount { target: Some(AGENT_DIRECTORY.to_owned()), typ: Some(MountType::VOLUME), ..Mount::default() };
    let shared = spec.mounts.iter().map(|mount| Mount {
        source: Some(mount.source.display().to_string()),
        target: Some(mount.target.display().to_string()),
        typ: Some(MountType::BIND),
        read_only: Some(mount.access == Access::ReadOnly),
        ..Mount::default()
    });
    host.mounts = Some([agent].into_iter().chain(shared).chain(options.mounts.iter().map(mount)).collect());
    let binds = options.volumes.iter().map(|volume| format!("{}:{}:{}", volume.source, volume.target, volume.mode));
    host.binds = Some(binds.collect::<Vec<_>>()).filter(|binds| !binds.is_empty());
    host.readonly_rootfs = Some(options.read_only);
    host.tmpfs = memory(engine, spec, options);
}

fn mount(mount: &ContainerMount) -> Mount {
    let bind = MountBindOptions { propagation: mount.propagation.map(propagation), ..MountBindOptions::default() };
    let volume = MountVolumeOptions { no_copy: mount.no_copy, ..MountVolumeOptions::default() };
    let memory = MountTmpfsOptions { size_bytes: mount.tmpfs_size, mode: mount.tmpfs_mode, options: None };
    Mount {
        source: mount.source.clone(),
        target: Some(mount.target.clone()),
        typ: Some(match mount.kind {
            MountKind::Bind => MountType::BIND,
            MountKind::Volume => MountType::VOLUME,
            MountKind::Tmpfs => MountType::TMPFS,
        }),
        read_only: Some(mount.read_only),
        // An engine refuses options of another kind than the mount's, and by that says so.
        bind_options: Some(bind).filter(|bind| *bind != MountBindOptions::default()),
        volume_options: Some(volume).filter(|volume| *volume != MountVolumeOptions::default()),
        tmpfs_options: Some(memory).filter(|memory| *memory != MountTmpfsOptions::default()),
        ..Mount::default()
    }
}

fn propagation(propagation: Propagation) -> MountBindOptionsPropagationEnum {
    use MountBindOptionsPropagationEnum as Engine;
    match propagation {
        Propagation::Private => Engine::PRIVATE,
        Propagation::RPrivate => Engine::RPRIVATE,
        Propagation::Shared => Engine::SHARED,
        Propagation::RShared => Engine::RSHARED,
        Propagation::Slave => Engine::SLAVE,
        Propagation::RSlave => Engine::RSLAVE,
    }
}

/// What lies in memory: what was asked for, and what must be writable where the root is not, or not to the agent.
fn memory(engine: Engine, spec: &SandboxSpec, options: &ContainerOptions) -> Option<HashMap<String, String>> {
    let mut memory = BTreeMap::new();
    if options.read_only || options.user.is_some() {
        memory = writable(engine, spec, options);
        // A path can be mounted on once.
        memory.retain(|path, _| !is_taken(path, spec, options));
    }
    memory.extend(options.tmpfs.clone());
    (!memory.is_empty()).then(|| memory.into_iter().collect())
}

fn writable(engine: Engine, spec: &SandboxSpec, options: &ContainerOptions) -> BTreeMap<String, String> {
    let size = spec.limits.disk_bytes;
    let (user, group) = options.user.unwrap_or((USER, USER));
    let own = match engine {
        Engine::Docker => format!("rw,exec,nosuid,nodev,mode=0755,uid={user},gid={group},size={size}"),
        // It gives them no owner. Nobody but the code's user is there to use them.
        Engine::Podman => format!("rw,exec,nosuid,nodev,mode=0777,size={size}"),
    };
    let shared = format!("rw,exec,nosuid,nodev,mode=1777,size={size}");
    let directory = spec.directory.display().to_string();
    BTreeMap::from([("/tmp".to_owned(), shared), (HOME.to_owned(), own.clone()), (directory, own)])
}

fn is_taken(path: &str, spec: &SandboxSpec, options: &ContainerOptions) -> bool {
    let shared = spec.mounts.iter().map(|mount| mount.target.as_path());
    let mounts = options.mounts.iter().map(|mount| Path::new(&mount.target));
    let volumes = options.volumes.iter().map(|volume| Path::new(&volume.target));
    let memory = options.tmpfs.keys().map(Path::new);
    shared.chain(mounts).chain(volumes).chain(memory).any(|target| target == Path::new(path))
}
