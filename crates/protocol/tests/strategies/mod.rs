//! Values of every message, and bytes that look like one.

use llm_sandbox_protocol::{
    Control, Entry, EntryKind, Event, FailureKind, FileFailure, GetFiles, Hello, JailFailure, JailGuarantee, JailMount,
    JailReady, JailReport, JailSpec, ListFiles, MakeDirectory, Message, PutFiles, RemoveFile, Request, ResourceLimits,
    RunEnd, RunEnded, RunRefusals, RunRequest, RunStarted, RunUsage, StatFile, StreamTotal, TerminalSize, TreeBounds,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// A message that a strategy can make up.
pub(crate) trait Told: Message + std::fmt::Debug + Clone + PartialEq + 'static {
    /// All its values.
    fn told() -> BoxedStrategy<Self>;
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..24)
}

fn list() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(bytes(), 0..4)
}

fn pairs() -> impl Strategy<Value = Vec<(Vec<u8>, Vec<u8>)>> {
    vec((bytes(), bytes()), 0..4)
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..12).prop_map(|characters| characters.into_iter().collect())
}

/// A struct, each field with the strategy for it.
macro_rules! fields {
    ($name:ident { $($field:ident: $strategy:expr),* $(,)? }) => {
        impl Told for $name {
            fn told() -> BoxedStrategy<Self> {
                ($($strategy,)*).prop_map(|($($field,)*)| Self { $($field,)* }).boxed()
            }
        }
    };
}

/// One of several, each with the strategy for what it carries, or nothing.
macro_rules! variants {
    ($name:ident { $($variant:ident $(($strategy:expr))?),* $(,)? }) => {
        impl Told for $name {
            fn told() -> BoxedStrategy<Self> {
                prop_oneof![$(variants!(@one $variant $($strategy)?)),*].boxed()
            }
        }
    };
    (@one $variant:ident) => { Just(Self::$variant) };
    (@one $variant:ident $strategy:expr) => { $strategy.prop_map(Self::$variant) };
}

fields!(Hello {
    oldest: any::<u32>(),
    newest: any::<u32>(),
    build: text(),
    features: any::<u64>(),
    window: any::<u32>(),
    token: bytes(),
});
fields!(TreeBounds { bytes: any::<u64>(), entries: any::<u64>(), depth: any::<u32>() });
fields!(PutFiles { directory: bytes(), bounds: TreeBounds::told() });
fields!(GetFiles { path: bytes(), recursive: any::<bool>(), bounds: TreeBounds::told() });
fields!(ListFiles { path: bytes(), recursive: any::<bool>(), bounds: TreeBounds::told() });
fields!(StatFile { path: bytes() });
fields!(RemoveFile { path: bytes(), recursive: any::<bool>() });
fields!(MakeDirectory { path: bytes() });
variants!(EntryKind { File, Directory, Link, Other });
fields!(Entry {
    path: bytes(),
    kind: EntryKind::told(),
    size: any::<u64>(),
    mode: any::<u32>(),
    modified: any::<u64>(),
    target: of(bytes()),
});
variants!(FailureKind { NotFound, PermissionDenied, WrongKind, TooLarge, NoSpace, BadName, Io });
fields!(FileFailure { kind: FailureKind::told(), path: bytes(), error: of(any::<i32>()), detail: text() });
fields!(TerminalSize { rows: any::<u16>(), columns: any::<u16>() });
fields!(ResourceLimits { file_size: of(any::<u64>()), open_files: of(any::<u64>()) });
fields!(RunRequest {
    argv: list(),
    environment: pairs(),
    directory: bytes(),
    stdin: any::<bool>(),
    terminal: of(TerminalSize::told()),
    wall_limit: of(any::<u64>()),
    cpu_limit: of(any::<u64>()),
    stdout_cap: of(any::<u64>()),
    stderr_cap: of(any::<u64>()),
    source: of(bytes()),
    resources: ResourceLimits::told(),
});
fields!(RunStarted { prepare_time: any::<u64>() });
variants!(RunEnd {
    Exited(any::<i32>()),
    Signalled(any::<i32>()),
    NeverStarted(any::<i32>()),
    WallTimeExceeded,
    CpuTimeExceeded,
    OutOfMemory,
    Killed,
});
fields!(RunUsage {
    user_time: of(any::<u64>()),
    system_time: of(any::<u64>()),
    peak_memory: of(any::<u64>()),
    peak_processes: of(any::<u64>()),
});
fields!(StreamTotal { written: any::<u64>(), omitted: any::<u64>() });
fields!(RunEnded {
    end: RunEnd::told(),
    usage: RunUsage::told(),
    stdout: StreamTotal::told(),
    stderr: StreamTotal::told(),
    prepare_time: any::<u64>(),
    run_time: any::<u64>(),
    detail: of(text()),
    refusals: of(RunRefusals::told()),
});
fields!(RunRefusals { processes: any::<bool>(), disk: any::<bool>(), network: any::<bool>() });
variants!(Request {
    Run(RunRequest::told()),
    Put(PutFiles::told()),
    Get(GetFiles::told()),
    List(ListFiles::told()),
    Stat(StatFile::told()),
    Remove(RemoveFile::told()),
    MakeDirectory(MakeDirectory::told()),
    RunDetached(RunRequest::told()),
});
variants!(Control { Signal(any::<i32>()), Resize(TerminalSize::told()), Entry(Entry::told()), Kill, Finish, Taken });
variants!(Event {
    RunStarted(RunStarted::told()),
    RunEnded(RunEnded::told()),
    Entry(Entry::told()),
    Failed(FileFailure::told()),
    RunNumbered(any::<u64>()),
    Done,
});
fields!(JailMount { source: bytes(), target: bytes(), writable: any::<bool>(), mapped: any::<bool>() });
fields!(JailSpec {
    memory: any::<u64>(),
    disk: any::<u64>(),
    cpu_quota: any::<u64>(),
    processes: any::<u64>(),
    mounts: vec(JailMount::told(), 0..4),
    hostname: text(),
    directory: bytes(),
});
fields!(JailGuarantee { name: text(), strength: any::<u8>(), form: text(), remedy: of(text()) });
fields!(JailReady { steps: pairs(), guarantees: vec(JailGuarantee::told(), 0..4), root: of(bytes()) });
fields!(JailFailure { step: text(), error: of(any::<i32>()), detail: text(), remedy: of(text()) });
variants!(JailReport { Ready(JailReady::told()), Failed(JailFailure::told()), Gone(text()) });

