use std::{error::Error as StdError, io, path::PathBuf, time::Duration};

use llm_sandbox_policy::{GaveUp, Violation};

use crate::{Expiry, FileProblem, PullProblem};

/// Where a failure came from, kept for whoever walks the chain.
pub type Source = Box<dyn StdError + Send + Sync>;

/// What went wrong with a sandbox, as opposed to the code that runs in it: code that fails is a
/// [`RunResult`](crate::RunResult).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value the caller gave cannot be used.
    #[error("{what}: {reason}")]
    InvalidInput {
        /// Which value.
        what: String,
        /// Why it cannot be used.
        reason: String,
        /// What would do.
        remedy: Option<String>,
    },
    /// The backend or this host cannot do what was asked.
    #[error("{operation} is not supported: {reason}")]
    Unsupported {
        /// What was asked.
        operation: String,
        /// Why it cannot be had here.
        reason: String,
        /// How it could be had.
        remedy: Option<String>,
    },
    /// A backend could not create or destroy a sandbox.
    #[error("{backend}: {step} failed: {message}")]
    Backend {
        /// The backend's name.
        backend: &'static str,
        /// The step that failed.
        step: String,
        /// What happened.
        message: String,
        /// What would help.
        remedy: Option<String>,
        /// What caused it.
        #[source]
        source: Option<Source>,
    },
    /// This process or this host has no more of something that every sandbox takes.
    #[error("no room for another sandbox: {reason}")]
    Exhausted {
        /// The limit that was reached, such as `RLIMIT_NOFILE`.
        limit: &'static str,
        /// What there is no more of.
        reason: String,
        /// How to have more.
        remedy: String,
    },
    /// The language's interpreter is not there, or cannot be used.
    #[error("no usable {language} interpreter: {reason}")]
    InterpreterMissing {
        /// The language.
        language: String,
        /// What was looked for and what was found.
        reason: String,
        /// How to get one.
        remedy: String,
    },
    /// No such image is here, and its registry has none, or shows none to this caller.
    #[error("image {image} is not found: {reason}")]
    ImageNotFound {
        /// The image's name.
        image: String,
        /// What was said of it.
        reason: String,
        /// What would help.
        remedy: Option<String>,
    },
    /// An image could not be brought here, which says nothing about whether its registry has it.
    #[error("image {image} could not be pulled: {problem}{}", detail_of(detail))]
    ImagePullFailed {
        /// The image's name.
        image: String,
        /// What was wrong.
        problem: PullProblem,
        /// More words.
        detail: String,
        /// What would help.
        remedy: Option<String>,
    },
    /// An image could not be built of its file.
    #[error("no image could be built of {file}{}: {reason}{}", step_of(step), lines_of(output), file = file.display())]
    ImageBuildFailed {
        /// The file that says how it is built.
        file: PathBuf,
        /// The step that failed, where it came to one.
        step: Option<String>,
        /// What happened.
        reason: String,
        /// The last lines that the build printed.
        output: Vec<String>,
        /// What would help.
        remedy: Option<String>,
    },
    /// The sandbox ended by itself while it was needed.
    #[error("the sandbox died: {}", words.as_deref().unwrap_or("it did not say why"))]
    SandboxDied {
        /// What it left behind about the reason.
        words: Option<String>,
    },
    /// The agent broke the protocol; its sandbox was destroyed.
    #[error("the agent misbehaved: {reason}")]
    AgentMisbehaved {
        /// What it did.
        reason: String,
    },
    /// The agent gave up on one operation; the sandbox lives on.
    #[error("the agent gave up on {operation}")]
    Aborted {
        /// Which operation.
        operation: String,
    },
    /// The session was closed.
    #[error("the session is closed")]
    Closed,
    /// The session has ended by itself, as it was told to when it was opened.
    #[error("the session has expired: {limit} of {after:?} is over")]
    Expired {
        /// Which of its times ran out.
        limit: Expiry,
        /// How long that was.
        after: Duration,
    },
    /// The run is over, or its standard input was closed or never opened.
    #[error("the run takes no more standard input")]
    StdinClosed,
    /// The session's policy is [enforced](crate::SessionBuilder::enforce) and against the code. Nothing was run.
    #[error("the policy refuses {}{}", code_of(file), violations_of(violations, gave_up))]
    UnsafeCode {
        /// The file that the code is in, where it is not the program text itself.
        file: Option<PathBuf>,
        /// All that was found in it, what does not block included.
        violations: Vec<Violation>,
        /// Why not all of it was looked at, if it was not.
        gave_up: Option<GaveUp>,
    },
    /// A file operation inside the sandbox did not succeed.
    #[error("{operation} {path}: {problem}{}", detail_of(detail), path = path.display())]
    File {
        /// What was tried.
        operation: &'static str,
        /// Where, inside the sandbox.
        path: PathBuf,
        /// What was wrong.
        problem: FileProblem,
        /// More words.
        detail: String,
    },
    /// A file on the host could not be read or written.
    #[error("{operation} {path} on the host", path = path.display())]
    HostFile {
        /// What was tried.
        operation: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The blocking interface was called inside an asynchronous runtime.
    #[error("the blocking interface was called inside an asynchronous runtime")]
    InsideRuntime,
}

fn detail_of(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(" ({detail})") }
}

