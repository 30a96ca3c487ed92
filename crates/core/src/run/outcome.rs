use serde::{Deserialize, Serialize};

/// How a run ended. Never guessed from an exit status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// The program left with this status.
    Exited {
        /// The exit status.
        code: i32,
    },
    /// A signal that nobody here sent on purpose ended the program.
    Signalled {
        /// The signal's number.
        signal: i32,
    },
    /// A deadline passed and the whole tree was killed.
    TimedOut {
        /// Which deadline.
        limit: TimeLimit,
    },
    /// The memory limit was reached.
    OutOfMemory,
    /// The program text did not compile; the compiler's words are in the output.
    CompileFailed,
    /// The caller killed it.
    Killed,
    /// The program could not be started.
    NeverStarted {
        /// Why.
        reason: String,
    },
}

/// Which time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeLimit {
    /// Wall-clock time.
    Wall,
    /// CPU time of the whole tree.
    Cpu,
}