/// Calls a macro with every message there is.
macro_rules! every_message {
    ($macro:ident) => {
        $macro! {
            hello: Hello, tree_bounds: TreeBounds, put_files: PutFiles, get_files: GetFiles, list_files: ListFiles,
            stat_file: StatFile, remove_file: RemoveFile, make_directory: MakeDirectory, entry_kind: EntryKind,
            entry: Entry, failure_kind: FailureKind, file_failure: FileFailure, terminal_size: TerminalSize,
            resource_limits: ResourceLimits, run_request: RunRequest, run_started: RunStarted, run_end: RunEnd,
            run_usage: RunUsage, stream_total: StreamTotal, run_ended: RunEnded, run_refusals: RunRefusals, request: Request, control: Control,
            event: Event, jail_mount: JailMount, jail_spec: JailSpec, jail_guarantee: JailGuarantee, jail_ready: JailReady,
            jail_failure: JailFailure, jail_report: JailReport,
        }
    };
}
pub(crate) use every_message;

/// The bytes of a message.
pub(crate) fn encoded(message: &impl Message) -> Vec<u8> {
    let mut bytes = Vec::new();
    message.encode(&mut bytes);
    bytes
}

/// Bytes of a message with some of them changed, cut out or doubled: they get deeper into a decoder than noise does.
pub(crate) fn damaged<M: Told>() -> impl Strategy<Value = Vec<u8>> {
    let damage = vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..4);
    (M::told(), damage).prop_map(|(message, damage)| {
        let mut bytes = encoded(&message);
        for (at, to, value, how) in damage {
            if bytes.is_empty() {
                break;
            }
            let (at, to) = (at.index(bytes.len()), to.index(bytes.len()));
            let range = at.min(to)..at.max(to);
            match how {
                0 => bytes[at] = value,
                1 => bytes[at] ^= 1 << (value % 8),
                2 => drop(bytes.drain(range)),
                _ => {
                    let part = bytes[range].to_vec();
                    bytes.splice(to..to, part);
                }
            }
        }
        bytes
    })
}
