use std::fmt;

/// What was wrong with a file operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileProblem {
    /// Nothing is there.
    NotFound,
    /// The code's user may not.
    PermissionDenied,
    /// It is not what the operation needs: a directory, a pipe, a link in the way.
    WrongKind,
    /// More bytes, entries or depth than allowed.
    TooLarge,
    /// The disk limit is reached.
    NoSpace,
    /// The name cannot be used.
    BadName,
    /// Anything else.
    Io,
}

impl FileProblem {
    /// A name for logs and other languages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::PermissionDenied => "permission-denied",
            Self::WrongKind => "wrong-kind",
            Self::TooLarge => "too-large",
            Self::NoSpace => "no-space",
            Self::BadName => "bad-name",
            Self::Io => "io",
        }
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotFound => "nothing is there",
            Self::PermissionDenied => "permission denied",
            Self::WrongKind => "the wrong kind of file",
            Self::TooLarge => "more than is allowed",
            Self::NoSpace => "the disk limit is reached",
            Self::BadName => "the name cannot be used",
            Self::Io => "input/output error",
        })
    }
}

/// What was wrong with bringing an image here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PullProblem {
    /// The registry does not answer, or not as one.
    Unreachable,
    /// The registry wants credentials and was given none, or refused those that it was given.
    CredentialsRefused,
    /// There is no room for it.
    NoSpace,
    /// It began and came to no end.
    Interrupted,
    /// The registry takes no more requests for now.
    TooManyRequests,
    /// Anything else.
    Other,
}

impl fmt::Display for PullProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unreachable => "its registry cannot be reached",
            Self::CredentialsRefused => "its registry refuses the credentials, or wants some",
            Self::NoSpace => "there is no room for it",
            Self::Interrupted => "it was interrupted",
            Self::TooManyRequests => "its registry takes no more requests for now",
            Self::Other => "the engine gave up",
        })
    }
}
