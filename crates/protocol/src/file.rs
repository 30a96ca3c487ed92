use crate::field::{choice, message};

message! {
    /// Bounds of a tree that is read or written.
    pub struct TreeBounds {
        /// All files together, in bytes.
        1 bytes: u64,
        /// Files and directories.
        2 entries: u64,
        /// Directories inside directories.
        3 depth: u32,
    }
}

message! {
    /// Writes what follows as [`crate::Control::Entry`] and content, below a directory.
    pub struct PutFiles {
        /// The directory, absolute; made with its parents when absent.
        1 directory: Vec<u8>,
        /// What is accepted.
        2 bounds: TreeBounds,
    }
}

message! {
    /// Reads a file, or a directory with all below it, as [`crate::Event::Entry`] and content.
    pub struct GetFiles {
        /// The path, absolute.
        1 path: Vec<u8>,
        /// Whether a directory is read; else it is an error.
        2 recursive: bool,
        /// What is given.
        3 bounds: TreeBounds,
    }
}

message! {
    /// Lists a directory as [`crate::Event::Entry`].
    pub struct ListFiles {
        /// The path, absolute.
        1 path: Vec<u8>,
        /// Whether directories below it are listed too.
        2 recursive: bool,
        /// What is given.
        3 bounds: TreeBounds,
    }
}

message! {
    /// Describes one path without following a last symbolic link.
    pub struct StatFile {
        /// The path, absolute.
        1 path: Vec<u8>,
    }
}

message! {
    /// Removes a file, or a directory with all below it.
    pub struct RemoveFile {
        /// The path, absolute.
        1 path: Vec<u8>,
        /// Whether a directory that is not empty is removed too.
        2 recursive: bool,
    }
}

message! {
    /// Makes a directory and its parents.
    pub struct MakeDirectory {
        /// The path, absolute.
        1 path: Vec<u8>,
    }
}

message! {
    /// One file or directory.
    pub struct Entry {
        /// The path, relative to what was asked; empty for the thing asked for itself.
        1 path: Vec<u8>,
        /// What it is.
        2 kind: EntryKind,
        /// A file's size in bytes.
        3 size: u64,
        /// Permission bits.
        4 mode: u32,
        /// Last change, in nanoseconds since 1970.
        5 modified: u64,
        /// Where a symbolic link points.
        6 target: Option<Vec<u8>>,
    }
}

choice! {
    /// What a directory entry is.
    pub enum EntryKind {
        |
        /// A regular file.
        1 File,
        /// A directory.
        2 Directory,
        /// A symbolic link.
        3 Link,
        /// A pipe, socket or device: never read or written.
        4 Other,
    }
}

message! {
    /// A file operation did not succeed.
    pub struct FileFailure {
        /// What went wrong.
        1 kind: FailureKind,
        /// The path it went wrong at.
        2 path: Vec<u8>,
        /// The error number where the kernel gave one.
        3 error: Option<i32>,
        /// More words.
        4 detail: String,
    }
}

choice! {
    /// Why a file operation did not succeed.
    pub enum FailureKind {
        |
        /// Nothing is there.
        1 NotFound,
        /// The run's user may not.
        2 PermissionDenied,
        /// It is not what the operation needs: a directory, a pipe, a link in the way.
        3 WrongKind,
        /// More bytes, entries or depth than allowed.
        4 TooLarge,
        /// The disk limit is reached.
        5 NoSpace,
        /// The name cannot be used.
        6 BadName,
        /// Anything else the kernel said.
        7 Io,
    }
}
