//! The options that are more than a number or a text.

use serde::Deserialize;

/// A limit of each process, as `setrlimit` has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ulimit {
    /// Its name, such as `nofile`.
    #[serde(rename = "Name", alias = "name")]
    pub name: String,
    /// What holds, in the unit of that limit; -1 is none.
    #[serde(rename = "Soft", alias = "soft")]
    pub soft: i64,
    /// What a process may raise it to.
    #[serde(rename = "Hard", alias = "hard")]
    pub hard: i64,
}

/// A device of the host's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Its path on the host.
    #[serde(rename = "PathOnHost")]
    pub host: String,
    /// Its path inside.
    #[serde(rename = "PathInContainer")]
    pub inside: String,
    /// What may be done with it: some of `r`, `w` and `m` (make nodes of it).
    #[serde(rename = "CgroupPermissions", default = "all_permissions")]
    pub permissions: String,
}

pub(super) fn all_permissions() -> String {
    "rwm".to_owned()
}

/// Graphics processors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gpus {
    /// All there are.
    All,
    /// So many, at least one.
    Count(u32),
    /// These, by number or name.
    Ids(Vec<String>),
}

/// A host directory or a named volume that is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// An absolute path on the host, or the name of a volume.
    pub source: String,
    /// The path inside, absolute.
    pub target: String,
    /// `rw`, `ro`, and what else the engine knows, after commas.
    pub mode: String,
}

/// A mount in the engine's newer form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerMount {
    /// The path inside, absolute.
    #[serde(rename = "Target", alias = "target")]
    pub target: String,
    /// The path on the host or the volume's name; nothing for what lies in memory.
    #[serde(rename = "Source", alias = "source", default)]
    pub source: Option<String>,
    /// What is mounted.
    #[serde(rename = "Type", alias = "type", default)]
    pub kind: MountKind,
    /// Whether nobody can write there.
    #[serde(rename = "ReadOnly", alias = "read_only", default)]
    pub read_only: bool,
    /// How mounts below it spread, for host paths.
    #[serde(alias = "Propagation", default)]
    pub propagation: Option<Propagation>,
    /// Leaves a new volume empty, in the place of what the image has there.
    #[serde(alias = "NoCopy", default)]
    pub no_copy: Option<bool>,
    /// The most that lies in memory, in bytes.
    #[serde(alias = "SizeBytes", default)]
    pub tmpfs_size: Option<i64>,
    /// The mode of what lies in memory.
    #[serde(alias = "Mode", default)]
    pub tmpfs_mode: Option<i64>,
}

/// What a mount shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MountKind {
    /// A path of the host's.
    Bind,
    /// A volume of the engine's.
    #[default]
    Volume,
    /// Memory.
    Tmpfs,
}

/// How mounts spread between a mount and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Propagation {
    /// Not at all.
    Private,
    /// Not at all, nor below it.
    RPrivate,
    /// Both ways.
    Shared,
    /// Both ways, below it as well.
    RShared,
    /// From the host inwards.
    Slave,
    /// From the host inwards, below it as well.
    RSlave,
}
