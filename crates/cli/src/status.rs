//! What the program leaves with.

use llm_sandbox::{Error, ErrorKind, Outcome};

/// Why the program ends; each reason has its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// The code left by itself, with this status.
    Code(i32),
    /// The code did not compile.
    CompileFailed,
    /// Something about the arguments is wrong; nothing was run.
    Usage,
    /// The policy refuses the code; nothing was run.
    Refused,
    /// A time limit was reached.
    TimedOut,
    /// The memory limit was reached.
    OutOfMemory,
    /// A signal ended the code, or told this program to stop.
    Signal(i32),
    /// Nobody reads the output any more.
    OutputClosed,
    /// The sandbox failed, which says nothing about the code.
    SandboxFailed,
}

/// The signal that a program writing to nobody gets.
const SIGPIPE: i32 = 13;

/// The signal that the memory limit is enforced with.
const SIGKILL: i32 = 9;

impl ExitStatus {
    /// The status for what came of the code.
    pub(crate) fn of_outcome(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Exited { code } => Self::Code(*code),
            Outcome::Signalled { signal } => Self::Signal(*signal),
            Outcome::TimedOut { .. } => Self::TimedOut,
            Outcome::OutOfMemory => Self::OutOfMemory,
            Outcome::CompileFailed => Self::CompileFailed,
            Outcome::Killed => Self::Signal(SIGKILL),
            // Never started, or what a later version tells.
            _ => Self::SandboxFailed,
        }
    }

    /// The status for an error: whether the caller or the sandbox is to blame.
    pub(crate) fn of_error(error: &Error) -> Self {
        match error.kind() {
            // The host's files are here those that the arguments name.
            ErrorKind::InvalidInput | ErrorKind::HostFile => Self::Usage,
            ErrorKind::UnsafeCode => Self::Refused,
            _ => Self::SandboxFailed,
        }
    }

    /// The number; what no process can leave with becomes a failure of the sandbox, never a success.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Code(code) => u8::try_from(code).unwrap_or(Self::SandboxFailed.number()),
            Self::CompileFailed => 1,
            Self::Usage => 2,
            Self::TimedOut => 124,
            Self::SandboxFailed => 125,
            Self::Refused => 126,
            Self::Signal(signal @ 1..=64) => 128 + signal as u8,
            Self::Signal(_) => Self::SandboxFailed.number(),
            Self::OutOfMemory => Self::Signal(SIGKILL).number(),
            Self::OutputClosed => Self::Signal(SIGPIPE).number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_process_leaves_with_is_no_success() {
        let numbers = [0, 255, 256, -1].map(|code| ExitStatus::Code(code).number());
        assert_eq!(numbers, [0, 255, 125, 125]);
        assert_eq!([11, 64, 65, 0, -128].map(|signal| ExitStatus::Signal(signal).number()), [139, 192, 125, 125, 125]);
    }
}
