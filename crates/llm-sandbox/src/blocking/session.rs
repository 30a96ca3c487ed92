use std::path::Path;
use std::sync::Arc;

use super::{RunHandle, SessionBuilder, runtime::wait};
use crate::{Capabilities, Error, FileInfo, LanguageSpec, Limits, Run, RunResult, Step, Transferred, core};

/// An open sandbox with a language. Clones share it, also between threads; runs may overlap.
///
/// Dropping the last clone destroys the sandbox in the background; [`Session::close`] does so at once and says how
/// it went.
#[derive(Debug, Clone)]
pub struct Session {
    inner: core::Session,
}

impl Session {
    pub(super) fn new(inner: core::Session) -> Self {
        Self { inner }
    }

    /// Starts to describe a session on the default backend.
    pub fn builder(language: impl Into<Arc<LanguageSpec>>) -> SessionBuilder {
        SessionBuilder::new(language)
    }

    /// The language.
    pub fn language(&self) -> &LanguageSpec {
        self.inner.language()
    }

    /// The name of the backend.
    pub fn backend(&self) -> &'static str {
        self.inner.backend()
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        self.inner.limits()
    }

    /// What the sandbox promises, and how firmly.
    pub fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    /// What opening took, step by step.
    pub fn opening(&self) -> &[Step] {
        self.inner.opening()
    }

    /// Whether nothing can be run any more.
    pub fn is_over(&self) -> bool {
        self.inner.is_over()
    }

    /// Starts a run to be followed live.
    ///
    /// # Errors
    ///
    /// As [`core::Session::start`]; [`Error::InsideRuntime`] inside a runtime, as for every method here that waits.
    pub fn start(&self, run: impl Into<Run>) -> Result<RunHandle, Error> {
        wait(self.inner.start(run))?.map(RunHandle::new)
    }
}

macro_rules! forward {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        impl Session {$(
            $(#[$doc])*
            ///
            /// # Errors
            ///
            #[doc = concat!("As [`core::Session::", stringify!($name), "`]; [`Error::InsideRuntime`] inside a runtime.")]
            pub fn $name(&self, $($argument: $kind),*) -> Result<$result, Error> {
                wait(self.inner.$name($($argument),*))?
            }
        )*}
    };
}

forward! {
    /// Runs a program text, or a [`Run`], and waits for its result.
    run(run: impl Into<Run>) -> RunResult;
    /// Writes a file; it and its parents are made where they are absent. Relative paths stand below `/sandbox`.
    write(path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) -> ();
    /// Reads a file of at most 256 MiB.
    read(path: impl AsRef<Path>) -> Vec<u8>;
    /// Reads a file of at most so many bytes.
    read_limited(path: impl AsRef<Path>, most: u64) -> Vec<u8>;
    /// Lists a directory, sorted by name.
    list(path: impl AsRef<Path>) -> Vec<FileInfo>;
    /// Lists a directory and all below it, sorted by path.
    list_tree(path: impl AsRef<Path>) -> Vec<FileInfo>;
    /// Describes a path without following a last symbolic link.
    stat(path: impl AsRef<Path>) -> FileInfo;
    /// Removes a file or an empty directory.
    remove(path: impl AsRef<Path>) -> ();
    /// Removes a file, or a directory with all below it.
    remove_tree(path: impl AsRef<Path>) -> ();
    /// Makes a directory and its parents.
    make_directory(path: impl AsRef<Path>) -> ();
    /// Copies a host file, or a directory with all below it, to this path inside.
    upload(host: impl AsRef<Path>, inside: impl AsRef<Path>) -> Transferred;
    /// Copies a file, or a directory with all below it, from inside to this host path.
    download(inside: impl AsRef<Path>, host: impl AsRef<Path>) -> Transferred;
    /// Keeps what the sandbox's files are now as an image of this name, `NAME:TAG`; its id.
    commit(name: &str) -> String;
    /// Destroys the sandbox and all runs in it; when it returns nothing is left.
    close() -> ();
}
