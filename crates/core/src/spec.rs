use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{Guarantee, Isolation, Language, form};

/// What a sandbox is to be: validated, ready for a backend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxSpec {
    /// The version of this form, [`SandboxSpec::SCHEMA`].
    pub schema: u32,
    /// What it may use.
    pub limits: Limits,
    /// Host paths the caller shares with it.
    pub mounts: Vec<Mount>,
    /// Host directories (now and then a single file) shown read-only at the same path, their owner kept.
    #[serde(with = "form::paths")]
    pub toolchains: Vec<PathBuf>,
    /// The host name inside.
    pub hostname: String,
    /// The working directory, absolute.
    #[serde(with = "form::path")]
    pub directory: PathBuf,
    /// What keeps it apart from its host.
    #[serde(default)]
    pub isolation: Isolation,
    /// What must hold against any code, or the sandbox is refused.
    #[serde(default)]
    pub required: Vec<Guarantee>,
    /// The language that is to run in it, for backends that choose an image by it; `None` where any will do.
    #[serde(default)]
    pub language: Option<Language>,
    /// What its session is known by: 16 hexadecimal digits, or nothing where there is no session.
    #[serde(default)]
    pub id: String,
    /// What its session is known by besides, as the caller says.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// When its session's lifetime ends, in seconds since 1970: not before, and later where it is extended.
    #[serde(default)]
    pub deadline: Option<u64>,
}

impl SandboxSpec {
    /// The version of the form.
    pub const SCHEMA: u32 = 1;
}

impl Default for SandboxSpec {
    fn default() -> Self {
        Self {
            schema: Self::SCHEMA,
            limits: Limits::default(),
            mounts: Vec::new(),
            toolchains: Vec::new(),
            hostname: "sandbox".to_owned(),
            directory: PathBuf::from("/sandbox"),
            isolation: Isolation::default(),
            required: Vec::new(),
            language: None,
            id: String::new(),
            labels: BTreeMap::new(),
            deadline: None,
        }
    }
}

/// What a sandbox and its runs may use. Everything here is enforced, or refused as unsupported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Memory of all runs together, files aside, in bytes.
    pub memory_bytes: u64,
    /// Processors, in whole ones and fractions.
    pub cpus: f64,
    /// Processes and threads.
    pub processes: u32,
    /// All written files together, in bytes.
    pub disk_bytes: u64,
    /// The largest single file, in bytes.
    pub file_size_bytes: Option<u64>,
    /// Open descriptors of one process.
    pub open_files: Option<u64>,
    /// The wall-clock deadline of a run. Zero is a deadline; `None` is none.
    #[serde(with = "form::seconds")]
    pub wall_time: Option<Duration>,
    /// The CPU time of a run's whole tree.
    #[serde(with = "form::seconds")]
    pub cpu_time: Option<Duration>,
    /// How much of each output stream is kept, head and tail, in bytes; `None` streams everything.
    pub output_bytes: Option<u64>,
}

impl Limits {
    /// How much of each output stream is kept unless the caller says otherwise: 8 MiB.
    pub const OUTPUT_BYTES: u64 = 8 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 << 20,
            cpus: 1.0,
            processes: 128,
            disk_bytes: 256 << 20,
            file_size_bytes: None,
            open_files: Some(1024),
            wall_time: Some(Duration::from_secs(60)),
            cpu_time: None,
            output_bytes: Some(Self::OUTPUT_BYTES),
        }
    }
}

/// A host path shown inside a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    /// The path on the host, absolute.
    #[serde(with = "form::path")]
    pub source: PathBuf,
    /// The path inside, absolute.
    #[serde(with = "form::path")]
    pub target: PathBuf,
    /// What code may do there.
    pub access: Access,
}

/// What code may do below a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Read only.
    #[default]
    ReadOnly,
    /// Read and write; what is written lands on the host.
    ReadWrite,
}
