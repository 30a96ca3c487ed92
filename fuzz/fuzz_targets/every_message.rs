//! Decodes bytes as each message there is. Included by the targets.

use llm_sandbox_protocol::{
    Control, Entry, EntryKind, Event, FailureKind, FileFailure, GetFiles, Hello, JailFailure, JailMount, JailReady,
    JailReport, JailSpec, ListFiles, MakeDirectory, Message, PutFiles, RemoveFile, Request, ResourceLimits, RunEnd,
    RunEnded, RunRequest, RunStarted, RunUsage, StatFile, StreamTotal, TerminalSize, TreeBounds,
};

/// What decodes has bytes of its own, no longer than those it came from, which mean the same.
fn check<M: Message + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
    let Ok(message) = M::decode(bytes) else { return };
    let mut again = Vec::new();
    message.encode(&mut again);
    assert!(again.len() <= bytes.len(), "{} bytes became {}", bytes.len(), again.len());
    assert_eq!(M::decode(&again).as_ref(), Ok(&message));
}

/// Does so with every message.
pub fn check_every_message(bytes: &[u8]) {
    macro_rules! each {
        ($($message:ty),* $(,)?) => { $(check::<$message>(bytes);)* };
    }
    each!(
        Hello,
        TreeBounds,
        PutFiles,
        GetFiles,
        ListFiles,
        StatFile,
        RemoveFile,
        MakeDirectory,
        EntryKind,
        Entry,
        FailureKind,
        FileFailure,
        TerminalSize,
        ResourceLimits,
        RunRequest,
        RunStarted,
        RunEnd,
        RunUsage,
        StreamTotal,
        RunEnded,
        Request,
        Control,
        Event,
        JailMount,
        JailSpec,
        JailReady,
        JailFailure,
        JailReport,
    );
}
