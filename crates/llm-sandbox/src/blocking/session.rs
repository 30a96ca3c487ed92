use std::{collections::BTreeMap, ffi::OsString, path::Path, sync::Arc, time::Duration};

use super::{RunControl, RunHandle, SessionBuilder, Watch, runtime::wait};
use crate::{
    Capabilities, Error, FileInfo, LanguageSpec, Limits, Run, RunInfo, RunResult, SessionInfo, Step, Transferred, core,
    policy::{Report, SecurityPolicy},
};

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

    /// Attaches to a session that another process of the same user shares at this path.
    ///
    /// # Errors
    ///
    /// As [`core::Session::attach`]; [`Error::InsideRuntime`] inside a runtime.
    pub fn attach(path: impl AsRef<Path>) -> Result<Self, Error> {
        wait(core::Session::attach(path))?.map(Self::new)
    }

    /// What the session is known by: 16 hexadecimal digits, chosen at random when it was opened.
    pub fn id(&self) -> &str {
        self.inner.id()
    }

    /// The labels that it was given.
    pub fn labels(&self) -> &BTreeMap<String, String> {
        self.inner.labels()
    }

    /// The language.
    pub fn language(&self) -> &LanguageSpec {
        self.inner.language()
    }

    /// The name of the backend.
    pub fn backend(&self) -> &str {
        self.inner.backend()
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        self.inner.limits()
    }

    /// The policy that code is judged by.
    pub fn policy(&self) -> Option<&Arc<SecurityPolicy>> {
        self.inner.policy()
    }

    /// Whether what the policy blocks is not let in.
    pub fn is_policy_enforced(&self) -> bool {
        self.inner.is_policy_enforced()
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

    /// What steers a run that goes on, by its number.
    ///
    /// # Errors
    ///
    /// As [`core::Session::run_control`].
    pub fn run_control(&self, number: u64) -> Result<RunControl, Error> {
        self.inner.run_control(number).map(RunControl::new)
    }

    /// Watches all runs that start from now on, whoever starts them.
    ///
    /// # Errors
    ///
    /// As [`core::Session::watch`]; [`Error::InsideRuntime`] inside a runtime.
    pub fn watch(&self) -> Result<Watch, Error> {
        wait(self.inner.watch())?.map(Watch::new)
    }

    /// Waits until the session is over; the error that every call gives from then on.
    ///
    /// # Errors
    ///
    /// [`Error::InsideRuntime`] inside a runtime.
    pub fn wait_closed(&self) -> Result<Error, Error> {
        wait(self.inner.wait_closed())
    }

    /// Ends the sharing at a path.
    ///
    /// # Errors
    ///
    /// As [`core::Session::unshare`].
    pub fn unshare(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.inner.unshare(path)
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
    /// Runs a program with exactly these arguments and waits for its result; no shell is involved.
    execute(argv: impl IntoIterator<Item = impl Into<OsString>>) -> RunResult;
    /// What the session's policy finds in a program text; nothing where it has none.
    check(code: impl Into<Vec<u8>>) -> Report;
    /// Lists the runs that go on, and the detached ones that have ended and whose result nobody has taken.
    runs() -> Vec<RunInfo>;
    /// Waits for the end of a detached run and takes its result.
    take(number: u64) -> RunResult;
    /// Kills a run, by its number, and waits until it is over.
    stop(number: u64) -> ();
    /// What there is to know of the session now.
    info() -> SessionInfo;
    /// Puts the end of the session's lifetime off by so much; how long it lives from now.
    extend(by: Duration) -> Duration;
    /// Lets other processes of the same user use the session, by a socket at this path.
    share(path: impl AsRef<Path>) -> ();
    /// Closes the session itself, also from a process that only attached to it.
    destroy_shared() -> ();
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
