use std::io;

use llm_sandbox_protocol::{FailureKind, FileFailure};

/// Why a file operation failed.
#[derive(Debug)]
pub(super) struct Failure {
    kind: FailureKind,
    path: Vec<u8>,
    error: Option<i32>,
    detail: String,
}

impl Failure {
    /// What the kernel said, at a path.
    pub(super) fn io(path: &[u8], error: impl Into<io::Error>) -> Self {
        let error = error.into();
        let kind = match error.raw_os_error() {
            Some(libc::ENOENT) => FailureKind::NotFound,
            Some(libc::EACCES | libc::EPERM | libc::EROFS) => FailureKind::PermissionDenied,
            Some(libc::ELOOP | libc::ENOTDIR | libc::EISDIR | libc::ENXIO | libc::EEXIST | libc::ENOTEMPTY) => {
                FailureKind::WrongKind
            }
            Some(libc::ENOSPC | libc::EDQUOT) => FailureKind::NoSpace,
            Some(libc::ENAMETOOLONG | libc::EILSEQ | libc::EINVAL) => FailureKind::BadName,
            // One descriptor for each directory on the way down.
            Some(libc::EFBIG | libc::EMFILE) => FailureKind::TooLarge,
            // A NUL byte, which never came as far as the kernel.
            None if error.kind() == io::ErrorKind::InvalidInput => FailureKind::BadName,
            _ => FailureKind::Io,
        };
        let detail = match error.raw_os_error() {
            Some(libc::ELOOP) => "a symbolic link is in the way".to_owned(),
            _ => error.to_string(),
        };
        Self { kind, path: path.to_vec(), error: error.raw_os_error(), detail }
    }

    /// What we ourselves refuse.
    pub(super) fn refused(kind: FailureKind, path: &[u8], detail: impl Into<String>) -> Self {
        Self { kind, path: path.to_vec(), error: None, detail: detail.into() }
    }

    pub(super) fn into_message(self) -> FileFailure {
        FileFailure { kind: self.kind, path: self.path, error: self.error, detail: self.detail }
    }
}
