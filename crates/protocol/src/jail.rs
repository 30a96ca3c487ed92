use crate::field::{choice, message};

message! {
    /// What the native supervisor builds; sent to it as the first frame of its control stream ([`crate::Kind::Open`]).
    pub struct JailSpec {
        /// Memory that is not files, of all runs together, in bytes.
        1 memory: u64,
        /// Bytes of all writable files together; they lie in memory.
        2 disk: u64,
        /// CPU time allowed in each 100 ms, in microseconds.
        3 cpu_quota: u64,
        /// Processes and threads of one run.
        4 processes: u64,
        /// Host directories and files to show inside.
        5 mounts: Vec<JailMount>,
        /// The host name inside.
        6 hostname: String,
        /// The working directory, absolute; writable.
        7 directory: Vec<u8>,
    }
}

message! {
    /// A host directory or file shown inside.
    pub struct JailMount {
        /// The path on the host, absolute.
        1 source: Vec<u8>,
        /// The path inside, absolute.
        2 target: Vec<u8>,
        /// Whether it can be written; changes land on the host.
        3 writable: bool,
        /// Whether files keep their host owner (system directories), or belong to the run's user (the caller's mounts).
        4 mapped: bool,
    }
}

choice! {
    /// What the supervisor tells the host.
    pub enum JailReport {
        /// The agent is about to serve.
        1 Ready(JailReady),
        /// The jail could not be built; nothing is left of it.
        2 Failed(JailFailure),
        /// The sandbox ended and nothing is left of it; the words say why where it was not asked for.
        3 Gone(String),
        /// Something of the sandbox could not be removed: what, and why.
        4 Left(String),
    }
}

message! {
    /// A jail stands.
    pub struct JailReady {
        /// Each step of building it and how long it took, in nanoseconds (`u64`, little endian).
        1 steps: Vec<(Vec<u8>, Vec<u8>)>,
        /// The guarantees, and how each is held.
        2 guarantees: Vec<JailGuarantee>,
        /// Where on the host its root is; absent where it has one of its own.
        3 root: Option<Vec<u8>>,
    }
}

message! {
    /// How a jail holds one guarantee.
    pub struct JailGuarantee {
        /// Its name.
        1 name: String,
        /// How firmly: 0 not at all, 1 in a weaker form, 2 against any code.
        2 strength: u8,
        /// By what, or why not, in words.
        3 form: String,
        /// What would help where it does not hold, in words.
        4 remedy: Option<String>,
    }
}

message! {
    /// Why a jail could not be built.
    pub struct JailFailure {
        /// The step that failed.
        1 step: String,
        /// The error number where the kernel gave one.
        2 error: Option<i32>,
        /// What happened, in words.
        3 detail: String,
        /// What would help, in words.
        4 remedy: Option<String>,
    }
}