fn step_of(step: &Option<String>) -> String {
    step.as_ref().map_or_else(String::new, |step| format!(", step {step}"))
}

fn lines_of(output: &[String]) -> String {
    output.iter().map(|line| format!("\n  {line}")).collect()
}

fn code_of(file: &Option<PathBuf>) -> String {
    file.as_ref().map_or_else(|| "the code".to_owned(), |file| file.display().to_string())
}

fn violations_of(violations: &[Violation], gave_up: &Option<GaveUp>) -> String {
    let unseen = gave_up.iter().map(|why| format!("not all of it was looked at: {why}"));
    let lines = violations.iter().map(ToString::to_string).chain(unseen);
    lines.map(|line| format!("\n  {line}")).collect()
}

macro_rules! error_kinds {
    ($($kind:ident $name:literal,)*) => {
        /// What kind of failure an [`Error`] is; stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $(#[doc = concat!("[`Error::", stringify!($kind), "`].")] $kind,)*
        }

        impl ErrorKind {
            /// Every kind there is, so that what maps them can be held against it.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// A name for logs and other languages.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

error_kinds! {
    InvalidInput "invalid-input",
    Unsupported "unsupported",
    Backend "backend",
    Exhausted "exhausted",
    InterpreterMissing "interpreter-missing",
    ImageNotFound "image-not-found",
    ImagePullFailed "image-pull-failed",
    ImageBuildFailed "image-build-failed",
    SandboxDied "sandbox-died",
    AgentMisbehaved "agent-misbehaved",
    Aborted "aborted",
    Closed "closed",
    Expired "expired",
    StdinClosed "stdin-closed",
    UnsafeCode "unsafe-code",
    File "file",
    HostFile "host-file",
    InsideRuntime "inside-runtime",
}

impl Error {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidInput { .. } => ErrorKind::InvalidInput,
            Self::Unsupported { .. } => ErrorKind::Unsupported,
            Self::Backend { .. } => ErrorKind::Backend,
            Self::Exhausted { .. } => ErrorKind::Exhausted,
            Self::InterpreterMissing { .. } => ErrorKind::InterpreterMissing,
            Self::ImageNotFound { .. } => ErrorKind::ImageNotFound,
            Self::ImagePullFailed { .. } => ErrorKind::ImagePullFailed,
            Self::ImageBuildFailed { .. } => ErrorKind::ImageBuildFailed,
            Self::SandboxDied { .. } => ErrorKind::SandboxDied,
            Self::AgentMisbehaved { .. } => ErrorKind::AgentMisbehaved,
            Self::Aborted { .. } => ErrorKind::Aborted,
            Self::Closed => ErrorKind::Closed,
            Self::Expired { .. } => ErrorKind::Expired,
            Self::StdinClosed => ErrorKind::StdinClosed,
            Self::UnsafeCode { .. } => ErrorKind::UnsafeCode,
            Self::File { .. } => ErrorKind::File,
            Self::HostFile { .. } => ErrorKind::HostFile,
            Self::InsideRuntime => ErrorKind::InsideRuntime,
        }
    }

    /// What would help, apart from the message.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::InvalidInput { remedy, .. }
            | Self::Unsupported { remedy, .. }
            | Self::Backend { remedy, .. }
            | Self::ImageNotFound { remedy, .. }
            | Self::ImagePullFailed { remedy, .. }
            | Self::ImageBuildFailed { remedy, .. } => remedy.as_deref(),
            Self::InterpreterMissing { remedy, .. } | Self::Exhausted { remedy, .. } => Some(remedy),
            Self::Closed | Self::SandboxDied { .. } | Self::AgentMisbehaved { .. } => Some("open a new session"),
            Self::Expired { limit: Expiry::Idle, .. } => Some("open a new session, with a longer idle timeout"),
            Self::Expired { limit: Expiry::Lifetime, .. } => {
                Some("open a new session, with a longer lifetime, or extend() it in time")
            }
            Self::InsideRuntime => Some("await the asynchronous Session there instead"),
            Self::StdinClosed => Some("give the run stdin_stream() before it starts"),
            Self::UnsafeCode { .. } => {
                Some("write it without what was found, or open the session without enforcing the policy")
            }
            Self::Aborted { .. } | Self::File { .. } | Self::HostFile { .. } => None,
        }
    }

    /// An [`Error::InvalidInput`] without a remedy; add one by [`Error::with_remedy`].
    pub fn invalid(what: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::InvalidInput { what: what.into(), reason: reason.into(), remedy: None }
    }

    /// An [`Error::Backend`] without remedy and source.
    pub fn backend(backend: &'static str, step: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Backend { backend, step: step.into(), message: message.into(), remedy: None, source: None }
    }

    /// The same error with a remedy, where its kind has room for one.
    #[must_use]
    pub fn with_remedy(mut self, text: impl Into<String>) -> Self {
        if let Self::InvalidInput { remedy, .. }
        | Self::Unsupported { remedy, .. }
        | Self::Backend { remedy, .. }
        | Self::ImageNotFound { remedy, .. }
        | Self::ImagePullFailed { remedy, .. }
        | Self::ImageBuildFailed { remedy, .. } = &mut self
        {
            *remedy = Some(text.into());
        }
        self
    }
}
