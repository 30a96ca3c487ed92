use llm_sandbox_protocol::RunRefusals;
use serde::{Deserialize, Serialize};

use super::{Outcome, Output, TimeLimit};
use crate::{Guarantee, Session};

/// What stood in a program's way, for whoever has to decide what to do about it: a person, or the model that wrote it.
///
/// Given for runs that did not succeed. What the kernel counted is exact for the run; room on the disk and the network
/// are shared by the session's runs, so among runs that overlap each may be told of what another met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// What was refused.
    pub refusal: Refusal,
    /// By which rule.
    pub rule: String,
    /// What happened, in a sentence.
    pub message: String,
    /// What would allow it, in a sentence.
    pub remedy: String,
}

/// What a program was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Refusal {
    /// More memory.
    Memory,
    /// More room for files.
    Disk,
    /// More processes or threads.
    Processes,
    /// More time.
    WallTime,
    /// More CPU time.
    CpuTime,
    /// A larger file.
    FileSize,
    /// A system call.
    SystemCall,
    /// The network.
    Network,
}

/// The signals of a file that would grow too large, and of a system call that is not let through.
const SIGXFSZ: i32 = 25;
const SIGSYS: i32 = 31;

/// How much of the end of the error output is looked through, in bytes.
const TAIL: usize = 4096;

/// What runtimes say where no name can be looked up: there is nobody to ask, and nothing to count.
const NO_NAMES: [&str; 5] = [
    "Temporary failure in name resolution",
    "Name or service not known",
    "nodename nor servname provided",
    "getaddrinfo EAI_AGAIN",
    "getaddrinfo ENOTFOUND",
];

/// The hints for a run that ended so.
pub(super) fn hints(
    session: &Session,
    outcome: &Outcome,
    stderr: &Output,
    refusals: Option<&RunRefusals>,
) -> Vec<Hint> {
    if *outcome == (Outcome::Exited { code: 0 }) {
        return Vec::new();
    }
    let limits = session.limits();
    let mebibytes = |bytes: u64| format!("{} MiB", bytes >> 20);
    let mut hints: Vec<Hint> = of_outcome(session, outcome).into_iter().collect();
    if refusals.is_some_and(|refusals| refusals.processes) {
        hints.push(hint(
            Refusal::Processes,
            format!("process limit of {}", limits.processes),
            "The program was refused another process or thread.",
            "Use fewer at once, or raise the limit (processes, --pids).",
        ));
    }
    if refusals.is_some_and(|refusals| refusals.disk) {
        hints.push(hint(
            Refusal::Disk,
            format!("disk limit of {}", mebibytes(limits.disk_bytes)),
            "The room for files is used up.",
            "Write less, remove files, or raise the limit (disk_mib, --disk).",
        ));
    }
    let is_without_network = session.capabilities().holds(Guarantee::NetworkNone);
    if is_without_network && (refusals.is_some_and(|refusals| refusals.network) || says_no_names(stderr)) {
        hints.push(hint(
            Refusal::Network,
            "network: none".to_owned(),
            "The program tried to reach a network, and there is none but its own loopback.",
            "Do without, or hand in what it needs as files.",
        ));
    }
    hints
}

fn of_outcome(session: &Session, outcome: &Outcome) -> Option<Hint> {
    let limits = session.limits();
    Some(match outcome {
        Outcome::OutOfMemory => hint(
            Refusal::Memory,
            format!("memory limit of {} MiB", limits.memory_bytes >> 20),
            "The program used up its memory and was ended.",
            "Hold less at once, or raise the limit (memory_mib, --memory).",
        ),
        Outcome::TimedOut { limit: TimeLimit::Wall } => hint(
            Refusal::WallTime,
            "wall-clock deadline".to_owned(),
            "The program did not end before its deadline and was ended.",
            "Do less, or raise the deadline (timeout, --timeout).",
        ),
        Outcome::TimedOut { limit: TimeLimit::Cpu } => hint(
            Refusal::CpuTime,
            "limit of CPU time".to_owned(),
            "The program used up its CPU time and was ended.",
            "Compute less, or raise the limit (cpu_time, --cpu-time).",
        ),
        Outcome::Signalled { signal: SIGXFSZ } if limits.file_size_bytes.is_some() => hint(
            Refusal::FileSize,
            format!("file size limit of {} bytes", limits.file_size_bytes.unwrap_or_default()),
            "The program let a file grow beyond the largest size.",
            "Write smaller files, or raise the limit (file_size_bytes).",
        ),
        Outcome::Signalled { signal: SIGSYS } => hint(
            Refusal::SystemCall,
            "system-call filter".to_owned(),
            "The program made a system call of another architecture and was ended.",
            "Use a program built for this machine's own architecture.",
        ),
        _ => return None,
    })
}

fn hint(refusal: Refusal, rule: String, message: &str, remedy: &str) -> Hint {
    Hint { refusal, rule, message: message.to_owned(), remedy: remedy.to_owned() }
}

fn says_no_names(stderr: &Output) -> bool {
    let tail = &stderr.bytes[stderr.bytes.len().saturating_sub(TAIL)..];
    let tail = String::from_utf8_lossy(tail);
    NO_NAMES.iter().any(|words| tail.contains(words))
}
