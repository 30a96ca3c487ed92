use std::{ffi::OsString, path::Path, sync::Arc, time::Duration};

use super::{Session, runtime::wait};
use crate::{Access, Backend, Error, Guarantee, Isolation, LanguageSpec, Limits, SecurityPolicy, core, session};

/// Describes a [`Session`] to be opened.
#[derive(Debug, Clone)]
pub struct SessionBuilder {
    inner: core::SessionBuilder,
}

macro_rules! forward {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, $($argument: $kind),*) -> Self {
            self.inner = self.inner.$name($($argument),*);
            self
        }
    )*};
}

impl SessionBuilder {
    pub(super) fn new(language: impl Into<Arc<LanguageSpec>>) -> Self {
        Self { inner: session::builder(language) }
    }

    pub(super) fn into_inner(self) -> core::SessionBuilder {
        self.inner
    }

    forward! {
        /// Opens on this backend.
        backend(backend: Arc<dyn Backend>);
        /// Takes all limits at once.
        limits(limits: Limits);
        /// Limits the memory of all runs together, in mebibytes.
        memory_mib(mebibytes: u64);
        /// Limits the memory of all runs together, in bytes.
        memory_bytes(bytes: u64);
        /// Limits the processors, in whole ones and fractions.
        cpus(cpus: f64);
        /// Limits processes and threads.
        processes(processes: u32);
        /// Limits all written files together, in mebibytes.
        disk_mib(mebibytes: u64);
        /// Limits all written files together, in bytes.
        disk_bytes(bytes: u64);
        /// Limits the largest single file, in bytes.
        file_size_bytes(bytes: u64);
        /// Limits the open descriptors of one process.
        open_files(files: u64);
        /// Kills a run's whole tree so long after its start. Zero is a deadline.
        timeout(deadline: Duration);
        /// The same in seconds; negative and endless ones are refused when the session opens.
        timeout_seconds(seconds: f64);
        /// Lets runs take as long as they like.
        no_timeout();
        /// Kills a run's whole tree once it has used so much CPU time.
        cpu_time(limit: Duration);
        /// Keeps so many bytes of each output stream, head and tail.
        output_limit(bytes: u64);
        /// Streams all output of runs as events. Results still keep only head and tail.
        unlimited_output();
        /// Sets an environment variable of every run.
        env(name: impl Into<OsString>, value: impl Into<OsString>);
        /// Works in another directory than `/sandbox`.
        directory(path: impl AsRef<Path>);
        /// Shows a host file or directory inside.
        mount(source: impl AsRef<Path>, target: impl AsRef<Path>, access: Access);
        /// Keeps the code apart from the host by less than all that the backend has; see [`Isolation`].
        isolation(isolation: Isolation);
        /// Refuses to open where one of these does not hold against any code.
        require(guarantees: impl IntoIterator<Item = Guarantee>);
        /// Takes these in a weaker form, too, although a limit was named that they enforce.
        accept_weaker(guarantees: impl IntoIterator<Item = Guarantee>);
        /// Has code judged by this policy; see [`core::SessionBuilder::policy`].
        policy(policy: impl Into<Arc<SecurityPolicy>>);
        /// Lets nothing in that the policy blocks; see [`core::SessionBuilder::enforce`].
        enforce();
        /// Labels the session, for whoever lists sessions.
        label(name: impl Into<String>, value: impl Into<String>);
        /// Destroys the sandbox once nothing was done in it for so long.
        idle_timeout(idle: Duration);
        /// Destroys the sandbox so long after it was opened, with all runs that go on then.
        lifetime(lifetime: Duration);
        /// Runs code by this interpreter of the host, or of the image where the backend uses images.
        interpreter(path: impl AsRef<Path>);
    }

    /// Checks everything, creates the sandbox and greets its agent.
    ///
    /// # Errors
    ///
    /// As [`core::SessionBuilder::open`]; [`Error::InsideRuntime`] inside a runtime.
    pub fn open(self) -> Result<Session, Error> {
        wait(self.inner.open())?.map(Session::new)
    }
}
